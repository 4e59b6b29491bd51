"""Changes in the table, as the deployed stack tells of them: the stream, its handler, the audit log.

Seeding writes flights and bookings anew, which are changes too: each test looks only at what it caused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from conftest import REPO, TABLE, Cloud, new_id, wait_for

HANDLER = "FlightPulse-StreamHandler"
AUDIT = "/flightpulse/audit"
FLIGHT = "SW9012"


def audited(cloud: Cloud) -> list[dict[str, Any]]:
    """Every event in the audit log."""
    found, token = [], {}
    while True:
        page = cloud.client("logs").filter_log_events(logGroupName=AUDIT, limit=10000, **token)
        found += [json.loads(line["message"]) for line in page["events"]]
        if "nextToken" not in page:
            return found
        token = {"nextToken": page["nextToken"]}


def told(cloud: Cloud, correlation_id: str) -> list[dict[str, Any]]:
    """What an event brought about: each change once, however often it was published."""
    mine = [one for one in audited(cloud) if one["detail"]["correlation_id"] == correlation_id]
    return list({one["detail"]["event_id"]: one for one in mine}.values())


def changes(events: list[dict[str, Any]], detail_type: str, name: str) -> dict[str, tuple[Any, Any]]:
    """Old and new state by flight or booking; two changes of one are an error."""
    of_type = [one["detail"] for one in events if one["detail-type"] == detail_type]
    found = {one[name]: (one["old"], one["new"]) for one in of_type}
    assert len(found) == len(of_type), of_type
    return found


def set_status(cloud: Cloud, flight_id: str, **attributes: dict[str, Any]) -> None:
    """Changes attributes of a flight by hand."""
    names = {f"#{at}": name for at, name in enumerate(attributes)}
    values = {f":{at}": value for at, value in enumerate(attributes.values())}
    cloud.client("dynamodb").update_item(
        TableName=TABLE, Key={"PK": {"S": f"FLIGHT#{flight_id}"}, "SK": {"S": "METADATA"}},
        UpdateExpression="SET " + ", ".join(f"{name} = :{name[1:]}" for name in names),
        ExpressionAttributeNames=names, ExpressionAttributeValues=values,
    )  # fmt: skip


def copies(cloud: Cloud, *flight_ids: str) -> None:
    """Flights of the test's own, each a copy of one of the sample airline."""
    dynamodb = cloud.client("dynamodb")
    found = dynamodb.get_item(TableName=TABLE, Key={"PK": {"S": "FLIGHT#SW1234"}, "SK": {"S": "METADATA"}})["Item"]
    for one in flight_ids:
        item = {**found, "PK": {"S": f"FLIGHT#{one}"}, "flight_id": {"S": one}, "status": {"S": "SCHEDULED"}}
        dynamodb.put_item(TableName=TABLE, Item=item)


def remove(cloud: Cloud, *flight_ids: str) -> None:
    for one in flight_ids:
        key = {"PK": {"S": f"FLIGHT#{one}"}, "SK": {"S": "METADATA"}}
        cloud.client("dynamodb").delete_item(TableName=TABLE, Key=key)


def test_a_cancellation_is_told_once_of_its_flight_and_once_of_each_booking(cloud: Cloud) -> None:
    code, report = cloud.scenario(3)
    assert code == 0, report
    seen = report["observation"]
    event_id, before, after = seen["event_id"], seen["bookings_before"], seen["bookings_after"]
    changed = {one for one in before if before[one] != after[one]}
    assert len(changed) == 7

    def complete() -> list[dict[str, Any]] | None:
        events = told(cloud, event_id)
        return events if len(events) >= len(changed) + 1 else None

    events = wait_for("an entry for the flight and each booking", complete)
    ((old, new),) = changes(events, "flight.status_changed", "flight_id").values()
    assert (old["status"], new["status"]) == ("SCHEDULED", "CANCELLED")
    assert old == {**new, "status": "SCHEDULED"}
    bookings = changes(events, "booking.status_changed", "booking_id")
    assert bookings.keys() == changed
    for one, (old, new) in bookings.items():
        assert (old["booking_status"], new["booking_status"]) == (before[one], "NEEDS_REBOOKING")
        assert old["flight_id"] == new["flight_id"] == FLIGHT
        assert old["checked_in"] == new["checked_in"] == (before[one] == "CHECKED_IN")
    assert len(events) == len(changed) + 1


