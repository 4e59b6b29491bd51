"""Cancellation, reinstatement and gate change on the deployed stack."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta

from conftest import Cloud, new_id, wait_for

FLIGHT = "SW5678"
AFFECTED = 7
TOLD = 8


def at(minute: int) -> str:
    return f"2026-11-01T09:{minute:02}:00Z"


def test_bookings_follow_a_cancelled_flight_and_each_is_asked_another_flight_for(cloud: Cloud) -> None:
    event_id = new_id()
    cloud.put("flight.cancelled", event_id, reason="WEATHER", rebooking_priority="HIGH", occurred_at=at(0))
    output = cloud.outcome(event_id)
    assert (output["outcome"], output["sent"], output["bookings_changed"]) == ("TELL", TOLD, AFFECTED)
    assert Counter(cloud.bookings(FLIGHT).values()) == {"NEEDS_REBOOKING": AFFECTED, "CANCELLED": 1}
    asked = cloud.rebookings(event_id)
    assert len({one["booking_id"] for one in asked}) == len(asked) == AFFECTED
    assert {one["rebooking_priority"] for one in asked} == {"HIGH"}
    listed = cloud.client("dynamodb").query(
        TableName="FlightPulseTable", IndexName="GSI2", KeyConditionExpression="GSI2PK = :s",
        ExpressionAttributeValues={":s": {"S": "NEEDS_REBOOKING"}},
    )["Items"]  # fmt: skip
    assert {one["booking_id"]["S"] for one in listed} >= {one["booking_id"] for one in asked}
    for one in cloud.notifications(event_id):
        assert "https://www.example.com/rebook" in one["text"], one
    assert cloud.get(f"/flights/{FLIGHT}")[2]["status"] == "CANCELLED"


def test_a_delay_or_gate_of_a_cancelled_flight_tells_nobody(cloud: Cloud) -> None:
    gone, late, gate = new_id(), new_id(), new_id()
    cloud.put("flight.cancelled", gone, occurred_at=at(0))
    assert cloud.outcome(gone)["outcome"] == "TELL"
    cloud.put("flight.delay.major", late, delay_minutes=60, occurred_at=at(5))
    cloud.put("flight.gate_change", gate, new_gate="D15", occurred_at=at(5))
    for event_id in (late, gate):
        assert cloud.outcome(event_id)["outcome"] == "NOT_MATERIAL"
        assert cloud.notifications(event_id) == []
    assert cloud.get(f"/flights/{FLIGHT}")[2]["status"] == "CANCELLED"


def test_the_same_cancellation_from_two_sources_is_one_message(cloud: Cloud) -> None:
    first, second = new_id(), new_id()
    cloud.put("flight.cancelled", first, occurred_at=at(0))
    assert cloud.outcome(first)["outcome"] == "TELL"
    cloud.put("flight.cancelled", second, occurred_at=at(1))
    assert cloud.outcome(second)["outcome"] == "NOT_MATERIAL"
    assert cloud.rebookings(second) == []


def test_a_reinstatement_takes_it_all_back(cloud: Cloud) -> None:
    gone, back, late = new_id(), new_id(), new_id()
    before = cloud.bookings(FLIGHT)
    cloud.put("flight.cancelled", gone, occurred_at=at(0))
    assert cloud.outcome(gone)["outcome"] == "TELL"
    cloud.put("flight.reinstated", back, occurred_at=at(10))
    output = cloud.outcome(back)
    assert (output["outcome"], output["sent"], output["bookings_changed"]) == ("TELL", TOLD, AFFECTED)
    assert cloud.bookings(FLIGHT) == before
    assert cloud.rebookings(back) == []
    assert cloud.get(f"/flights/{FLIGHT}")[2]["status"] == "SCHEDULED"
    # The cancellation again, from a source that is behind: older than the reinstatement.
    cloud.put("flight.cancelled", late, occurred_at=at(5))
    assert cloud.outcome(late)["outcome"] == "SUPERSEDED"
    assert cloud.bookings(FLIGHT) == before


def test_a_terminal_change_goes_by_text_message_first(cloud: Cloud) -> None:
    event_id = new_id()
    cloud.put("flight.gate_change", event_id, old_gate="B7", new_gate="D15", terminal_change=True)
    assert cloud.outcome(event_id)["sent"] == TOLD
    times: dict[str, list[int]] = {"email": [], "sms": []}
    for channel, found in times.items():
        group = f"/flightpulse/notifications/{channel}"
        lines = cloud.client("logs").filter_log_events(logGroupName=group, limit=10000)["events"]
        found += [line["timestamp"] for line in lines if event_id in line["message"]]
    assert max(times["sms"]) <= min(times["email"])
    for one in cloud.notifications(event_id):
        assert "D15" in one["text"] and "erminal" in one["text"], one
    assert cloud.get(f"/flights/{FLIGHT}")[2]["gate"] == "D15"


def test_a_gate_that_passengers_know_is_not_told_again(cloud: Cloud) -> None:
    ids = [new_id() for _ in range(3)]
    for n, (event_id, gate, outcome) in enumerate(
        zip(ids, ("D15", "D15", "C3"), ("TELL", "NOT_MATERIAL", "TELL"), strict=True)
    ):
        cloud.put("flight.gate_change", event_id, new_gate=gate, occurred_at=at(n))
        assert cloud.outcome(event_id)["outcome"] == outcome


def test_kafka_brings_each_event_to_its_workflow(cloud: Cloud) -> None:
    sent = {
        "FLIGHT_CANCELLED": ("--reason", "CREW", "--rebooking-priority", "LOW"),
        "FLIGHT_REINSTATED": (),
        "GATE_CHANGE": ("--new-gate", "D15", "--terminal-change"),
    }
    for event_type, options in sent.items():
        event_id = new_id()
        run = cloud.simulator(
            "produce", "--event-type", event_type, "--flight-id", "SW1234", "--event-id", event_id, *options
        )
        assert run.returncode == 0, run.stderr
        assert cloud.outcome(event_id)["outcome"] == "TELL"


def test_a_cancellation_that_overtakes_a_held_delay_stops_it(cloud: Cloud) -> None:
    late, gone = new_id(), new_id()
    who = {"operator": "e2e", "reason": "a test"}
    assert cloud.admin("POST", "/admin/notifications/hold", who)[0] == 200
    try:
        cloud.put("flight.delay.major", late, delay_minutes=90, occurred_at=at(0))
        wait_for("the delay on the flight", lambda: cloud.get(f"/flights/{FLIGHT}")[2]["delay_minutes"] == 90)
        cloud.put("flight.cancelled", gone, occurred_at=at(1))
        wait_for("the cancelled flight", lambda: cloud.get(f"/flights/{FLIGHT}")[2]["status"] == "CANCELLED")
        assert cloud.notifications(late) == cloud.notifications(gone) == []
    finally:
        assert cloud.admin("POST", "/admin/notifications/release", who)[0] == 200
    assert cloud.outcome(gone)["sent"] == TOLD
    assert cloud.outcome(late)["outcome"] == "OVERTAKEN"
    assert cloud.notifications(late) == []
    assert json.dumps(cloud.drain_dead_letters()) == "[]"


def test_the_times_of_an_older_reinstatement_are_told_and_its_bookings_left_alone(cloud: Cloud) -> None:
    gone, newer, older = new_id(), new_id(), new_id()
    cloud.put("flight.cancelled", gone, occurred_at=at(0))
    assert cloud.outcome(gone)["outcome"] == "TELL"
    cloud.put("flight.reinstated", newer, occurred_at=at(20))
    assert cloud.outcome(newer)["outcome"] == "TELL"
    planned = datetime.fromisoformat(cloud.get(f"/flights/{FLIGHT}")[2]["scheduled_departure"])
    departure = (planned + timedelta(minutes=60)).isoformat()
    cloud.put("flight.reinstated", older, occurred_at=at(10), new_departure=departure)
    output = cloud.outcome(older)
    assert (output["outcome"], output["sent"], output["bookings_changed"]) == ("TELL", TOLD, 0)
    assert {one["kind"] for one in cloud.notifications(older)} == {"DELAY"}
    assert cloud.get(f"/flights/{FLIGHT}")[2]["delay_minutes"] == 60


def test_a_reinstatement_to_another_century_is_refused(cloud: Cloud) -> None:
    gone, wrong = new_id(), new_id()
    cloud.put("flight.cancelled", gone, occurred_at=at(0))
    assert cloud.outcome(gone)["outcome"] == "TELL"
    cloud.put("flight.reinstated", wrong, occurred_at=at(10), new_departure="2126-11-22T21:10:00Z")
    execution = cloud.execution_of(wrong)
    assert (execution["status"], execution["error"]) == ("FAILED", "InvalidInput")
    assert "2880 minutes" in cloud.drain_dead_letters()[0]["reason"]
    assert cloud.get(f"/flights/{FLIGHT}")[2]["status"] == "CANCELLED"


def test_a_resend_does_what_a_failed_cancellation_did_not(cloud: Cloud) -> None:
    gone = new_id()
    cloud.control("PUT", "fault", {"state": "UpdateBookingsPage", "moment": "before", "error": "Defect", "times": 9})
    cloud.put("flight.cancelled", gone)
    assert cloud.execution_of(gone)["status"] == "FAILED"
    assert cloud.notifications(gone) == []
    cloud.control("DELETE", "fault")
    assert [one["event_id"] for one in cloud.drain_dead_letters()] == [gone]
    who = {"operator": "e2e", "reason": "a test"}
    _, body = cloud.admin("POST", f"/admin/flights/{FLIGHT}/resend", who)
    output = cloud.outcome(body["events"][0]["event_id"])
    assert (output["sent"], output["bookings_changed"]) == (TOLD, AFFECTED)
    assert Counter(cloud.bookings(FLIGHT).values()) == {"NEEDS_REBOOKING": AFFECTED, "CANCELLED": 1}
    assert len(cloud.rebookings(gone)) == AFFECTED


def test_a_reinstatement_that_a_delay_overtakes_is_told_with_the_time_that_is_true(cloud: Cloud) -> None:
    gone, back, late = new_id(), new_id(), new_id()
    cloud.put("flight.cancelled", gone, occurred_at=at(0))
    assert cloud.outcome(gone)["outcome"] == "TELL"
    who = {"operator": "e2e", "reason": "a test"}
    assert cloud.admin("POST", "/admin/notifications/hold", who)[0] == 200
    try:
        cloud.put("flight.reinstated", back, occurred_at=at(10))
        wait_for("the reinstated flight", lambda: cloud.get(f"/flights/{FLIGHT}")[2]["status"] == "SCHEDULED")
        cloud.put("flight.delay.major", late, delay_minutes=60, occurred_at=at(11))
        wait_for("the delayed flight", lambda: cloud.get(f"/flights/{FLIGHT}")[2]["delay_minutes"] == 60)
    finally:
        assert cloud.admin("POST", "/admin/notifications/release", who)[0] == 200
    # Decided on anew, and still told: that the flight operates is known to nobody yet.
    assert cloud.outcome(back)["outcome"] == "TELL"
    told = cloud.notifications(back)
    assert len(told) == TOLD
    for one in told:
        assert "3:10 PM" in one["text"] or "15:10" in one["text"], one
    assert cloud.outcome(late)["outcome"] == "TELL"
