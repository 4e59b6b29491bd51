"""Dead letters of every kind: seen, sent again, told once; and what cannot be sent again says why."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import REPO, TABLE, Cloud, delay_event, kafka_record, new_id, wait_for

FLIGHT = "SW5678"
# Notifications of a disruption of that flight.
TOLD = 8
QUEUES = {
    "FlightPulse-DeadLetters": "DeadLetterQueueUrl",
    "FlightPulse-RuleDeadLetters": "RuleDeadLetterQueueUrl",
    "FlightPulse-UnknownFlights": "UnknownFlightsQueueUrl",
}


@pytest.fixture(autouse=True)
def empty_shelves(cloud: Cloud) -> None:
    for output in QUEUES.values():
        cloud.drain(output)
    s3, bucket = cloud.client("s3"), cloud.outputs["DeadLetterBucketName"]
    for found in s3.list_objects_v2(Bucket=bucket, Prefix="aws/lambda/").get("Contents", []):
        s3.delete_object(Bucket=bucket, Key=found["Key"])


def letters(cloud: Cloud) -> list[dict[str, Any]]:
    """All letters, as `dlq list` shows them."""
    run = cloud.simulator("dlq", "list", "--json")
    assert run.returncode == 0, run.stderr
    return [
        {**letter, "queue": queue["queue"]} for queue in json.loads(run.stdout)["queues"] for letter in queue["letters"]
    ]


def the_letter(cloud: Cloud, kind: str) -> dict[str, Any]:
    """The one letter that there is, once it is there."""
    found = wait_for(f"a letter of kind {kind}", lambda: letters(cloud))
    assert [one["kind"] for one in found] == [kind]
    return found[0]


def redrive(cloud: Cloud, *arguments: str) -> tuple[int, str]:
    run = cloud.simulator("dlq", "redrive", *arguments)
    return run.returncode, run.stdout + run.stderr


def told_once(cloud: Cloud, event_id: str) -> None:
    def all_told() -> bool:
        return len(cloud.notifications(event_id)) >= TOLD

    wait_for(f"{TOLD} notifications of {event_id}", all_told)
    assert cloud.execution_of(event_id)["status"] == "SUCCEEDED"
    counts = Counter(one["notification_id"] for one in cloud.notifications(event_id))
    assert (len(counts), set(counts.values())) == (TOLD, {1})


def poison(cloud: Cloud, tmp_path: Path) -> str:
    """A record with a negative delay, on Kafka."""
    event_id, file = new_id(), tmp_path / "poison.json"
    file.write_text(json.dumps(delay_event(event_id, minutes=-5)))
    run = cloud.simulator("produce", "--raw", str(file), "--flight-id", FLIGHT)
    assert run.returncode == 0, run.stderr
    return event_id


def mended(event_id: str, tmp_path: Path) -> str:
    file = tmp_path / "mended.json"
    file.write_text(json.dumps(delay_event(event_id, minutes=90)))
    return str(file)


def test_poison_is_listed_shown_mended_and_told(cloud: Cloud, tmp_path: Path) -> None:
    event_id = poison(cloud, tmp_path)
    letter = the_letter(cloud, "kafka record")
    assert (letter["event_id"], letter["flight_id"]) == (event_id, FLIGHT)
    assert "delay_minutes" in letter["reason"]

    shown = cloud.simulator("dlq", "show", letter["id"])
    assert shown.returncode == 0, shown.stderr
    assert '"delay_minutes": -5' in shown.stdout and f"key          {FLIGHT}" in shown.stdout

    # As it is it would come back; it stays, and looking at it has not taken it away.
    status, said = redrive(cloud, letter["id"])
    assert (status, "--with-file" in said) == (1, True), said
    status, said = redrive(cloud, letter["id"], "--with-file", mended(event_id, tmp_path), "--dry-run")
    assert (status, f"key {FLIGHT}" in said) == (0, True), said
    assert [one["id"] for one in letters(cloud)] == [letter["id"]]

    status, said = redrive(cloud, letter["id"], "--with-file", mended(event_id, tmp_path))
    assert status == 0, said
    assert letters(cloud) == []
    told_once(cloud, event_id)


def test_an_event_waits_for_its_flight_and_is_told_once(cloud: Cloud) -> None:
    event_id = new_id()
    cloud.client("dynamodb").delete_item(
        TableName=TABLE, Key={"PK": {"S": f"FLIGHT#{FLIGHT}"}, "SK": {"S": "METADATA"}}
    )
    cloud.invoke_consumer({"records": {"t-0": [kafka_record(1, json.dumps(delay_event(event_id)).encode())]}})
    letter = the_letter(cloud, "unknown flight")
    status, said = redrive(cloud, "--all")
    assert (status, "not in the table yet" in said) == (1, True), said
    assert [one["id"] for one in letters(cloud)] == [letter["id"]]

    cloud.seed()
    status, said = redrive(cloud, "--all", "--queue", "unknown-flights")
    assert (status, "1 redriven, 0 stay" in said) == (0, True), said
    assert letters(cloud) == []
    told_once(cloud, event_id)


def test_a_workflow_that_failed_for_good_is_told_once_in_all(cloud: Cloud) -> None:
    event_id = new_id()
    # After some have been told: they must not be told again.
    cloud.control("PUT", "fault", {"state": "RecordTold", "moment": "before", "error": "Defect", "times": 100})
    try:
        cloud.put_delay(event_id, 90)
        assert cloud.execution_of(event_id)["status"] == "FAILED"
    finally:
        cloud.control("DELETE", "fault")
    letter = the_letter(cloud, "workflow")
    assert (letter["event_id"], letter["flight_id"]) == (event_id, FLIGHT)
    status, said = redrive(cloud, letter["id"])
    assert status == 0, said
    assert letters(cloud) == []

    def done() -> bool:
        claim = cloud.item(f"EVENT#{event_id}", f"CLAIM#{FLIGHT}")
        return claim is not None and claim["state"] == "DONE"

    wait_for("the end of the second execution", done)
    counts = Counter(one["notification_id"] for one in cloud.notifications(event_id))
    assert (len(counts), set(counts.values())) == (TOLD, {1})


def test_what_a_rule_could_not_deliver_goes_to_the_bus_again(cloud: Cloud) -> None:
    # The local cloud drops such events; this is what EventBridge leaves in the queue.
    event_id = new_id()
    event = {
        "version": "0", "id": new_id(), "detail-type": "flight.delay.major", "source": "flightpulse.kafka-consumer",
        "account": "000000000000", "time": "2026-11-21T09:00:00Z", "region": "us-east-1", "resources": [],
        "detail": {"event_id": event_id, "flight_id": FLIGHT, "delay_minutes": 90},
    }  # fmt: skip
    said_why = {"RULE_ARN": "arn:aws:events:us-east-1:0:rule/flightpulse-bus/Delays", "ERROR_CODE": "NO_PERMISSIONS"}
    cloud.client("sqs").send_message(
        QueueUrl=cloud.outputs["RuleDeadLetterQueueUrl"], MessageBody=json.dumps(event),
        MessageAttributes={name: {"DataType": "String", "StringValue": value} for name, value in said_why.items()},
    )  # fmt: skip
    letter = the_letter(cloud, "rule")
    assert letter["reason"] == "Delays could not deliver it: NO_PERMISSIONS"
    assert redrive(cloud, letter["id"])[0] == 0
    assert letters(cloud) == []
    told_once(cloud, event_id)


def given_up(
    cloud: Cloud, key: str, event: dict[str, Any], function: str | None = None, info: str = "KafkaBatchInfo"
) -> None:
    """What Lambda leaves in the bucket of a batch that it gave up on."""
    function = function or cloud.outputs["KafkaConsumerName"]
    body = {
        "requestContext": {
            "requestId": "r", "condition": "RetryAttemptsExhausted", "approximateInvokeCount": 3,
            "functionArn": f"arn:aws:lambda:us-east-1:000000000000:function:{function}",
        },
        "version": "1.0", "timestamp": "2026-11-21T09:00:00Z", info: {"batchSize": 1},
        "payload": json.dumps(event),
    }  # fmt: skip
    cloud.client("s3").put_object(
        Bucket=cloud.outputs["DeadLetterBucketName"], Key=f"aws/lambda/{key}", Body=json.dumps(body).encode()
    )


def test_a_batch_that_was_given_up_goes_to_its_function_again(cloud: Cloud) -> None:
    event_id = new_id()
    record = kafka_record(1, json.dumps(delay_event(event_id)).encode())
    given_up(cloud, "a/2026/11/21/good", {"eventSource": "aws:kafka", "records": {"flight-operations-0": [record]}})
    # Neither of these may go: a function of somebody else, and one of ours that is not there.
    given_up(cloud, "b/2026/11/21/theirs", {}, "Payroll")
    given_up(cloud, "b/2026/11/21/gone", {}, "FlightPulse-Gone")
    assert {one["kind"] for one in letters(cloud)} == {"batch"}
    status, said = redrive(cloud, "--all")
    assert (status, "1 redriven, 2 stay" in said) == (1, True), said
    left = sorted(one["id"] for one in letters(cloud))
    assert left == ["aws/lambda/b/2026/11/21/gone", "aws/lambda/b/2026/11/21/theirs"]
    told_once(cloud, event_id)
    shown = cloud.simulator("dlq", "show", left[0])
    assert (shown.returncode, "FlightPulse-Gone" in shown.stdout) == (0, True)
    assert cloud.simulator("dlq", "drop", *left).returncode == 0
    assert letters(cloud) == []


def test_a_batch_of_which_a_part_fails_again_stays(cloud: Cloud) -> None:
    # A record of a stream that has none of our items in it: the handler answers it as failed.
    event = json.loads((REPO / "sample-data/aws-events/dynamodb-stream-rust-runtime.json").read_text())
    event["Records"] = event["Records"][:1]
    key = "c/2026/11/21/stream"
    given_up(cloud, key, event, "FlightPulse-StreamHandler", "DDBStreamBatchInfo")
    assert the_letter(cloud, "batch")["id"] == f"aws/lambda/{key}"
    status, said = redrive(cloud, "--all", "--queue", "bucket")
    assert (status, "a part of it failed again" in said) == (1, True), said
    assert [one["id"] for one in letters(cloud)] == [f"aws/lambda/{key}"]


def test_a_direct_event_goes_to_the_consumer_again(cloud: Cloud, tmp_path: Path) -> None:
    event_id = new_id()
    assert cloud.invoke_consumer({"body": "{}"})["statusCode"] == 400
    letter = the_letter(cloud, "direct event")
    status, said = redrive(cloud, letter["id"], "--with-file", mended(event_id, tmp_path))
    assert status == 0, said
    assert letters(cloud) == []
    told_once(cloud, event_id)


def test_a_booking_is_told_with_its_flight(cloud: Cloud) -> None:
    event_id = new_id()
    passenger = "P001"
    # Gone between booking and telling; seeding brings them back.
    cloud.client("dynamodb").delete_item(
        TableName=TABLE, Key={"PK": {"S": f"PASSENGER#{passenger}"}, "SK": {"S": "METADATA"}}
    )
    cloud.put_delay(event_id, 90)
    assert cloud.execution_of(event_id)["status"] == "SUCCEEDED"
    letter = the_letter(cloud, "booking")
    status, said = redrive(cloud, letter["id"])
    assert (status, f"ops resend {FLIGHT}" in said) == (1, True), said
    assert [one["id"] for one in letters(cloud)] == [letter["id"]]
    dropped = cloud.simulator("dlq", "drop", letter["id"])
    assert (dropped.returncode, "1 dropped" in dropped.stdout) == (0, True)
    assert letters(cloud) == []


def test_large_bytes_come_from_the_bucket(cloud: Cloud) -> None:
    # 20,000 bytes of padding, and an event that is older than the future that it claims.
    event_id = new_id()
    event = {**delay_event(event_id), "timestamp": "2999-01-01T00:00:00Z", "padding": "x" * 20_000}
    cloud.invoke_consumer({"records": {"flight-operations-0": [kafka_record(4, json.dumps(event).encode())]}})
    letter = the_letter(cloud, "kafka record")
    shown = cloud.simulator("dlq", "show", letter["id"])
    assert (event_id in shown.stdout, "s3://" in shown.stdout) == (True, True)
    status, said = redrive(cloud, letter["id"])
    assert (status, "timestamp must be" in said) == (1, True), said


def test_what_is_not_there_is_said(cloud: Cloud) -> None:
    for arguments in (["show", "no-such-letter"], ["redrive", "no-such-letter"], ["drop", "aws/lambda/none"]):
        run = cloud.simulator("dlq", *arguments)
        assert (run.returncode, "there is no letter" in run.stderr) == (1, True), run
    assert redrive(cloud, "--all") == (0, "0 redriven, 0 stay\n")


def test_a_long_queue_is_shown_in_part_and_redriven_whole(cloud: Cloud) -> None:
    batch = [kafka_record(n, b"{}") for n in range(25)]
    cloud.invoke_consumer({"records": {"flight-operations-0": batch}})
    wait_for("all letters", lambda: len(letters(cloud)) == 25)
    few = cloud.simulator("dlq", "list", "--queue", "dead-letters", "--limit", "5").stdout
    assert "5 letters" in few and "about 20 more" in few, few
    status, said = redrive(cloud, "--all", "--force", "--limit", "12")
    assert (status, "12 redriven" in said, "there may be more" in said) == (0, True, True), said

    def ids() -> set[str]:
        return {one["id"] for one in letters(cloud)}

    # Poison comes back as another letter; to send all does not go round with it for ever.
    wait_for("the poison to be back", lambda: len(ids()) == 25)
    before = ids()
    status, said = redrive(cloud, "--all", "--force")
    assert (status, "25 redriven" in said) == (0, True), said
    wait_for("the poison to be back again", lambda: len(ids()) == 25)
    assert not before & ids()
