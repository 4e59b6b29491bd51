"""How long functions run on AWS: assumed, not measured.

The functions that the loads are counted with are debug builds beside an emulator: their times would mislead. A function
of ours mostly waits, so its time is the calls that it makes one after the other, times an assumed latency of each, and
a little of its own. `bench/ledger/assumptions.json` has all of it, and the page says what the double and the half of it
would change.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .counts import Load

ASSUMED: dict[str, Any] = json.loads((Path(__file__).parent / "assumptions.json").read_text(encoding="utf-8"))

WORKER, RECONCILIATION = "FlightPulse-BookingWorker", "FlightPulse-S3Reconciliation"


def seconds(name: str, load: Load) -> float:
    """All invocations of a function by a load, in seconds that are billed."""
    latency = ASSUMED["latency_ms"]
    invocations = load.of("lambda.requests", name)
    of_one = ASSUMED["own_ms"] + sum(count * latency[call] for call, count in ASSUMED["rounds"].get(name, {}).items())
    milliseconds = invocations * of_one
    # Reservations are written side by side, a few at a time; how many there are is of the load, not of the invocation.
    at_once = ASSUMED["transactions_at_once"].get(name)
    if at_once and invocations:
        transactions = load.of("dynamodb.requests", "TransactWriteItems")
        milliseconds += transactions / at_once * latency["dynamodb.transaction"]
    if name == RECONCILIATION:
        milliseconds += load.has.get("rows", 0.0) * ASSUMED["row_ms"]
    return milliseconds / 1_000


def gb_seconds(load: Load, memory: dict[str, float]) -> float:
    """What all functions of a load take, in GB seconds; `memory` is theirs in MB."""
    return sum(seconds(name, load) * memory[name] / 1_024 for name in load.billed.get("lambda.requests", {}))
