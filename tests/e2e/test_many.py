"""Flights with many bookings: what a disruption costs in calls, and that nobody is left out."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from conftest import Cloud, new_id

TABLE = "FlightPulseTable"
TIERS = ("A-LIST PREFERRED", "A-LIST", "MEMBER")
# Email and SMS, email, SMS: by turns.
CHANNELS = ((True, True), (True, False), (False, True))


def text(value: str) -> dict[str, str]:
    return {"S": value}


def items(flight: str, bookings: int, languages: tuple[str, ...]) -> list[dict[str, Any]]:
    """A flight with its bookings: tiers, languages and channels evenly mixed."""
    found: list[dict[str, Any]] = [{
        "PK": text(f"FLIGHT#{flight}"), "SK": text("METADATA"), "flight_id": text(flight), "status": text("SCHEDULED"),
        "origin": text("DEN"), "destination": text("PHX"), "scheduled_departure": text("2026-11-22T21:10:00Z"),
        "scheduled_arrival": text("2026-11-22T23:05:00Z"),
    }]  # fmt: skip
    for n in range(bookings):
        booking, passenger = f"{flight}-B{n:03}", f"{flight}-P{n:03}"
        email, sms = CHANNELS[n % 3]
        wants = {"email": {"BOOL": email}, "sms": {"BOOL": sms}}
        entry = {"booking_id": text(booking), "passenger_id": text(passenger), "flight_id": text(flight)}
        found += [
            {
                "PK": text(f"PASSENGER#{passenger}"), "SK": text("METADATA"), "passenger_id": text(passenger),
                "first_name": text("Ann"), "last_name": text("Example"), "email": text("ann@example.com"),
                "phone": text("+13035550100"), "tier": text(TIERS[n // 3 % 3]),
                "language": text(languages[n % len(languages)]), "notification_preferences": {"M": wants},
            },
            {
                "PK": text(f"BOOKING#{booking}"), "SK": text("METADATA"), **entry,
                "confirmation_number": text("ABC123"), "booking_status": text("CONFIRMED"),
                "created_at": text("2026-10-01T00:00:00Z"),
            },
            {"PK": text(f"FLIGHT#{flight}"), "SK": text(f"BOOKING#{booking}"), **entry},
        ]  # fmt: skip
    return found


def write(cloud: Cloud, written: list[dict[str, Any]]) -> None:
    dynamodb = cloud.client("dynamodb")
    for start in range(0, len(written), 25):
        left = {TABLE: [{"PutRequest": {"Item": item}} for item in written[start : start + 25]]}
        while left:
            left = dynamodb.batch_write_item(RequestItems=left).get("UnprocessedItems")


def transitions(cloud: Cloud, arn: str) -> int:
    pages = cloud.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=arn)
    return sum(event["type"].endswith("StateEntered") for page in pages for event in page["events"])


@pytest.mark.parametrize(
    ("bookings", "languages", "calls", "most_transitions"),
    [(180, ("en", "es"), 6, 30), (500, ("en", "es", "fr", "de"), 12, 50)],
)
def test_everyone_is_told_once_at_a_text_a_cohort(
    cloud: Cloud, bookings: int, languages: tuple[str, ...], calls: int, most_transitions: int
) -> None:
    flight, event_id = f"SW9{bookings}", new_id()
    write(cloud, items(flight, bookings, languages))
    cloud.put_delay(event_id, 90, flight_id=flight, reason="WEATHER")
    execution = cloud.execution_of(event_id)
    assert execution["status"] == "SUCCEEDED", execution

    wanted = sum(sum(CHANNELS[n % 3]) for n in range(bookings))
    counts = Counter(one["notification_id"] for one in cloud.notifications(event_id))
    assert (len(counts), set(counts.values())) == (wanted, {1})
    # Counted at the model's endpoint and in the execution's history, not by the code under test.
    assert cloud.control("GET", "bedrock")["calls"] == calls
    assert transitions(cloud, execution["executionArn"]) <= most_transitions
