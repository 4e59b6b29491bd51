"""The producer function, which the local stack does not have: the real binary, as a function of its own, writes to the
local brokers, and the simulator goes through it as it does on AWS."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ENDPOINT, REPO, STATE, Cloud, delay_event, new_id, wait_for
from functions import made

NAME = "FlightPulse-KafkaProducer"


@pytest.fixture(scope="module")
def producer(deployed: Cloud) -> Iterator[str]:
    """The function as the CDK app would make it for brokers that ask for no sign-in."""
    variables = {"KAFKA_BROKERS": (STATE / "kafka.bootstrap").read_text().strip(), "KAFKA_SIGN_IN": "NONE"}
    with made(deployed, NAME, "flightpulse-kafka-producer", variables, timeout=30) as name:
        yield name


def invoke(cloud: Cloud, request: Any) -> tuple[str | None, Any]:
    """The kind of error, if any, and the answer."""
    answer = cloud.client("lambda").invoke(FunctionName=NAME, Payload=json.dumps(request).encode())
    return answer.get("FunctionError"), json.loads(answer["Payload"].read())


def record(event: dict[str, Any], correlation_id: str) -> dict[str, Any]:
    value = base64.b64encode(json.dumps(event).encode()).decode()
    headers = {"correlation_id": correlation_id}
    return {"key": event["payload"]["flight_id"], "value_base64": value, "headers": headers}


def test_what_the_function_writes_takes_the_usual_way(cloud: Cloud, producer: str) -> None:
    event_id = new_id()
    error, answer = invoke(cloud, {"records": [record(delay_event(event_id), "from-the-producer")]})
    assert error is None, answer
    assert answer["topic"] == "flight-operations"
    (written,) = answer["records"]
    assert written.keys() == {"partition", "offset"}
    assert cloud.outcome(event_id)["outcome"] == "TELL"
    assert {one["correlation_id"] for one in cloud.notifications(event_id)} == {"from-the-producer"}


def test_records_of_a_key_are_in_one_partition_in_order_whoever_writes_them(cloud: Cloud, producer: str) -> None:
    records = [{"key": f"SW{n % 3}", "value_base64": base64.b64encode(b"no event").decode()} for n in range(30)]
    error, answer = invoke(cloud, {"records": records})
    assert error is None, answer
    places: dict[str, list[tuple[int, int]]] = {}
    for sent, written in zip(records, answer["records"], strict=True):
        places.setdefault(sent["key"], []).append((written["partition"], written["offset"]))
    for key, found in places.items():
        assert len({partition for partition, _ in found}) == 1
        assert found == sorted(found)
        run = cloud.simulator(
            "produce", "--event-type", "FLIGHT_REINSTATED", "--flight-id", key, "--json",
        )  # fmt: skip
        written = json.loads(run.stdout)
        assert written["partition"] == found[0][0], "the Kafka client places the key elsewhere"
        assert written["offset"] > found[-1][1]
    letters: list[dict[str, Any]] = []
    wait_for("the poison in the dead letters", lambda: letters.extend(cloud.drain_dead_letters()) or len(letters) >= 30)
    # Nobody knows these flights: what was said of them waits, and is not for the next test to find.
    flights = len(places)
    wait_for("the events of unknown flights", lambda: cloud.waiting("UnknownFlightsQueueUrl") >= flights)
    cloud.drain("UnknownFlightsQueueUrl")


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        ({"records": []}, "a request has 1 to 500 records; this one has 0"),
        ({"records": [{"value_base64": "*"}]}, "records[0].value_base64 is no base64"),
        ({"record": {}}, "unknown field `record`"),
    ],
)
def test_what_is_no_request_is_refused(cloud: Cloud, producer: str, request_: Any, says: str) -> None:
    error, answer = invoke(cloud, request_)
    assert error
    assert answer["errorType"] == "InvalidInput"
    assert says in answer["errorMessage"]


class Aws:
    """A machine that knows the stack by its outputs alone and cannot reach the brokers, as a laptop and MSK."""

    def __init__(self, folder: Path, cloud: Cloud, **outputs: str) -> None:
        known = {**cloud.outputs, "ApiUrl": cloud.outputs["LocalApiUrl"], **outputs}
        (folder / "aws-outputs.json").write_text(json.dumps({"FlightPulseStack": known}))
        self._env = {name: value for name, value in os.environ.items() if name != "KAFKA_BROKERS"}
        self._env.update(
            FLIGHTPULSE_STATE_DIR=str(folder), AWS_ENDPOINT_URL=ENDPOINT, AWS_REGION="us-east-1",
            AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test",
        )  # fmt: skip

    def simulator(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        target = Path(os.environ.get("CARGO_TARGET_DIR") or REPO / "target")
        return subprocess.run(
            [str(target / "debug" / "flightpulse-simulator"), "--aws", *arguments],
            cwd=REPO, env=self._env, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip


@pytest.mark.parametrize("number", [2, 5])
def test_a_scenario_passes_through_the_function(cloud: Cloud, producer: str, tmp_path: Path, number: int) -> None:
    run = Aws(tmp_path, cloud, KafkaProducerName=producer).simulator("scenario", str(number), "--json")
    assert run.stdout.strip(), run.stderr
    report = json.loads(run.stdout)
    assert [check for check in report["verdict"]["checks"] if not check["ok"]] == []
    assert run.returncode == 0


def test_an_event_is_produced_through_the_function(cloud: Cloud, producer: str, tmp_path: Path) -> None:
    event_id = new_id()
    run = Aws(tmp_path, cloud, KafkaProducerName=producer).simulator(
        "produce", "--event-type", "GATE_CHANGE", "--flight-id", "SW3456", "--old-gate", "A5", "--new-gate", "D15",
        "--terminal-change", "--event-id", event_id, "--json",
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["event_id"] == event_id
    assert cloud.outcome(event_id)["outcome"] == "TELL"


def test_without_brokers_and_function_it_says_what_there_could_be(cloud: Cloud, tmp_path: Path) -> None:
    run = Aws(tmp_path, cloud).simulator("produce", "--event-type", "FLIGHT_REINSTATED", "--flight-id", "SW1234")
    assert run.returncode == 2
    assert "--aws needs --brokers" in run.stderr
    assert "-c kafkaProducer=true" in run.stderr
