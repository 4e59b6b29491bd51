"""The project's one list of prices, `bench/prices.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from . import BENCH


@dataclass(frozen=True)
class Price:
    """Dollars for so many units, and where that was read."""

    dollars: float
    per: float
    unit: str
    basis: str
    source: str

    def of(self, count: float) -> float:
        """Dollars for so many."""
        return self.dollars * count / self.per


@dataclass(frozen=True)
class Prices:
    """All prices of one region, as they were in one month."""

    region: str
    collected: str
    by_name: dict[str, Price]

    @classmethod
    def read(cls, path: Path = BENCH / "prices.json") -> Prices:
        """The list."""
        listed = json.loads(path.read_text(encoding="utf-8"))
        prices = {name: Price(**price) for name, price in listed["prices"].items()}
        return cls(listed["region"], listed["collected"], prices)

    def dollars(self, name: str, count: float) -> float:
        """Dollars for so many units of a name; a KeyError names one that is not listed."""
        return self.by_name[name].of(count)
