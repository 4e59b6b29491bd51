"""What was counted of the loads."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import COUNTS


@dataclass(frozen=True)
class Load:
    """What one load had, and what it billed: a number for each unit and what it was of."""

    name: str
    has: dict[str, float]
    billed: dict[str, dict[str, float]]
    processor_seconds: list[dict[str, float]] = field(default_factory=list)

    def of(self, unit: str, *names: str) -> float:
        """So much of a unit: of these names, or of all."""
        by_name = self.billed.get(unit, {})
        return sum(by_name.get(name, 0.0) for name in names) if names else sum(by_name.values())

    def scaled(self, name: str, factor: float) -> Load:
        """The same load so many times."""
        has = {one: count * factor for one, count in self.has.items()}
        billed = {unit: {of: count * factor for of, count in by.items()} for unit, by in self.billed.items()}
        return Load(name, has, billed)

    def less(self, other: Load, name: str) -> Load:
        """What this has more than another: of two sizes of one kind, what the difference costs."""
        has = {one: count - other.has.get(one, 0.0) for one, count in self.has.items()}
        billed = {
            unit: {of: self.of(unit, of) - other.of(unit, of) for of in {*by, *other.billed.get(unit, {})}}
            for unit, by in self.billed.items()
        }
        return Load(name, has, billed)


@dataclass(frozen=True)
class Counts:
    """One run's loads by their names, and what each kind of deployment has."""

    date: str
    command: str
    loads: dict[str, Load]
    stack: dict[str, Any]

    @classmethod
    def read(cls, path: Path = COUNTS) -> Counts:
        """The counts that `play` wrote."""
        told = json.loads(path.read_text(encoding="utf-8"))
        loads = {one["name"]: Load(**one) for one in told["loads"]}
        return cls(told["date"], told["command"], loads, told["stack"])
