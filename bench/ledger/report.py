"""The ledger as JSON."""

from __future__ import annotations

from typing import Any

from .bills import Ledger


def report(ledger: Ledger) -> dict[str, Any]:
    """Every load's bill, by position, and what one of each thing costs that it has."""
    loads = {}
    for name in ledger.counts.loads:
        one = ledger[name]
        loads[name] = {
            "dollars": one.total,
            "each": {unit: one.total / count for unit, count in one.load.has.items() if count},
            "positions": [
                {"name": position.name, "count": position.count, "dollars": position.dollars}
                for position in one.positions
            ],
        }
    return {
        "counted": ledger.counts.date, "region": ledger.prices.region, "prices": ledger.prices.collected,
        "loads": loads,
    }  # fmt: skip
