"""Talks to the deployed local cloud as its users do: Kafka records in, logs, queues and the API out."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import botocore.session
import pytest

REPO = Path(__file__).resolve().parents[2]
ENDPOINT = f"http://127.0.0.1:{os.environ['FLIGHTPULSE_CLOUD_PORT']}"
STATE = Path(os.environ["FLIGHTPULSE_STATE_DIR"])
# Seconds; what takes longer on a busy two-core machine has failed.
DEADLINE = 90.0


def wait_for(what: str, found: Callable[[], Any], deadline: float = DEADLINE) -> Any:
    """The first answer that is not empty; an error that names what did not happen."""
    end = time.monotonic() + deadline
    while True:
        answer = found()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {deadline:.0f} s")
        time.sleep(0.2)


class Cloud:
    """The deployed stack, from outside."""

    def __init__(self) -> None:
        self.outputs: dict[str, str] = json.loads((STATE / "outputs.json").read_text())["FlightPulseStack"]
        session = botocore.session.get_session()
        session.set_credentials("test", "test")
        self._clients = {
            name: session.create_client(name, region_name="us-east-1", endpoint_url=ENDPOINT)
            for name in ("lambda", "sqs", "logs", "dynamodb", "events", "stepfunctions")
        }

    def client(self, name: str) -> Any:
        return self._clients[name]

    def get(self, path: str, method: str = "GET") -> tuple[int, str, Any]:
        """Status, content type and JSON body of an API request."""
        request = urllib.request.Request(self.outputs["LocalApiUrl"] + path, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return response.status, response.headers["content-type"], json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, error.headers["content-type"], json.load(error)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """The local cloud's own control endpoints."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{ENDPOINT}/_flightpulse/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=20) as response:
            return json.load(response)

    def simulator(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        target = Path(os.environ.get("CARGO_TARGET_DIR") or REPO / "target")
        return subprocess.run(
            [str(target / "debug" / "flightpulse-simulator"), *arguments],
            cwd=REPO, capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip

    def scenario(self) -> tuple[int, dict[str, Any]]:
        """Runs scenario 2; its exit code and report."""
        run = self.simulator("scenario", "2", "--json")
        assert run.stdout.strip(), run.stderr
        return run.returncode, json.loads(run.stdout)

    def seed(self) -> None:
        run = self.simulator("seed")
        assert run.returncode == 0, run.stdout + run.stderr

    def invoke_consumer(self, event: Any) -> Any:
        answer = self.client("lambda").invoke(
            FunctionName=self.outputs["KafkaConsumerName"], Payload=json.dumps(event).encode()
        )
        body = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, body
        return body

    def notifications(self, event_id: str) -> list[dict[str, Any]]:
        """Every line in the notification logs about an event."""
        found = []
        for channel in ("email", "sms"):
            group = f"/flightpulse/notifications/{channel}"
            for line in self.client("logs").filter_log_events(logGroupName=group, limit=10000)["events"]:
                detail = json.loads(line["message"])["detail"]
                if detail["event_id"] == event_id:
                    found.append(detail)
        return found

    def drain_dead_letters(self) -> list[dict[str, Any]]:
        """Takes all messages out of the dead-letter queue."""
        sqs, url, found = self.client("sqs"), self.outputs["DeadLetterQueueUrl"], []
        while True:
            messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
            if not messages:
                return found
            for message in messages:
                found.append(json.loads(message["Body"]))
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def execution_of(self, *texts: str) -> dict[str, Any]:
        """The newest finished execution whose input has all of these texts: an event's id, mostly."""

        def finished() -> dict[str, Any] | None:
            sfn = self.client("stepfunctions")
            arn = self.outputs["DelayStateMachineArn"]
            for one in sfn.list_executions(stateMachineArn=arn, maxResults=50)["executions"]:
                told = sfn.describe_execution(executionArn=one["executionArn"])
                if told["status"] != "RUNNING" and all(text in told["input"] for text in texts):
                    return told
            return None

        return wait_for(f"an execution for {texts} that has ended", finished)

    def ended(self, arn: str) -> dict[str, Any]:
        """An execution, once it has ended."""
        sfn = self.client("stepfunctions")

        def finished() -> dict[str, Any] | None:
            told = sfn.describe_execution(executionArn=arn)
            return told if told["status"] != "RUNNING" else None

        return wait_for(f"the end of {arn}", finished)

    def put_delay(self, event_id: str, minutes: int, flight_id: str = "SW5678", **detail: Any) -> None:
        """A delay put on the bus by hand."""
        detail = {"event_id": event_id, "flight_id": flight_id, "delay_minutes": minutes, **detail}
        answer = self.client("events").put_events(
            Entries=[{
                "EventBusName": self.outputs["EventBusName"], "Source": "flightpulse.kafka-consumer",
                "DetailType": "flight.delay.major", "Detail": json.dumps(detail),
            }]
        )  # fmt: skip
        assert answer["FailedEntryCount"] == 0


def new_id() -> str:
    return f"e2e-{uuid.uuid4()}"


def delay_event(event_id: str, minutes: int = 90, flight_id: str = "SW5678") -> dict[str, Any]:
    return {
        "event_id": event_id, "event_type": "FLIGHT_DELAY", "timestamp": datetime.now(UTC).isoformat(),
        "source": "e2e", "payload": {"flight_id": flight_id, "delay_minutes": minutes, "reason": "MECHANICAL"},
    }  # fmt: skip


def kafka_record(offset: int, value: bytes | None, partition: int = 0) -> dict[str, Any]:
    return {
        "topic": "flight-operations", "partition": partition, "offset": offset, "timestamp": 1763719140000,
        "timestampType": "CREATE_TIME", "key": None, "headers": [],
        "value": None if value is None else base64.b64encode(value).decode(),
    }  # fmt: skip


@pytest.fixture(scope="session")
def deployed() -> Cloud:
    return Cloud()


@pytest.fixture
def cloud(deployed: Cloud) -> Cloud:
    """The stack with fresh sample data, an obedient model and no mutant."""
    deployed.control("DELETE", "bedrock")
    deployed.control("PUT", "mutant", {"kind": "none"})
    deployed.control("DELETE", "fault")
    deployed.drain_dead_letters()
    deployed.seed()
    return deployed
