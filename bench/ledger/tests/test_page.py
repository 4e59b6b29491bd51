"""The committed page is what the committed counts and prices give."""

from __future__ import annotations

import json

from ledger.bill import quantities
from ledger.bills import Ledger
from ledger.counts import Counts
from ledger.page import PAGE, page
from ledger.play.flights import booked, told
from ledger.prices import Prices
from ledger.report import report


def committed() -> Ledger:
    return Ledger(Counts.read(), Prices.read())


def test_the_page_is_what_the_ledger_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(committed()), "bench/ledger.sh --bill makes it anew"


def test_every_unit_that_was_counted_has_a_price() -> None:
    ledger = committed()
    for load in ledger.counts.loads.values():
        missing = quantities(load, ledger.memory).keys() - ledger.prices.by_name.keys()
        assert not missing, f"{load.name}: {missing}"


def test_the_report_adds_up() -> None:
    told_of = json.loads(json.dumps(report(committed())))
    assert told_of["loads"]
    for name, one in told_of["loads"].items():
        assert abs(sum(position["dollars"] for position in one["positions"]) - one["dollars"]) < 1e-9, name


def test_a_message_is_an_event_and_a_cohort_is_a_call() -> None:
    """What was counted at the endpoint against what the loads were made to have."""
    for load in committed().counts.loads.values():
        if "cohorts" in load.has:
            assert load.of("bedrock.calls") == load.has["cohorts"], load.name
            messages = load.of("events.published", "notification.email", "notification.sms")
            assert messages == load.has["notifications"], load.name


def test_a_flight_has_the_mix_of_the_committed_one_at_every_size() -> None:
    reached, messages, cohorts = told(180)
    assert (messages, cohorts, reached) == (217, 6, 153)
    assert told(360) == (2 * reached, 2 * messages, cohorts)
    items = booked("F", 10)
    assert len(items) == 1 + 4 * 10
    assert len({(item["PK"]["S"], item["SK"]["S"]) for item in items}) == len(items)
