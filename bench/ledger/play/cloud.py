"""The deployed local cloud, as who plays loads on it needs it."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from .. import REPO

TABLE = "FlightPulseTable"
MACHINES = ("Delay", "Cancellation", "GateChange", "Reconciliation")
# How an execution ends that has not succeeded.
UNDONE = ("FAILED", "TIMED_OUT", "ABORTED")
# Seconds: nothing was billed for so long, so all is over. The stream's window is one second; what is made ready
# beforehand sets nothing off.
QUIET, READY = 4.0, 0.5
DEADLINE = 900.0

Billed = dict[str, dict[str, float]]


class Cloud:
    """The stack, its endpoint and the program that makes bookings."""

    def __init__(self) -> None:
        self.endpoint = f"http://127.0.0.1:{os.environ['FLIGHTPULSE_CLOUD_PORT']}"
        outputs = Path(os.environ["FLIGHTPULSE_STATE_DIR"]) / "outputs.json"
        self.outputs: dict[str, str] = json.loads(outputs.read_text())["FlightPulseStack"]
        session = botocore.session.get_session()
        session.set_credentials("test", "test")
        self._credentials = Credentials("test", "test")
        self._clients = {
            name: session.create_client(
                name, region_name="us-east-1", endpoint_url=self.endpoint, config=Config(read_timeout=120)
            )
            for name in ("lambda", "dynamodb", "stepfunctions", "s3")
        }
        # What API Gateway would be asked, and what it would send out.
        self.asked = {"requests": 0, "bytes": 0}

    def client(self, name: str) -> Any:
        """A client of one service."""
        return self._clients[name]

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """The local cloud's own endpoints."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/_flightpulse/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    def consume(self, values: list[dict[str, Any]]) -> None:
        """Hands the consumer one batch of Kafka records, as its mapping does."""
        from .events import batch

        answer = self.client("lambda").invoke(
            FunctionName=self.outputs["KafkaConsumerName"], Payload=json.dumps(batch(values)).encode()
        )
        body = json.loads(answer["Payload"].read())
        if "FunctionError" in answer or body != {"batchItemFailures": []}:
            raise RuntimeError(f"the consumer answers {body}")

    def write(self, items: list[dict[str, Any]]) -> None:
        """Puts items into the table."""
        for start in range(0, len(items), 25):
            left = {TABLE: [{"PutRequest": {"Item": item}} for item in items[start : start + 25]]}
            while left:
                left = self.client("dynamodb").batch_write_item(RequestItems=left).get("UnprocessedItems")

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, headers: Any = None) -> tuple[int, Any]:
        """A request to the API, signed unless it brings headers of its own; status and headers."""
        url = self.outputs["LocalApiUrl"] + path
        sent = dict(headers or {})
        if headers is None or "if-none-match" in sent:
            request = AWSRequest(method, url, headers=sent, data=body)
            SigV4Auth(self._credentials, "execute-api", "us-east-1").add_auth(request)
            sent = dict(request.headers)
        prepared = urllib.request.Request(url, data=body, headers=sent, method=method)
        try:
            with urllib.request.urlopen(prepared, timeout=60) as response:
                status, told, read = response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            status, told, read = error.code, error.headers, error.read()
        self.asked["requests"] += 1
        # Headers go out too.
        self.asked["bytes"] += len(read) + sum(len(name) + len(value) + 4 for name, value in told.items())
        return status, told

    def simulator(self, *arguments: str) -> str:
        """What the simulator says."""
        target = Path(os.environ.get("CARGO_TARGET_DIR") or REPO / "target")
        done = subprocess.run(
            [str(target / "debug" / "flightpulse-simulator"), *arguments],
            cwd=REPO, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"the simulator says: {done.stderr}{done.stdout}")
        return done.stdout

    def running(self) -> bool:
        """Whether a workflow runs."""
        workflows = self.client("stepfunctions")
        arns = [self.outputs[f"{name}StateMachineArn"] for name in MACHINES]
        return any(
            workflows.list_executions(stateMachineArn=arn, statusFilter="RUNNING", maxResults=1)["executions"]
            for arn in arns
        )

    def failed(self) -> int:
        """How many executions have not done what they were for."""
        workflows = self.client("stepfunctions")
        arns = [self.outputs[f"{name}StateMachineArn"] for name in MACHINES]
        return sum(
            len(workflows.list_executions(stateMachineArn=arn, statusFilter=status, maxResults=1000)["executions"])
            for arn in arns
            for status in UNDONE
        )

    def settled(self, quiet: float = QUIET) -> Billed:
        """What was billed, once nothing more is for so many seconds."""
        end = time.monotonic() + DEADLINE
        last, since = self.control("GET", "billed"), time.monotonic()
        while time.monotonic() - since < quiet or self.running():
            if time.monotonic() > end:
                raise RuntimeError(f"the load is not over after {DEADLINE:.0f} s")
            time.sleep(0.25)
            seen = self.control("GET", "billed")
            if seen != last:
                last, since = seen, time.monotonic()
        return last

    def counted(self, play: Callable[[], Any]) -> Billed:
        """What a load has billed in all; whatever was billed before does not count."""
        self.settled(READY)
        for name in ("billed", "bedrock"):
            self.control("DELETE", name)
        self.asked.update(requests=0, bytes=0)
        play()
        billed = self.settled()
        if self.asked["requests"]:
            billed["apigateway.requests"] = {"all": self.asked["requests"]}
            billed["transfer.bytes"] = {"all": self.asked["bytes"]}
        return billed