def test_a_delay_is_told_with_its_time_and_the_event_that_set_it(cloud: Cloud) -> None:
    event_id = new_id()
    cloud.put_delay(event_id, 90)
    assert cloud.outcome(event_id)["outcome"] == "TELL"
    (event,) = wait_for("an entry for the flight", lambda: told(cloud, event_id))
    assert event["source"] == "flightpulse.stream-handler"
    detail = event["detail"]
    assert (detail["schema_version"], detail["flight_id"]) == (1, "SW5678")
    old, new = detail["old"], detail["new"]
    assert (old["status"], new["status"]) == ("SCHEDULED", "DELAYED")
    assert (old["delay_minutes"], new["delay_minutes"]) == (0, 90)
    moved = datetime.fromisoformat(new["departure"]) - datetime.fromisoformat(old["departure"])
    assert moved.total_seconds() == 90 * 60


def test_nothing_personal_is_in_the_audit_log_but_ids(cloud: Cloud) -> None:
    event_id = new_id()
    cloud.put("flight.cancelled", event_id, reason="WEATHER")
    assert cloud.outcome(event_id)["outcome"] == "TELL"
    wait_for("entries for the flight and its seven bookings", lambda: len(told(cloud, event_id)) == 8)
    # Underscored names are ours; what a passenger is called, reached at or asks for is none of them.
    text = json.dumps(audited(cloud), ensure_ascii=False)
    for people in json.loads((REPO / "sample-data/passengers.json").read_text()):
        for name in ("first_name", "last_name", "email", "phone"):
            value = people.get(name)
            assert not value or not re.search(rf'"{re.escape(value)}"', text), value
    assert "special_requests" not in text and "confirmation_number" not in text


@pytest.fixture
def own_flights(cloud: Cloud) -> Iterator[list[str]]:
    """Three flights of the test's own, so that an unreadable one meets no other test."""
    run = new_id()
    flights = [f"{run}-{n}" for n in ("a", "b", "c")]
    copies(cloud, *flights)
    yield flights
    remove(cloud, *flights)


def test_poison_ends_in_the_bucket_and_its_neighbours_are_told(cloud: Cloud, own_flights: list[str]) -> None:
    before, poison, after = own_flights
    run = before.removesuffix("-a")
    set_status(cloud, before, status={"S": "BOARDING"})
    # Someone wrote a flight that is none.
    set_status(cloud, poison, status={"N": "7"}, delay_minutes={"S": "many"})
    set_status(cloud, after, status={"S": "BOARDING"})
    s3 = cloud.client("s3")
    bucket = dead_letter_bucket(cloud)

    def kept() -> list[dict[str, Any]]:
        listed = s3.list_objects_v2(Bucket=bucket, Prefix="aws/lambda/").get("Contents", [])
        objects = [json.load(s3.get_object(Bucket=bucket, Key=one["Key"])["Body"]) for one in listed]
        return [one for one in objects if run in one["payload"]]

    (document,) = wait_for("an object for the poison", kept)
    (record,) = json.loads(document["payload"])["Records"]
    number = record["dynamodb"]["SequenceNumber"]
    assert record["dynamodb"]["Keys"]["PK"] == {"S": f"FLIGHT#{poison}"}
    assert record["dynamodb"]["NewImage"]["status"] == {"N": "7"}
    info = document["DDBStreamBatchInfo"]
    assert (info["startSequenceNumber"], info["endSequenceNumber"], info["batchSize"]) == (number, number, 1)
    assert document["requestContext"]["condition"] == "RetryAttemptsExhausted"

    def neighbours() -> list[dict[str, Any]] | None:
        found = [one["detail"] for one in audited(cloud) if one["detail"].get("flight_id", "").startswith(run)]
        return found if {one["flight_id"] for one in found} >= {before, after} else None

    # Once each, though one of them stood in a batch with it.
    details = wait_for("entries for the neighbours", neighbours)
    assert sorted(one["flight_id"] for one in details) == [before, after]
    assert {one["new"]["status"] for one in details} == {"BOARDING"}
    assert len(kept()) == 1


