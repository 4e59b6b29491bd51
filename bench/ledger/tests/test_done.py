"""That a load has done what it is named for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ledger.counts import Counts, Load
from ledger.done import missing

COMMITTED = Counts.read().loads


@pytest.mark.parametrize("name", sorted(COMMITTED))
def test_what_was_counted_was_done(name: str) -> None:
    assert missing(COMMITTED[name]) == []


@pytest.mark.parametrize("name", sorted(COMMITTED))
def test_a_load_that_did_nothing_is_noticed(name: str) -> None:
    assert missing(replace(COMMITTED[name], billed={}))


@pytest.mark.parametrize(
    ("name", "unit", "of", "what"),
    [
        ("delay of 180", "events.published", "notification.sms", "messages"),
        ("delay of 180", "lambda.requests", "FlightPulse-LLMMessenger", "texts asked for"),
        ("cancellation of 500", "events.published", "booking.status_changed", "bookings that were cancelled"),
        ("delays of empty flights", "states.executions", "FlightPulseDelayNotification", "executions"),
        ("events that change nothing", "dynamodb.changes", "INSERT", "claims that are done"),
        ("statuses changed by another system", "events.published", "flight.status_changed", "changes of a status"),
        ("GET bookings/{id}", "lambda.requests", "FlightPulse-APIHandlers", "invocations for them"),
        ("bookings, 1 a request", "dynamodb.changes", "INSERT", "items of bookings"),
        ("an export of all, unchanged", "dynamodb.read_units", "BatchGetItem", "rows that were held"),
    ],
)
def test_what_is_missing_is_named(name: str, unit: str, of: str, what: str) -> None:
    load: Load = COMMITTED[name]
    billed = {**load.billed, unit: {**load.billed[unit], of: 0.0}}
    (told,) = missing(replace(load, billed=billed))
    assert told.startswith(f"{name}: {what}")


def test_a_load_that_did_more_than_it_is_named_for_is_noticed() -> None:
    load = COMMITTED["events that change nothing"]
    told = {**load.billed["events.published"], "notification.email": 3.0, "flight.status_changed": 1.0}
    assert len(missing(replace(load, billed={**load.billed, "events.published": told}))) == 2
    started = {**load.billed, "states.executions": {"FlightPulseDelayNotification": 1.0}}
    assert missing(replace(load, billed=started)) == [f"{load.name}: executions: 1 and not 0"]
    export = COMMITTED["an export of all, unchanged"]
    assert missing(replace(export, billed={**export.billed, "dynamodb.changes": {"INSERT": 900.0}}))
