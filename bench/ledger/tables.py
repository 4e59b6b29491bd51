"""Tables and figures as Markdown has them."""

from __future__ import annotations

from collections.abc import Iterable


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table; all but its first column are numbers or short."""
    named = list(head)
    lines = ["| " + " | ".join(named) + " |", "|---" * len(named) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def dollars(amount: float) -> str:
    """An amount with about three figures that say something."""
    if amount == 0:
        return "$0"
    size = abs(amount)
    places = 0 if size >= 1_000 else 2 if size >= 0.1 else 4 if size >= 0.01 else 6 if size >= 0.0001 else 8
    return f"${amount:,.{places}f}"


def number(value: float) -> str:
    """A number with as many places as it needs."""
    size = abs(value)
    if value == int(value) and size < 1e15:
        return f"{int(value):,}"
    return f"{value:,.0f}" if size >= 1_000 else f"{value:.1f}" if size >= 10 else f"{value:.3g}"


def share(part: float, whole: float) -> str:
    """A part as percent of a whole."""
    return f"{100 * part / whole:.0f} %" if whole else "-"