def dead_letter_bucket(cloud: Cloud) -> str:
    """The bucket that the mapping is deployed with."""
    mappings = cloud.client("lambda").list_event_source_mappings(FunctionName=HANDLER)["EventSourceMappings"]
    (mapping,) = mappings
    return mapping["DestinationConfig"]["OnFailure"]["Destination"].removeprefix("arn:aws:s3:::")


def record(number: str, flight_id: str, new_status: dict[str, str]) -> dict[str, Any]:
    def image(status: dict[str, str]) -> dict[str, Any]:
        texts = {
            "PK": f"FLIGHT#{flight_id}", "SK": "METADATA", "flight_id": flight_id, "origin": "DEN",
            "destination": "PHX", "scheduled_departure": "2026-11-22T21:10:00Z",
            "scheduled_arrival": "2026-11-22T23:05:00Z",
        }  # fmt: skip
        return {**{name: {"S": text} for name, text in texts.items()}, "status": status}

    new = image(new_status)
    return {
        "eventID": f"{flight_id}-{number}", "eventName": "MODIFY", "eventSource": "aws:dynamodb",
        "dynamodb": {
            "ApproximateCreationDateTime": 1795341600.0, "Keys": {"PK": new["PK"], "SK": new["SK"]},
            "OldImage": image({"S": "SCHEDULED"}), "NewImage": new, "SequenceNumber": number,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
    }  # fmt: skip


def invoke(cloud: Cloud, *records: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """What the function answers, and the kind of error if it fails."""
    payload = json.dumps({"Records": records}).encode()
    answer = cloud.client("lambda").invoke(FunctionName=HANDLER, Payload=payload)
    return json.loads(answer["Payload"].read()), answer.get("FunctionError")


GOOD, BAD = {"S": "BOARDING"}, {"N": "7"}


@pytest.mark.parametrize(
    ("statuses", "failed"),
    [([GOOD, GOOD], []), ([GOOD, BAD, GOOD], ["2"]), ([BAD], ["1"]), ([], [])],
)
def test_the_function_answers_for_each_record(
    cloud: Cloud, statuses: list[dict[str, str]], failed: list[str]
) -> None:
    run = new_id()
    records = [record(str(n), run, status) for n, status in enumerate(statuses, start=1)]
    answer, error = invoke(cloud, *records)
    assert error is None
    assert answer == {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}
    done = statuses.index(BAD) if BAD in statuses else len(statuses)

    def published() -> list[str] | None:
        ids = [one["detail"]["event_id"] for one in audited(cloud) if one["detail"].get("flight_id") == run]
        return ids if len(ids) >= done else None

    expected = [f"{run}-{n}" for n in range(1, done + 1)]
    if expected:
        assert sorted(wait_for("entries for what could be read", published)) == expected
    else:
        assert not published()


def test_poison_at_the_head_fails_the_invocation_before_anything_is_told(cloud: Cloud) -> None:
    run = new_id()
    answer, error = invoke(cloud, record("1", run, BAD), record("2", run, GOOD))
    assert error is not None
    assert answer["errorType"] == "InvalidInput"
    assert f"FLIGHT#{run} / METADATA" in answer["errorMessage"]
    assert [one for one in audited(cloud) if one["detail"].get("flight_id") == run] == []


def test_aws_own_sample_events_are_taken_record_by_record(cloud: Cloud) -> None:
    for name in ("dynamodb-stream-rust-runtime", "dynamodb-stream-powertools"):
        for one in json.loads((REPO / f"sample-data/aws-events/{name}.json").read_text())["Records"]:
            answer, error = invoke(cloud, one)
            assert error is None
            assert answer == {"batchItemFailures": [{"itemIdentifier": one["dynamodb"]["SequenceNumber"]}]}
