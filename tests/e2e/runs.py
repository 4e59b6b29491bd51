"""A run of a workflow about things of its own, so that many can fail side by side; and what its end is."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterable
from typing import Any

from conftest import TABLE, WORKFLOWS, Cloud, new_id, wait_for

MODEL = "SW5678"
# Two who are told in two languages, and one who is told nothing.
BOOKINGS = ("B001", "B002", "B008")
# What starts each workflow: something to tell, and nothing to tell.
NEWS = {
    "delay-notification": ("flight.delay.major", {"delay_minutes": 90}),
    "cancellation": ("flight.cancelled", {"reason": "WEATHER"}),
    "gate-change": ("flight.gate_change", {"new_gate": "D15", "terminal_change": True}),
}
NO_NEWS = {
    "delay-notification": ("flight.delay.minor", {"delay_minutes": 0}),
    "cancellation": ("flight.reinstated", {}),
    "gate-change": ("flight.gate_change", {"new_gate": "D15"}),
}
# Nobody is told the gate of a flight that is cancelled.
CANCELLED = "gate-change"
AT = "2026-11-01T09:00:00Z"


class Flights:
    """Copies of one flight of the sample data with some of its bookings, under ids of their own."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._items = [typed_item(cloud, f"FLIGHT#{MODEL}", "METADATA")]
        for booking in BOOKINGS:
            self._items += [typed_item(cloud, f"FLIGHT#{MODEL}", f"BOOKING#{booking}")]
            self._items += [typed_item(cloud, f"BOOKING#{booking}", "METADATA")]
        self._made: list[dict[str, Any]] = []

    def make(self, runs: list[Telling]) -> None:
        """A copy for each run."""
        items = []
        for run in runs:
            text = json.dumps(self._items).replace(MODEL, run.flight)
            if run.quiet and run.workflow == CANCELLED:
                text = text.replace("SCHEDULED", "CANCELLED")
            for booking in BOOKINGS:
                text = text.replace(booking, f"{booking}-{run.own}")
            items += json.loads(text)
        self._made += [{"PK": one["PK"], "SK": one["SK"]} for one in items]
        self._write([{"PutRequest": {"Item": one}} for one in items])

    def remove(self) -> None:
        """All of them; other tests list the flights that there are."""
        self._write([{"DeleteRequest": {"Key": key}} for key in self._made])
        self._made = []

    def _write(self, requests: list[dict[str, Any]]) -> None:
        for nth in range(0, len(requests), 25):
            answer = self._cloud.client("dynamodb").batch_write_item(RequestItems={TABLE: requests[nth : nth + 25]})
            assert not answer["UnprocessedItems"]


def typed_item(cloud: Cloud, pk: str, sk: str) -> dict[str, Any]:
    """An item with DynamoDB's types."""
    return cloud.client("dynamodb").get_item(TableName=TABLE, Key={"PK": {"S": pk}, "SK": {"S": sk}})["Item"]


