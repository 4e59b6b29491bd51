"""Counts times prices."""

from __future__ import annotations

import pytest
from conftest import MEMORY, load
from ledger.bill import bill, quantities
from ledger.bills import Ledger
from ledger.durations import ASSUMED, gb_seconds, seconds
from ledger.prices import Price, Prices


def test_a_price_is_for_so_many() -> None:
    assert Price(25.0, 1_000_000, "transition", "page", "").of(40_000) == pytest.approx(1.0)


def test_a_bill_has_every_position_the_dearest_first(prices: Prices) -> None:
    one = bill(load({"events": 2}, states_transitions={"A": 30, "B": 10}, events_published={"a": 5}), prices, MEMORY)
    assert [position.name for position in one.positions] == ["events.published", "states.transitions"]
    assert [position.count for position in one.positions] == [5, 40]
    assert one.total == pytest.approx(5 + 40 * 25 / 1e6)
    assert one.each("events") == pytest.approx(one.total / 2)
    assert one.of("states.") == pytest.approx(0.001)


def test_buckets_are_billed_by_kind_of_request() -> None:
    found = quantities(load({}, s3_requests={"PutObject": 2, "ListBucket": 1, "GetObject": 7, "HeadObject": 1}), MEMORY)
    assert (found["s3.writes"], found["s3.reads"]) == (3, 8)


def test_a_workflow_logs_by_the_states_that_it_enters() -> None:
    rule = ASSUMED["log_of_a_workflow"]
    found = quantities(load({}, states_entered={"Task": 2, "Choice": 3}, logs_bytes={"/aws/lambda/x": 100}), MEMORY)
    lines = 2 * rule["events"]["Task"] + 3 * rule["events"]["other"]
    assert found["logs.bytes"] == 100 + lines * rule["bytes"]


def test_traces_begin_at_requests_batches_and_executions() -> None:
    some = load(
        {}, apigateway_requests={"all": 100}, states_executions={"M": 60},
        lambda_requests={"FlightPulse-KafkaConsumer": 40, "FlightPulse-FlightUpdater": 500},
    )  # fmt: skip
    memory = {**MEMORY, "FlightPulse-FlightUpdater": 256}
    assert quantities(some, memory)["xray.traces"] == pytest.approx(ASSUMED["sampled_traces"] * 200)


def test_time_is_the_calls_one_after_the_other_and_its_own() -> None:
    name = "FlightPulse-KafkaConsumer"
    of_one = ASSUMED["own_ms"] + sum(
        count * ASSUMED["latency_ms"][call] for call, count in ASSUMED["rounds"][name].items()
    )
    some = load({}, lambda_requests={name: 10})
    assert seconds(name, some) == pytest.approx(10 * of_one / 1_000)
    assert gb_seconds(some, MEMORY) == pytest.approx(10 * of_one / 1_000 * 0.5)


def test_reservations_are_written_side_by_side() -> None:
    name = "FlightPulse-BookingWorker"
    none = load({}, lambda_requests={name: 1})
    forty = load({}, lambda_requests={name: 1}, dynamodb_requests={"TransactWriteItems": 40, "BatchGetItem": 9})
    more = 40 / ASSUMED["transactions_at_once"][name] * ASSUMED["latency_ms"]["dynamodb.transaction"]
    assert seconds(name, forty) - seconds(name, none) == pytest.approx(more / 1_000)


def test_what_is_stored_is_kept_for_a_month_and_backed_up() -> None:
    found = quantities(load({}, dynamodb_stored_bytes={"table": 1024**3, "indexes": 2 * 1024**3}), MEMORY)
    assert (found["dynamodb.storage_gb_months"], found["dynamodb.recovery_gb_months"]) == (3, 1)
    assert "dynamodb.storage_gb_months" not in quantities(load({}, dynamodb_stored_bytes={"table": -5}), MEMORY)


def test_counts_that_do_not_tell_the_indexes_apart_are_backed_up_whole() -> None:
    found = quantities(load({}, dynamodb_stored_bytes={"all": 1024**3}), MEMORY)
    assert (found["dynamodb.storage_gb_months"], found["dynamodb.recovery_gb_months"]) == (1, 1)


def test_of_two_sizes_the_difference_is_that_of_the_rows(ledger: Ledger) -> None:
    half = load({"rows": 100}, dynamodb_read_units={"BatchGetItem": 60, "GetItem": 5})
    whole = load({"rows": 200}, dynamodb_read_units={"BatchGetItem": 110, "GetItem": 5})
    rows = whole.less(half, "rows")
    assert (rows.has["rows"], rows.of("dynamodb.read_units")) == (100, 50)
    assert ledger.bill(rows).each("rows") == pytest.approx(0.5)


def test_a_unit_without_a_price_is_an_error(prices: Prices) -> None:
    with pytest.raises(KeyError):
        prices.dollars("lambda.nothing", 1)
