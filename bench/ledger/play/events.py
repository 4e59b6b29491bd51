"""Events of the operations centre, and the batches in which Kafka's mapping hands them over."""

from __future__ import annotations

import base64
import json
import uuid
from datetime import UTC, datetime
from typing import Any

Event = dict[str, Any]


def event(kind: str, flight: str, **payload: Any) -> Event:
    """One event, about a flight."""
    return {
        "event_id": str(uuid.uuid4()), "event_type": kind, "timestamp": datetime.now(UTC).isoformat(),
        "source": "operations_center", "payload": {"flight_id": flight, **payload},
    }  # fmt: skip


def delay(flight: str, minutes: int = 90) -> Event:
    """A delay; of no minutes it is no news to a flight that is on time."""
    return event("FLIGHT_DELAY", flight, delay_minutes=minutes, reason="WEATHER")


def cancellation(flight: str) -> Event:
    """A cancellation."""
    return event("FLIGHT_CANCELLED", flight, reason="WEATHER", rebooking_priority="HIGH")


def gate_change(flight: str) -> Event:
    """Another gate in another terminal: urgent."""
    return event("GATE_CHANGE", flight, old_gate="B7", new_gate="D15", terminal_change=True)


def batch(values: list[Event]) -> dict[str, Any]:
    """The records of one invocation, in one partition."""
    records = [
        {
            "topic": "flight-operations", "partition": 0, "offset": offset, "timestamp": 1763719140000,
            "timestampType": "CREATE_TIME", "headers": [],
            "key": base64.b64encode(value["payload"]["flight_id"].encode()).decode(),
            "value": base64.b64encode(json.dumps(value).encode()).decode(),
        }
        for offset, value in enumerate(values)
    ]  # fmt: skip
    return {
        "eventSource": "SelfManagedKafka", "bootstrapServers": "127.0.0.1:9092",
        "records": {"flight-operations-0": records},
    }  # fmt: skip
