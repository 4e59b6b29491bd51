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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

REPO = Path(__file__).resolve().parents[2]
ENDPOINT = f"http://127.0.0.1:{os.environ['FLIGHTPULSE_CLOUD_PORT']}"
STATE = Path(os.environ["FLIGHTPULSE_STATE_DIR"])
TABLE = "FlightPulseTable"
WORKFLOWS = {
    "delay-notification": "DelayStateMachineArn",
    "cancellation": "CancellationStateMachineArn",
    "gate-change": "GateChangeStateMachineArn",
}
# Seconds; what takes longer on a busy two-core machine has failed.
DEADLINE = 90.0
# The share that pauses of workflows take where nobody waits for them; attempts are as many as defined.
PAUSES = 0.02


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


@dataclass(frozen=True)
class Answer:
    """What a request to the API got. Headers are found by name in any case."""

    status: int
    headers: Message
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get_content_type()

    def json(self) -> Any:
        return json.loads(self.body)


class Cloud:
    """The deployed stack, from outside."""

    def __init__(self) -> None:
        self.outputs: dict[str, str] = json.loads((STATE / "outputs.json").read_text())["FlightPulseStack"]
        session = botocore.session.get_session()
        session.set_credentials("test", "test")
        self._clients = {
            name: session.create_client(name, region_name="us-east-1", endpoint_url=ENDPOINT)
            for name in ("lambda", "sqs", "logs", "dynamodb", "events", "stepfunctions", "s3", "secretsmanager")
        }

        self._inputs: dict[str, str] = {}

    def client(self, name: str) -> Any:
        return self._clients[name]

    def ask(
        self, path: str, method: str = "GET", body: Any = None, signed: bool = False, key: str = "test",
        **headers: str,
    ) -> Answer:  # fmt: skip
        """A request to the API, signed as AWS documents it or not at all; `if_match` is the header If-Match."""
        url = self.outputs["LocalApiUrl"] + path
        data = None if body is None else json.dumps(body).encode()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if data is not None:
            sent.setdefault("content-type", "application/json")
        if signed:
            request = AWSRequest(method, url, headers=sent, data=data)
            SigV4Auth(Credentials(key, "test"), "execute-api", "us-east-1").add_auth(request)
            sent = dict(request.headers)
        prepared = urllib.request.Request(url, data=data, headers=sent, method=method)
        try:
            with urllib.request.urlopen(prepared, timeout=20) as response:
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def get(self, path: str) -> tuple[int, str, Any]:
        """Status, content type and JSON body of an unsigned API request."""
        answer = self.ask(path)
        return answer.status, answer.headers["content-type"], answer.json()

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

    def scenario(self, number: int = 2) -> tuple[int, dict[str, Any]]:
        """Runs a scenario; its exit code and report."""
        run = self.simulator("scenario", str(number), "--json")
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

    def executions_of(self, *texts: str) -> list[str]:
        """The recent executions whose input has all of these texts: an event's id, mostly."""
        sfn = self.client("stepfunctions")
        found = []
        for output in WORKFLOWS.values():
            recent = sfn.list_executions(stateMachineArn=self.outputs[output], maxResults=50)["executions"]
            for arn in (one["executionArn"] for one in recent):
                # An input stays what it is: asked for once.
                if arn not in self._inputs:
                    self._inputs[arn] = sfn.describe_execution(executionArn=arn)["input"]
                if all(text in self._inputs[arn] for text in texts):
                    found.append(arn)
        return found

    def execution_of(self, *texts: str) -> dict[str, Any]:
        """The newest finished execution whose input has all of these texts: an event's id, mostly."""

        def finished() -> dict[str, Any] | None:
            sfn = self.client("stepfunctions")
            found = (sfn.describe_execution(executionArn=arn) for arn in self.executions_of(*texts))
            return next((told for told in found if told["status"] != "RUNNING"), None)

        return wait_for(f"an execution for {texts} that has ended", finished)

    def settled(self) -> None:
        """Waits until no workflow runs."""

        def idle() -> bool:
            machines = [self.outputs[output] for output in WORKFLOWS.values()]
            running = (
                self.client("stepfunctions").list_executions(stateMachineArn=one, statusFilter="RUNNING")
                for one in machines
            )
            return not any(answer["executions"] for answer in running)

        wait_for("the end of every workflow", idle)

    def booking_sources(self) -> dict[str, Any]:
        """Who may send bookings, by name, with their secrets."""
        secret = self.client("secretsmanager").get_secret_value(SecretId=self.outputs["BookingSourcesSecretArn"])
        return json.loads(secret["SecretString"])

    def bookings_settled(self) -> None:
        """Waits until every booking event that was taken is done with."""
        wait_for("the end of every booking event", lambda: self.waiting("BookingQueueUrl") == 0)

    def ended(self, arn: str) -> dict[str, Any]:
        """An execution, once it has ended."""
        sfn = self.client("stepfunctions")

        def finished() -> dict[str, Any] | None:
            told = sfn.describe_execution(executionArn=arn)
            return told if told["status"] != "RUNNING" else None

        return wait_for(f"the end of {arn}", finished)

    def put(self, detail_type: str, event_id: str, flight_id: str = "SW5678", **detail: Any) -> None:
        """An event put on the bus by hand."""
        detail = {"event_id": event_id, "flight_id": flight_id, **detail}
        answer = self.client("events").put_events(
            Entries=[{
                "EventBusName": self.outputs["EventBusName"], "Source": "flightpulse.kafka-consumer",
                "DetailType": detail_type, "Detail": json.dumps(detail),
            }]
        )  # fmt: skip
        assert answer["FailedEntryCount"] == 0

    def put_delay(self, event_id: str, minutes: int, flight_id: str = "SW5678", **detail: Any) -> None:
        """A delay put on the bus by hand."""
        self.put("flight.delay.major", event_id, flight_id, delay_minutes=minutes, **detail)

    def outcome(self, event_id: str) -> dict[str, Any]:
        """What the execution for an event answered."""
        execution = self.execution_of(event_id)
        assert execution["status"] == "SUCCEEDED", execution
        return json.loads(execution["output"])

    def item(self, pk: str, sk: str = "METADATA") -> dict[str, Any] | None:
        """An item of the table, with DynamoDB's types taken off its texts, numbers and flags."""
        found = self.client("dynamodb").get_item(TableName=TABLE, Key={"PK": {"S": pk}, "SK": {"S": sk}})
        if "Item" not in found:
            return None
        return {name: next(iter(value.values())) for name, value in found["Item"].items()}

    def bookings(self, flight_id: str) -> dict[str, str]:
        """The status of each booking of a flight."""
        entries = self.client("dynamodb").query(
            TableName=TABLE, KeyConditionExpression="PK = :f AND begins_with(SK, :b)",
            ExpressionAttributeValues={":f": {"S": f"FLIGHT#{flight_id}"}, ":b": {"S": "BOOKING#"}},
        )["Items"]  # fmt: skip
        ids = [entry["booking_id"]["S"] for entry in entries]
        return {one: (self.item(f"BOOKING#{one}") or {"booking_status": "GONE"})["booking_status"] for one in ids}

    def rebookings(self, event_id: str) -> list[dict[str, Any]]:
        """The requests to rebook that an event brought about; the queue keeps them."""
        sqs, url, found = self.client("sqs"), self.outputs["RebookingQueueUrl"], {}
        while True:
            answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=5)
            new = {one["MessageId"]: one["Body"] for one in answer.get("Messages", [])}
            if not new.keys() - found.keys():
                break
            found.update(new)
        details = [json.loads(body)["detail"] for body in found.values()]
        return [detail for detail in details if detail["event_id"] == event_id]

    def drain(self, output: str) -> None:
        """Empties a queue."""
        self.client("sqs").purge_queue(QueueUrl=self.outputs[output])

    def waiting(self, output: str) -> int:
        """How many messages a queue has, those in flight too."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self.client("sqs").get_queue_attributes(QueueUrl=self.outputs[output], AttributeNames=names)
        return sum(int(answer["Attributes"][name]) for name in names)

    def admin(self, method: str, path: str, body: Any = None, signed: bool = True) -> tuple[int, Any]:
        """Status and body of a request to the operators' API."""
        answer = self.ask(path, method, body, signed)
        return answer.status, answer.json()


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
    """The stack with fresh sample data, an obedient model, no mutant and no fault, at its own pace."""
    deployed.control("DELETE", "bedrock")
    deployed.control("PUT", "mutant", {"kind": "none"})
    deployed.control("DELETE", "fault")
    deployed.control("DELETE", "pauses")
    deployed.drain_dead_letters()
    deployed.drain("RebookingQueueUrl")
    deployed.seed()
    return deployed


@pytest.fixture
def hasty(cloud: Cloud) -> Iterator[Cloud]:
    """The same, where retries and waits pass as fast as they may."""
    cloud.control("PUT", "pauses", {"share": PAUSES})
    yield cloud
    cloud.control("DELETE", "pauses")
