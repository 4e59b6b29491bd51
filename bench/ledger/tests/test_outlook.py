"""Growth, quotas, months, savings, and how figures are written."""

from __future__ import annotations

import math

import pytest
from conftest import MEMORY, load
from ledger.bills import Ledger
from ledger.counts import Load
from ledger.fixed import HOURS, lines, own_metrics
from ledger.growth import Row, margins, processor_ms, rows
from ledger.quotas import STARTS, TRANSITIONS, reached
from ledger.savings import STATES_OF_A_BOOKING, savings
from ledger.tables import dollars, number, share, table


def test_flat_is_within_a_tenth_of_the_reference() -> None:
    assert Row("x", (9.5, 10.0, 10.9), 10.0).flat
    assert not Row("x", (9.5, 10.0, 11.1), 10.0).flat


def test_nothing_at_the_reference_is_flat_if_there_is_nothing_elsewhere() -> None:
    assert Row("x", (0.0, 0.0), 0.0).flat
    assert not Row("x", (0.0, 1.0), 0.0).flat


def test_growth_is_for_one_of_a_unit_each(ledger: Ledger) -> None:
    bills = [ledger.bill(load({"notifications": n}, states_transitions={"M": 20 + n})) for n in (10, 100)]
    found = {row.what: row for row in rows(bills, "notifications", 1)}
    assert found["state transitions"].values == pytest.approx((3.0, 1.2))
    assert not found["state transitions"].flat
    # A unit that no size has is left out, and so is time that nobody read.
    assert "calls of the model" not in found
    assert not any("processor" in what for what in found)
    assert margins(bills, "notifications", lambda one: 1e6 * one.total) == pytest.approx([25.0])


def test_processor_time_is_the_median_of_rounds_without_what_is_no_function() -> None:
    rounds = [{"FlightPulse-A": took, "FlightPulse-B": 0.1, "fresh processes": 3} for took in (0.1, 0.9, 0.3)]
    assert processor_ms(Load("x", {"events": 4}, {}, rounds), "events") == pytest.approx(100)
    assert math.isnan(processor_ms(Load("x", {"events": 4}, {}), "events"))


def test_a_quota_is_reached_at_its_limit_over_what_one_uses() -> None:
    some = load({"events": 10}, states_executions={"M": 10}, states_transitions={"M": 50})
    found = dict(reached(some, "events", MEMORY))
    assert found[STARTS] == pytest.approx(STARTS.limit)
    assert found[TRANSITIONS] == pytest.approx(TRANSITIONS.limit / 5)
    assert [at for _, at in reached(some, "events", MEMORY)] == sorted(found.values())


def test_a_month_is_what_the_template_has(ledger: Ledger) -> None:
    stack = {
        "alarm_metrics": 31, "secrets": 2, "queue_mappings": 0, "provisioned_mappings": 1, "serverless_clusters": 0,
        "endpoint_zones": 0,
    }  # fmt: skip
    found = lines(stack, ledger.prices)
    assert found == {"pollers of Kafka, one unit each": HOURS, "alarms": 31, "secrets": 2}


def test_own_metrics_are_counted_once_however_often_they_are_written(ledger: Ledger) -> None:
    points = {"FlightPulse-A/Sent": 5.0, "FlightPulse-A/Held": 1.0}
    loads = {"one": load({}, cloudwatch_points=points), "two": load({}, cloudwatch_points={"FlightPulse-A/Sent": 1.0})}
    ledger.counts.loads.update(loads)
    assert own_metrics(ledger.counts) == 2


def test_a_text_for_each_passenger_costs_as_many_times_as_there_are_passengers_to_a_cohort(ledger: Ledger) -> None:
    disruption = ledger.bill(
        load({"passengers": 60, "cohorts": 6, "bookings": 70}, bedrock_input_tokens={"Converse": 12},
             states_transitions={"M": 20})
    )  # fmt: skip
    each = ledger.bill(load({"events": 1}, events_published={"a": 1}))
    texts, pages, *_ = savings(disruption, each, each, each, each, each, ledger.prices)
    assert (texts.built, texts.otherwise) == (12, 120)
    assert pages.otherwise - pages.built == pytest.approx(STATES_OF_A_BOOKING * 70 * 25 / 1e6)


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "$0"), (1234.5, "$1,234"), (12.345, "$12.35"), (0.0123, "$0.0123"), (0.00123, "$0.001230"),
        (1.2e-6, "$0.00000120"),
    ],
)
def test_an_amount_has_about_three_figures_that_say_something(amount: float, said: str) -> None:
    assert dollars(amount) == said


def test_numbers_and_tables_read_like_this() -> None:
    assert [number(value) for value in (12, 1234.5, 12.34, 0.1234)] == ["12", "1,234", "12.3", "0.123"]
    assert (share(1, 4), share(1, 0)) == ("25 %", "-")
    assert table(("a", "b"), [("1", "2")]) == "| a | b |\n|---|---|\n| 1 | 2 |"
