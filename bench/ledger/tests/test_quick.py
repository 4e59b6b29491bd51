"""What a quick run plays is all that the report and the page ask for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ledger import sections
from ledger.bills import Ledger
from ledger.counts import Counts, Load
from ledger.page import page
from ledger.play import loads
from ledger.play import run as playing
from ledger.prices import Prices
from ledger.report import report


class Simulated:
    """A cloud that only makes bookings: a request of two reservations."""

    endpoint = "http://nowhere"

    def simulator(self, *_: str) -> str:
        rows = [{"_tlpairways": {"booking": {"pnr": pnr}}} for pnr in ("AAAAAA", "BBBBBB")]
        return json.dumps({"headers": {}, "body": json.dumps({"events": rows})})


class Untimed:
    """No processes are there whose time could be read."""

    def __init__(self, _: str) -> None:
        pass

    def taken(self) -> tuple[dict[str, float], int]:
        return {}, 0


class Committed(playing.Run):
    """A run whose loads billed what the committed ones of the same names did."""

    known = Counts.read()

    def count(self, load: loads.Load) -> dict[str, Any]:
        return {"name": load.name, "has": load.has, "billed": self.known.loads[load.name].billed}


@pytest.mark.parametrize("quick", [True, False])
def test_the_report_and_the_page_are_of_loads_that_are_played(quick: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(playing, "Meter", Untimed)
    run = Committed(Simulated(), quick)  # type: ignore[arg-type]
    run.all()
    played = {entry["name"]: Load(**entry) for entry in run.entries}
    ledger = Ledger(Counts("2026-12-01", "by hand", played, Committed.known.stack), Prices.read())
    assert "A cancellation of a flight of 180" in sections.positions(ledger)
    assert "a delay of a flight of 180" in sections.short(ledger)
    assert page(ledger)
    assert report(ledger)["loads"].keys() == played.keys()
