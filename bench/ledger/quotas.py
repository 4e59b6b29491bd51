"""Which default quota is reached first, and at which volume.

Quotas of us-east-1. Those of which AWS publishes no number for every account (the model's) are said as what is needed.
"""

from __future__ import annotations

from dataclasses import dataclass

from .bill import quantities
from .counts import Load
from .durations import seconds


@dataclass(frozen=True)
class Quota:
    """A quota, what uses it up, and what to do."""

    name: str
    limit: float
    per: str
    advice: str
    basis: str


EVENTS = Quota(
    "EventBridge, PutEvents", 10_000, "calls a second", "Service Quotas: PutEvents throttle limit", "page"
)
TARGETS = Quota(
    "EventBridge, invocations of targets", 18_750, "a second", "Service Quotas: Invocations throttle limit", "memory"
)
STARTS = Quota(
    "Step Functions, StartExecution", 300, "a second, after a burst of 1,300",
    "Service Quotas: StartExecution; beyond, EventBridge delivers late and tries for a day", "page",
)  # fmt: skip
TRANSITIONS = Quota(
    "Step Functions, state transitions", 1_500, "a second, after a burst of 5,000",
    "Service Quotas: StateTransition; beyond, executions wait and nothing fails", "page",
)  # fmt: skip
CONCURRENCY = Quota(
    "Lambda, executions at once", 1_000, "in all functions", "Service Quotas: Concurrent executions", "page"
)
WRITES = Quota(
    "DynamoDB, writes of a table", 40_000, "units a second",
    "Service Quotas: table-level write throughput; or warm throughput before a known storm", "memory",
)  # fmt: skip
READS = Quota(
    "DynamoDB, reads of a table", 40_000, "units a second", "Service Quotas: table-level read throughput", "memory"
)
LOGS = Quota(
    "CloudWatch Logs, PutLogEvents", 5_000, "calls a second", "Service Quotas: PutLogEvents throttle limit", "memory"
)


def used(load: Load, memory: dict[str, float]) -> list[tuple[Quota, float]]:
    """What one of these loads uses of each quota, as if all of it were in one second."""
    found = quantities(load, memory)
    busy = sum(seconds(name, load) for name in load.billed.get("lambda.requests", {}))
    told = load.of("events.published", "notification.email", "notification.sms")
    changes = load.of("events.published", "flight.status_changed", "booking.status_changed")
    return [
        (EVENTS, load.of("events.requests")),
        (TARGETS, load.of("events.published")),
        (STARTS, load.of("states.executions")),
        (TRANSITIONS, load.of("states.transitions")),
        (CONCURRENCY, busy),
        (WRITES, found.get("dynamodb.write_units", 0.0)),
        (READS, found.get("dynamodb.read_units", 0.0)),
        # A message and a change of status are an entry each; a function's lines go in one call.
        (LOGS, told + changes + load.of("lambda.requests")),
    ]


def reached(load: Load, unit: str, memory: dict[str, float]) -> list[tuple[Quota, float]]:
    """At how many a second of what the load has each quota is reached, the first one first."""
    found = [(quota, quota.limit * load.has[unit] / use) for quota, use in used(load, memory) if use]
    return sorted(found, key=lambda one: one[1])
