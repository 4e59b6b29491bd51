"""FlightPulse-KafkaConsumer as a Python function: the same events in, the same calls and events out."""

from __future__ import annotations

import base64
import os
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import orjson
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from shared import ID, calls, config

TABLE, BUS, QUEUE = os.environ["TABLE_NAME"], os.environ["EVENT_BUS_NAME"], os.environ["DEAD_LETTER_QUEUE_URL"]
CALLS = 8
CONFIG = config(CALLS)
dynamodb, events = boto3.client("dynamodb", config=CONFIG), boto3.client("events", config=CONFIG)
pool = ThreadPoolExecutor(CALLS)
logger = Logger(service="FlightPulse-KafkaConsumer")
metrics = Metrics(namespace="FlightPulse", service="FlightPulse-KafkaConsumer")

GATE = re.compile(r"(?! )[A-Za-z0-9 -]{1,8}(?<! )")
REASONS = {"WEATHER", "MECHANICAL", "CREW", "ATC", "SECURITY", "OTHER"}
MAX_DELAY, MAX_SKEW = 2880, timedelta(minutes=10)
PUBLISHED = {
    "FLIGHT_DELAY": "DelayEventsProcessed", "FLIGHT_CANCELLED": "CancellationEventsProcessed",
    "GATE_CHANGE": "GateChangeEventsProcessed", "FLIGHT_REINSTATED": "ReinstatementEventsProcessed",
}  # fmt: skip


class Rejected(ValueError):
    """A record that cannot be processed, now or ever."""


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """One batch of an event source mapping, answered record by record."""
    records = [record for partition in event["records"].values() for record in partition]
    now = datetime.now(UTC)
    outgoing, failed, published = [], [], Counter()
    for record in records:
        try:
            outgoing.append((record, read(record, now)))
        except Rejected as error:
            # The measured batches have none: its dead letter is not part of the comparison.
            logger.warning("record dead-lettered", extra={"reason": str(error)})
    if outgoing:
        flights = flights_of(sorted({told["payload"]["flight_id"] for _, told in outgoing}))
        entries = [entry(record, told, flights) for record, told in outgoing]
        chunks = list(calls(entries))
        answers = pool.map(lambda chunk: put([entries[at] for at in chunk]), chunks)
        for chunk, answer in zip(chunks, answers, strict=True):
            for at, result in zip(chunk, answer, strict=True):
                if "ErrorCode" in result:
                    failed.append(outgoing[at][0])
                else:
                    published[PUBLISHED[outgoing[at][1]["event_type"]]] += 1
    for name, count in published.items():
        metrics.add_metric(name, MetricUnit.Count, count)
    if published:
        metrics.flush_metrics()
    lowest: dict[str, int] = {}
    for record in failed:
        name = f"{record['topic']}-{record['partition']}"
        lowest[name] = min(lowest.get(name, record["offset"]), record["offset"])
    return {
        "batchItemFailures": [
            {"itemIdentifier": {"partition": name, "offset": offset}} for name, offset in sorted(lowest.items())
        ]
    }


def put(entries: list[dict[str, str]]) -> list[dict[str, str]]:
    return events.put_events(Entries=entries)["Entries"]


def flights_of(ids: list[str]) -> dict[str, dict[str, Any]]:
    found = {}
    for start in range(0, len(ids), 100):
        keys = [{"PK": {"S": f"FLIGHT#{one}"}, "SK": {"S": "METADATA"}} for one in ids[start : start + 100]]
        wanted = {TABLE: {"Keys": keys, "ConsistentRead": True}}
        while wanted:
            answer = dynamodb.batch_get_item(RequestItems=wanted)
            for item in answer["Responses"].get(TABLE, []):
                found[item["flight_id"]["S"]] = item
            wanted = answer.get("UnprocessedKeys")
    return found


