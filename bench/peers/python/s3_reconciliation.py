"""FlightPulse-S3Reconciliation as a Python function, as far as rows go through it: a part of an export is held against
the table. The same task in, the same answer, calls and items out."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import orjson
from aws_lambda_powertools import Logger
from botocore.config import Config
from reconciliation.attributes import Item, item
from reconciliation.change import METADATA, RETENTION_SECONDS, TABLE, transaction
from reconciliation.export import Export
from reconciliation.fields import Rejected
from reconciliation.reservation import empty, fold
from reconciliation.xdm import Event, read

BUCKET = os.environ["EXPORT_BUCKET"]
CALLS, PER_READ = 8, 100
# Events of a window: the more, the more of them are of one reservation, which costs one reading.
EVENTS = 2_000
MAX_SKEW = timedelta(minutes=10)
CONFIG = Config(max_pool_connections=CALLS, retries={"mode": "standard", "total_max_attempts": 3})
dynamodb, s3 = boto3.client("dynamodb", config=CONFIG), boto3.client("s3", config=CONFIG)
pool = ThreadPoolExecutor(CALLS)
logger = Logger(service="FlightPulse-S3Reconciliation")
# Rows, events and items are thousands of objects without cycles: to look for some more seldom costs nothing.
gc.freeze()
gc.set_threshold(100_000, 20, 20)


@dataclass(slots=True)
class Window:
    """Some rows, one after the other; their events by reservation."""

    heard: dict[str, list[tuple[Event, int]]] = field(default_factory=dict)
    rejected: list[bytes] = field(default_factory=list)
    rows: int = 0
    events: int = 0
    untyped: int = 0


def handler(task: dict[str, Any], _context: Any) -> dict[str, Any]:
    """One part of a file. What else the function is asked has no rows in it."""
    if task["action"] != "reconcile":
        raise NotImplementedError(task["action"])
    run, attempt, part = task["run_id"], task["attempt"], task["part"]
    counts = dict.fromkeys(("rows", "booking_events", "ignored", "untyped", "rejected"), 0)
    rejected: list[bytes] = []
    with Export(s3, task["file"]) as export:
        for window in windows(export, part["slice"]):
            settle(window, run)
            counts["rows"] += window.rows
            counts["booking_events"] += window.events
            counts["untyped"] += window.untyped
            rejected += window.rejected
    counts["rejected"] = len(rejected)
    counts["ignored"] = counts["rows"] - counts["booking_events"] - counts["rejected"]
    if rejected:
        logger.warning("rows were rejected", extra={"rejected": len(rejected)})
        key = f"rejected/{run}/{attempt}/part-{part['nth']:05}/00000.ndjson"
        s3.put_object(Bucket=BUCKET, Key=key, ContentType="application/x-ndjson", Body=b"".join(rejected))
    ended_at, seconds = moment()
    report = {"attempt": attempt, "nth": part["nth"], "slice": part["slice"], **counts, "ended_at": ended_at}
    noted = report | {"expires_at": seconds + RETENTION_SECONDS}
    noted = item(f"RECONCILIATION#{run}", f"PART#{attempt}#{part['nth']:05}", noted)
    dynamodb.put_item(TableName=TABLE, Item=noted)
    return report


def moment() -> tuple[str, int]:
    """The time, as text and in seconds."""
    seconds = int(time.time())
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}", seconds


def windows(export: Export, part: dict[str, Any]) -> Iterator[Window]:
    limit = f"{datetime.now(UTC) + MAX_SKEW:%Y-%m-%dT%H:%M:%S.%fZ}"
    window, tenant = Window(), export.tenant
    for number, row in enumerate(export.rows(part["from"], part["to"]), part["first_row"] + 1):
        window.rows += 1
        try:
            event = read(row, tenant, limit)
        except Rejected as error:
            line = {"row": number, "reason": str(error), "content": row}
            window.rejected.append(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        else:
            if event is not None:
                window.events += 1
                window.heard.setdefault(event.pnr, []).append((event, number))
            elif not row.get("eventType"):
                window.untyped += 1
        if window.events + len(window.rejected) >= EVENTS:
            yield window
            window = Window()
    if window.rows:
        yield window


def settle(window: Window, run: str) -> None:
    """Holds a window against the table, and writes what is missing or other."""
    pnrs = sorted(window.heard)
    chunks = [pnrs[start : start + PER_READ] for start in range(0, len(pnrs), PER_READ)]
    known: dict[str, Item] = {}
    for found in pool.map(lambda chunk: items([f"RESERVATION#{pnr}" for pnr in chunk]), chunks):
        known |= {one["pnr"]["S"]: one for one in found}
    changed, bought = [], set()
    for pnr in pnrs:
        heard = window.heard[pnr]
        before = known.get(pnr) or empty(pnr)
        after, refused = fold(before, [event for event, _ in heard])
        refuse(window, heard, refused)
        if after is not before:
            changed.append((before, after))
            bought.update(*(event.said for event, _ in heard if event.kind == "purchased"))
    flights, ids = {}, sorted(bought)
    for start in range(0, len(ids), PER_READ):
        found = items([f"FLIGHT#{one}" for one in ids[start : start + PER_READ]])
        flights |= {one["flight_id"]["S"]: one for one in found}
    now = moment()
    list(pool.map(lambda change: write(transaction(*change, flights, run, now)), changed))


def refuse(window: Window, heard: list[tuple[Event, int]], refused: list[Event]) -> None:
    for event, number in heard:
        if any(event is one for one in refused):
            window.events -= 1
            line = {"row": number, "reason": "a reservation is larger than is taken", "content": None}
            window.rejected.append(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))


def items(partitions: list[str]) -> list[Item]:
    """The items that are there of these partitions, in one call."""
    keys = [{"PK": {"S": one}, "SK": {"S": METADATA}} for one in partitions]
    wanted, found = {TABLE: {"Keys": keys, "ConsistentRead": True}}, []
    while wanted:
        answer = dynamodb.batch_get_item(RequestItems=wanted)
        found += answer["Responses"].get(TABLE, [])
        wanted = answer.get("UnprocessedKeys")
    return found


def write(writes: list[dict[str, Any]]) -> None:
    """Writes a reservation. Another who writes it at the same time, which none does here, fails the part: it is read
    again, and passes by what it has written."""
    dynamodb.transact_write_items(TransactItems=writes)
