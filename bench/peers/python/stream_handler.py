"""FlightPulse-StreamHandler as a Python function: the same records in, the same calls and events out."""

from __future__ import annotations

import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from botocore.exceptions import BotoCoreError, ClientError
from shared import calls, config
from stream_records import Unreadable, read

BUS = os.environ["EVENT_BUS_NAME"]
events = boto3.client("events", config=config(1))
logger = Logger(service="FlightPulse-StreamHandler")
metrics = Metrics(namespace="FlightPulse", service="FlightPulse-StreamHandler")


class InvalidInput(Exception):
    """What this function cannot handle: the mapping delivers its batch in halves."""


def handler(batch: dict[str, Any], _context: Any) -> dict[str, Any]:
    """One batch of the stream: what stands before an unreadable record is published, and the batch is cut there."""
    records = batch.get("Records")
    if not isinstance(records, list):
        raise InvalidInput("the event is none of a stream: it has no `Records`")
    entries, numbers, lowest, unreadable = [], [], None, 0
    for at, record in enumerate(records):
        try:
            event = read(record)
        except Unreadable as error:
            unreadable, lowest = 1, record.get("dynamodb", {}).get("SequenceNumber")
            logger.error("unreadable record", extra={"reason": str(error), "number": lowest})
            # At the head of others it would take all of them with it.
            if lowest is None or (at == 0 and len(records) > 1):
                report(0, 0, unreadable)
                raise InvalidInput(str(error)) from None
            break
        if event:
            entries.append({"EventBusName": BUS, "Source": "flightpulse.stream-handler", **event})
            numbers.append(record["dynamodb"]["SequenceNumber"])
    failed = publish(entries, numbers)
    report(len(entries) - len(failed), len(failed), unreadable)
    failed += [lowest] if lowest else []
    return {"batchItemFailures": [{"itemIdentifier": min(failed, key=int)}] if failed else []}


def publish(entries: list[dict[str, str]], numbers: list[str]) -> list[str]:
    """Ten a call, one after the other: what follows a failure comes again anyway. Gives what is not on the bus."""
    for call in calls(entries):
        try:
            results = events.put_events(Entries=[entries[at] for at in call])["Entries"]
        except (BotoCoreError, ClientError) as error:
            logger.error("changes of status are not published", extra={"reason": str(error)})
            return numbers[call.start :]
        left = [numbers[at] for at, result in zip(call, results, strict=True) if "ErrorCode" in result]
        if left:
            return left + numbers[call.stop :]
    return []


def report(published: int, failed: int, unreadable: int) -> None:
    counts = {
        "StatusChangesPublished": published, "RecordsFailed": failed, "StreamRecordsUnreadable": unreadable,
    }  # fmt: skip
    for name, count in counts.items():
        if count:
            metrics.add_metric(name, MetricUnit.Count, count)
    if any(counts.values()):
        metrics.flush_metrics()
