"""Counts times prices."""

from __future__ import annotations

from dataclasses import dataclass

from .counts import Load
from .durations import ASSUMED, gb_seconds
from .prices import Prices

# Requests to buckets that are billed as writes; all others are reads.
BUCKET_WRITES = ("PutObject", "PostObject", "CopyObject", "CreateMultipartUpload", "UploadPart", "ListBucket")
# Functions whose invocation begins a trace; a workflow's begin with its execution, the API's with its request.
FED_BY_MAPPINGS = ("FlightPulse-KafkaConsumer", "FlightPulse-StreamHandler", "FlightPulse-BookingWorker")

GIGABYTE = 1024**3
# What the bytes of the table and of its indexes were counted as, before they were counted apart.
UNDIVIDED = "all"


@dataclass(frozen=True)
class Position:
    """One unit of the list: how many, and what they cost."""

    name: str
    count: float
    dollars: float


@dataclass(frozen=True)
class Bill:
    """What a load costs, the dearest first."""

    load: Load
    positions: tuple[Position, ...]

    @property
    def total(self) -> float:
        """Dollars."""
        return sum(position.dollars for position in self.positions)

    def each(self, unit: str) -> float:
        """Dollars for one of what the load has."""
        return self.total / self.load.has[unit]

    def of(self, *prefixes: str) -> float:
        """Dollars of the positions whose names begin so."""
        return sum(position.dollars for position in self.positions if position.name.startswith(prefixes))


def quantities(load: Load, memory: dict[str, float]) -> dict[str, float]:
    """How many of each unit of the list a load takes, what is derived from counts included."""
    buckets = load.billed.get("s3.requests", {})
    writes = sum(count for action, count in buckets.items() if action in BUCKET_WRITES)
    plain = (
        "lambda.requests", "apigateway.requests", "transfer.bytes", "dynamodb.write_units", "dynamodb.read_units",
        "states.transitions", "events.published", "sqs.requests", "secretsmanager.requests", "bedrock.input_tokens",
        "bedrock.output_tokens",
    )  # fmt: skip
    found = {name: load.of(name) for name in plain}
    found["lambda.gb_seconds"] = gb_seconds(load, memory)
    found["s3.writes"], found["s3.reads"] = writes, sum(buckets.values()) - writes
    requests = load.of("apigateway.requests")
    found["logs.bytes"] = (
        load.of("logs.bytes") + workflow_log_bytes(load) + requests * ASSUMED["access_log_bytes"]
    )
    # For one month: claims are kept a little longer, bookings until they are deleted.
    found["dynamodb.storage_gb_months"] = load.of("dynamodb.stored_bytes") / GIGABYTE
    # Recovery is billed by the table without its global indexes. Counts of before have both in one number.
    # https://aws.amazon.com/dynamodb/pricing/on-demand/
    found["dynamodb.recovery_gb_months"] = load.of("dynamodb.stored_bytes", "table", UNDIVIDED) / GIGABYTE
    found["xray.traces"] = ASSUMED["sampled_traces"] * (
        requests + load.of("lambda.requests", *FED_BY_MAPPINGS) + load.of("states.executions")
    )
    # Of two files one may have logged a few bytes more: what is less than nothing is nothing.
    return {name: count for name, count in found.items() if count > 0}


def workflow_log_bytes(load: Load) -> float:
    """What workflows write to their log: by the states that they enter, since the endpoint keeps no such log."""
    rule = ASSUMED["log_of_a_workflow"]
    entered = load.billed.get("states.entered", {})
    lines = sum(count * rule["events"].get(kind, rule["events"]["other"]) for kind, count in entered.items())
    return lines * rule["bytes"]


def bill(load: Load, prices: Prices, memory: dict[str, float]) -> Bill:
    """The bill of a load."""
    positions = [
        Position(name, count, prices.dollars(name, count)) for name, count in quantities(load, memory).items()
    ]
    return Bill(load, tuple(sorted(positions, key=lambda position: -position.dollars)))
