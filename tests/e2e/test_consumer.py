"""The deployed consumer: AWS's own sample events, poison, neighbours, unknown flights."""

import json

import pytest
from conftest import REPO, Cloud, delay_event, kafka_record, new_id, wait_for


@pytest.mark.parametrize("name", ["msk-rust-runtime", "msk-powertools", "self-managed-powertools"])
def test_aws_sample_events_go_through(cloud: Cloud, name: str) -> None:
    event = json.loads((REPO / "sample-data/aws-events" / f"{name}.json").read_text())
    count = sum(len(records) for records in event["records"].values())
    assert cloud.invoke_consumer(event) == {"batchItemFailures": []}
    letters = cloud.drain_dead_letters()
    assert len(letters) == count
    assert all(letter["reason"] and letter["kind"] == "kafka_record" for letter in letters)


def test_poison_is_set_aside_with_its_bytes_and_its_neighbours_go_on(cloud: Cloud) -> None:
    good = new_id()
    negative = delay_event(new_id(), minutes=-5)
    large = b"x" * 20_000
    batch = {
        "eventSource": "aws:kafka",
        "records": {
            "flight-operations-0": [
                kafka_record(1, b"not json"),
                kafka_record(2, json.dumps(delay_event(good)).encode()),
                kafka_record(3, None),
                kafka_record(4, large),
            ],
            "flight-operations-1": [kafka_record(9, json.dumps(negative).encode(), partition=1)],
        },
    }
    assert cloud.invoke_consumer(batch) == {"batchItemFailures": []}
    letters = {(one["partition"], one["offset"]): one for one in cloud.drain_dead_letters()}
    assert set(letters) == {(0, 1), (0, 3), (0, 4), (1, 9)}
    assert "-5" in letters[1, 9]["reason"]
    assert "tombstone" in letters[0, 3]["reason"]
    assert letters[0, 4]["bytes_at"].startswith("s3://")
    assert cloud.execution_of(good)["status"] == "SUCCEEDED"


def test_poison_that_a_queue_would_not_take_is_set_aside_too(cloud: Cloud) -> None:
    poison = '{"event_id": "x", "event_type": "\uffff"}'.encode()
    assert cloud.invoke_consumer({"records": {"t-0": [kafka_record(1, poison)]}}) == {"batchItemFailures": []}
    assert len(cloud.drain_dead_letters()) == 1


def test_poison_on_kafka_itself_does_not_block_what_comes_after(cloud: Cloud, tmp_path) -> None:  # noqa: ANN001
    poison = tmp_path / "poison.json"
    poison.write_bytes(b'{"event_type": "FLIGHT_EXPLODED"')
    assert cloud.simulator("produce", "--raw", str(poison), "--flight-id", "SW5678").returncode == 0
    good = new_id()
    run = cloud.simulator(
        "produce", "--event-type", "FLIGHT_DELAY", "--flight-id", "SW5678", "--delay-minutes", "45",
        "--reason", "WEATHER", "--event-id", good,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert cloud.execution_of(good)["status"] == "SUCCEEDED"
    letters = wait_for("the poison in the dead letters", cloud.drain_dead_letters)
    assert "not JSON" in letters[0]["reason"]


def test_an_unknown_flight_waits_in_its_queue(cloud: Cloud) -> None:
    sqs = cloud.client("sqs")
    url = sqs.get_queue_url(QueueName="FlightPulse-UnknownFlights")["QueueUrl"]
    event = delay_event(new_id(), flight_id="SW0000")
    cloud.invoke_consumer({"records": {"t-0": [kafka_record(1, json.dumps(event).encode())]}})

    def found() -> bool:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return any(event["event_id"] in message["Body"] for message in messages)

    wait_for("the event in the queue", found)


def test_an_event_can_be_handed_over_directly(cloud: Cloud) -> None:
    event_id = new_id()
    answer = cloud.invoke_consumer({"body": json.dumps(delay_event(event_id))})
    assert answer["statusCode"] == 202
    assert cloud.execution_of(event_id)["status"] == "SUCCEEDED"
    assert cloud.invoke_consumer({"body": "{}"})["statusCode"] == 400


def test_an_event_that_tells_nobody_is_done_with_and_starts_no_workflow(cloud: Cloud) -> None:
    quiet, told = new_id(), new_id()
    record = kafka_record(1, json.dumps(delay_event(quiet, minutes=0)).encode())
    assert cloud.invoke_consumer({"records": {"t-0": [record]}}) == {"batchItemFailures": []}
    claim = cloud.item(f"EVENT#{quiet}", "CLAIM#SW5678")
    assert claim is not None
    assert (claim["state"], claim["outcome"]) == ("DONE", "NOT_MATERIAL")
    flight = cloud.item("FLIGHT#SW5678")
    assert flight is not None
    assert flight["schedule_version"].endswith(quiet)
    # A rule would have started its workflow before that of what came after it.
    cloud.invoke_consumer({"body": json.dumps(delay_event(told))})
    assert cloud.outcome(told)["outcome"] == "TELL"
    assert not cloud.executions_of(quiet)
    # A repeat goes the long way, and is found done.
    cloud.invoke_consumer({"records": {"t-0": [record]}})
    assert cloud.outcome(quiet)["outcome"] == "DONE_BEFORE"
    assert len(cloud.executions_of(quiet)) == 1
    assert cloud.notifications(quiet) == []
