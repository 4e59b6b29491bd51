"""Reads `pins.env`, the one place with versions and ports."""

from __future__ import annotations

from functools import cache
from pathlib import Path

PINS_FILE = Path(__file__).resolve().parent.parent / "pins.env"


@cache
def pins() -> dict[str, str]:
    """All pins by name. bash sources the same file, so a line is `KEY=value` and nothing cleverer."""
    values: dict[str, str] = {}
    for line in PINS_FILE.read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, separator, value = line.partition("=")
        if not separator or not name.isidentifier():
            raise ValueError(f"{PINS_FILE}: not a KEY=value line: {line!r}")
        values[name] = value
    return values


def pin(name: str) -> str:
    """One pin; a missing one is a defect of the repository, not of the user."""
    return pins()[name]


def version_tuple(text: str) -> tuple[int, ...]:
    """`1.94.1` → (1, 94, 1), so that versions compare as numbers; anything after the digits is dropped."""
    numbers: list[int] = []
    for part in text.strip().lstrip("v").split("."):
        digits = "".join(ch for ch in part if ch.isdigit())
        if not digits:
            break
        numbers.append(int(digits))
        if digits != part:
            break
    return tuple(numbers)