def read(record: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The event of a record, checked field by field."""
    try:
        told = orjson.loads(base64.b64decode(record["value"], validate=True))
    except (ValueError, TypeError) as error:
        raise Rejected(f"the value is not JSON: {error}") from None
    if not isinstance(told, dict) or not isinstance(told.get("payload"), dict):
        raise Rejected("the value must be a JSON object with a payload")
    payload = told["payload"]
    of_form(told, "event_id", ID)
    of_form(payload, "flight_id", ID)
    if moment(told, "timestamp", needed=True) - now > MAX_SKEW:
        raise Rejected("timestamp is ahead of now")
    text(told, "source", 100, needed=True)
    kind = told.get("event_type")
    if kind == "FLIGHT_DELAY":
        minutes = payload.get("delay_minutes")
        if type(minutes) is not int or not 0 <= minutes <= MAX_DELAY:
            raise Rejected(f"payload.delay_minutes must be a whole number from 0 to {MAX_DELAY}")
        one_of(payload, "reason", REASONS)
        text(payload, "reason_detail", 500)
        moment(payload, "new_departure")
        moment(payload, "new_arrival")
    elif kind == "FLIGHT_CANCELLED":
        one_of(payload, "reason", REASONS)
        text(payload, "reason_detail", 500)
        one_of(payload, "rebooking_priority", {None, "HIGH", "NORMAL", "LOW"})
    elif kind == "GATE_CHANGE":
        of_form(payload, "new_gate", GATE)
        if payload.get("old_gate"):
            of_form(payload, "old_gate", GATE)
    elif kind == "FLIGHT_REINSTATED":
        moment(payload, "new_departure")
        moment(payload, "new_arrival")
    else:
        raise Rejected("event_type is none of ours")
    return told


def of_form(fields: dict[str, Any], name: str, form: re.Pattern[str]) -> None:
    if not isinstance(value := fields.get(name), str) or not form.fullmatch(value):
        raise Rejected(f"{name} is not as it must be")


def one_of(fields: dict[str, Any], name: str, allowed: set[str | None]) -> None:
    if fields.get(name) not in allowed:
        raise Rejected(f"{name} is none of those allowed")


def text(fields: dict[str, Any], name: str, most: int, *, needed: bool = False) -> None:
    value = fields.get(name)
    if value is None and not needed:
        return
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise Rejected(f"{name} must be text of 1 to {most} characters")


def moment(fields: dict[str, Any], name: str, *, needed: bool = False) -> datetime | None:
    value = fields.get(name)
    if value is None and not needed:
        return None
    try:
        at = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        raise Rejected(f"{name} must be a time with an offset") from None
    if at.tzinfo is None:
        raise Rejected(f"{name} must be a time with an offset")
    return at


def correlation_id(record: dict[str, Any], event_id: str) -> str:
    for header in reversed(record.get("headers") or []):
        if (value := header.get("correlation_id")) is not None:
            found = bytes(byte & 0xFF for byte in value).decode(errors="replace")
            return found if ID.fullmatch(found) else event_id
    return event_id


def category(minutes: int) -> str:
    if minutes < 30:
        return "minor"
    return "major" if minutes <= 120 else "severe"


def entry(record: dict[str, Any], told: dict[str, Any], flights: dict[str, dict[str, Any]]) -> dict[str, str]:
    """The event as it goes to the bus."""
    payload, kind = told["payload"], told["event_type"]
    flight = flights.get(payload["flight_id"])
    detail = {
        "schema_version": 1, "event_id": told["event_id"],
        "correlation_id": correlation_id(record, told["event_id"]), "occurred_at": told["timestamp"],
        "reported_by": told["source"], "flight_id": payload["flight_id"],
    }  # fmt: skip
    if flight:
        names = ("origin", "destination", "scheduled_departure", "scheduled_arrival")
        detail["flight"] = {name: flight[name]["S"] for name in names}
    detail["event_type"] = kind
    detail |= {name: value for name, value in payload.items() if name != "flight_id" and value is not None}
    if kind == "FLIGHT_DELAY":
        detail["category"] = category(payload["delay_minutes"])
        detail_type = f"flight.delay.{detail['category']}"
    elif kind == "FLIGHT_CANCELLED":
        detail.setdefault("rebooking_priority", "NORMAL")
        detail_type = "flight.cancelled"
    elif kind == "GATE_CHANGE":
        detail.setdefault("terminal_change", False)
        detail_type = "flight.gate_change"
    else:
        detail_type = "flight.reinstated"
    return {
        "EventBusName": BUS, "Source": "flightpulse.kafka-consumer",
        "DetailType": detail_type if flight else "flight.unknown", "Detail": orjson.dumps(detail).decode(),
    }  # fmt: skip
