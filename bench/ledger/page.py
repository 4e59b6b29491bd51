"""The page `docs/COST.md`: made of counts and prices, and of words that stay."""

from __future__ import annotations

from pathlib import Path

from . import REPO, outlook, sections
from .bills import Ledger
from .durations import ASSUMED
from .tables import table

PAGE = REPO / "docs" / "COST.md"
WORDS = Path(__file__).parent / "words.md"


def page(ledger: Ledger) -> str:
    """The whole page."""
    text = WORDS.read_text(encoding="utf-8")
    for name, part in parts(ledger).items():
        mark = f"{{{{{name}}}}}"
        if mark not in text:
            raise ValueError(f"{WORDS.name} has no {mark}")
        text = text.replace(mark, part)
    if "{{" in text:
        raise ValueError(f"{WORDS.name} asks for {text.split('{{', 1)[1].split('}}', 1)[0]}, which nothing makes")
    return text


def parts(ledger: Ledger) -> dict[str, str]:
    """What stands in the places of the words."""
    counts, prices = ledger.counts, ledger.prices
    latency = ", ".join(f"{name} {value}" for name, value in ASSUMED["latency_ms"].items())
    return {
        "date": counts.date,
        "command": counts.command,
        "region": prices.region,
        "collected": prices.collected,
        "short": sections.short(ledger),
        "positions": sections.positions(ledger),
        "model": sections.model(ledger),
        "growth": outlook.growth(ledger),
        "flat": outlook.FLAT_MEANS,
        "monthly": outlook.monthly(ledger),
        "before": outlook.before(ledger),
        "metrics": outlook.metrics(ledger),
        "stated": outlook.stated(ledger),
        "limits": outlook.limits(ledger),
        "saved": outlook.saved(ledger),
        "left": outlook.left(ledger),
        "sensitivity": sections.sensitivity(ledger),
        "times": sections.times(ledger),
        "latency": latency,
        "prices": listed(ledger),
    }


def listed(ledger: Ledger) -> str:
    """The prices."""
    return table(
        ("unit", "dollars", "for", "read"),
        (
            (f"`{name}`: {price.unit}", f"{price.dollars:g}", f"{price.per:,.0f}",
             f"[{'page' if price.basis == 'page' else 'from memory'}]({price.source})")
            for name, price in ledger.prices.by_name.items()
        ),
    )  # fmt: skip