class Telling:
    """An event about a flight of its own."""

    def __init__(
        self, cloud: Cloud, workflow: str, state: str = "", moment: str = "", quiet: bool = False
    ) -> None:  # fmt: skip
        self.cloud, self.workflow, self.state, self.moment, self.quiet = cloud, workflow, state, moment, quiet
        self.own = uuid.uuid4().hex[:12]
        self.about = new_id()
        self.flight = f"{MODEL}-{self.own}"
        self.arn = ""
        detail_type, detail = (NO_NEWS if quiet else NEWS)[workflow]
        # As the bus hands it to the workflow.
        self.event = {
            "version": "0", "id": self.about, "detail-type": detail_type, "source": "flightpulse.kafka-consumer",
            "time": AT, "region": "us-east-1", "resources": [],
            "detail": {"event_id": self.about, "flight_id": self.flight, "occurred_at": AT, **detail},
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.workflow}, {self.state} {self.moment}"

    def begin(self) -> None:
        self.arn = self.again(self.event)

    def again(self, event: Any) -> str:
        """Another execution, of the event as it was or as a dead letter has it."""
        return started(self.cloud, WORKFLOWS[self.workflow], event)

    def claim(self) -> str | None:
        """The state of the event's claim; none if there is no claim."""
        item = self.cloud.item(f"EVENT#{self.about}", f"CLAIM#{self.flight}")
        return item["state"] if item else None

    def is_claimed_by(self, owner: str) -> None:
        """The event, for an hour from now, by an execution that never ends."""
        item = {"state": "IN_PROGRESS", "owner": owner, "PK": f"EVENT#{self.about}", "SK": f"CLAIM#{self.flight}"}
        typed: dict[str, Any] = {name: {"S": value} for name, value in item.items()}
        typed["claimed_until"] = {"N": str(int(time.time()) + 3600)}
        self.cloud.client("dynamodb").put_item(TableName=TABLE, Item=typed)

    def an_hour_goes_by(self) -> None:
        """For the event's claim, which then is over."""
        self.cloud.client("dynamodb").update_item(
            TableName=TABLE, Key={"PK": {"S": f"EVENT#{self.about}"}, "SK": {"S": f"CLAIM#{self.flight}"}},
            UpdateExpression="SET claimed_until = :past", ConditionExpression="attribute_exists(PK)",
            ExpressionAttributeValues={":past": {"N": str(int(time.time()) - 1)}},
        )  # fmt: skip

    def end(self, delivered: dict[str, list[dict[str, Any]]], asked: list[dict[str, Any]]) -> Any:
        """All that came of the event, without what is another for each event."""
        items = [typed_item(self.cloud, f"FLIGHT#{self.flight}", "METADATA")]
        items += [typed_item(self.cloud, f"BOOKING#{booking}-{self.own}", "METADATA") for booking in BOOKINGS]
        claims = self.cloud.client("dynamodb").query(
            TableName=TABLE, IndexName="GSI1", KeyConditionExpression="GSI1PK = :flight",
            ExpressionAttributeValues={":flight": {"S": f"FLIGHT#{self.flight}"}},
        )["Items"]  # fmt: skip
        told = delivered.get(self.about, [])
        ids = [one["notification_id"] for one in told]
        assert len(ids) == len(set(ids)), f"{self}: delivered more than once: {told}"
        # A repeat may travel, always under the same id.
        rebookings = {one["rebooking_id"]: one["booking_id"] for one in asked if one["event_id"] == self.about}
        end = {
            "items": [without_revisions(one) for one in items],
            "told": sorted((one["booking_id"], one["channel"], one["text"]) for one in told),
            "rebookings": sorted(rebookings.values()),
            "notifications": sorted(one["state"]["S"] for one in claims),
            "claim": self.claim(),
        }
        return json.loads(json.dumps(end).replace(self.about, "EVENT").replace(self.own, "OWN"))


def without_revisions(item: Any) -> Any:
    """How often an item was written differs with what failed."""
    if not isinstance(item, dict):
        return item
    return {name: without_revisions(value) for name, value in item.items() if name != "revision"}


def delivered(cloud: Cloud, since: float) -> dict[str, list[dict[str, Any]]]:
    """What the notification logs have got since then, by event."""
    found: dict[str, list[dict[str, Any]]] = {}
    for channel in ("email", "sms"):
        pages = cloud.client("logs").get_paginator("filter_log_events").paginate(
            logGroupName=f"/flightpulse/notifications/{channel}", startTime=int(since * 1000)
        )  # fmt: skip
        for page in pages:
            for line in page["events"]:
                detail = json.loads(line["message"])["detail"]
                found.setdefault(detail["event_id"], []).append(detail)
    return found


def started(cloud: Cloud, output: str, event: Any) -> str:
    """An execution of this event."""
    arn = cloud.outputs[output]
    return cloud.client("stepfunctions").start_execution(stateMachineArn=arn, input=json.dumps(event))["executionArn"]


def ended(cloud: Cloud, arns: Iterable[str]) -> list[dict[str, Any]]:
    """These executions, once all of them have ended."""
    return [cloud.ended(arn) for arn in list(arns)]


def queued(cloud: Cloud, output: str) -> list[dict[str, Any]]:
    """All that is in a queue; it is taken out."""
    sqs, url, found = cloud.client("sqs"), cloud.outputs[output], []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        found += [json.loads(one["Body"]) for one in messages]
        entries = [{"Id": str(nth), "ReceiptHandle": one["ReceiptHandle"]} for nth, one in enumerate(messages)]
        sqs.delete_message_batch(QueueUrl=url, Entries=entries)
    return found


def entered(cloud: Cloud, arn: str, state: str) -> None:
    """Waits until an execution has come to a state."""

    def there() -> bool:
        page = cloud.client("stepfunctions").get_execution_history(executionArn=arn, maxResults=1000)
        return any(event.get("stateEnteredEventDetails", {}).get("name") == state for event in page["events"])

    wait_for(f"{state} of {arn}", there)
