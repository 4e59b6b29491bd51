"""What a load must have made, so that its counts are of what it is named for."""

from __future__ import annotations

from collections.abc import Iterator

from .counts import Load

CONSUMER, MESSENGER = (f"FlightPulse-{name}" for name in ("KafkaConsumer", "LLMMessenger"))
API, WEBHOOK = "FlightPulse-APIHandlers", "FlightPulse-AEPWebhook"


def missing(load: Load) -> list[str]:
    """What a load did not make, or not as often as its name and its size say; nothing of one that did."""
    wrong = [
        f"{what}: {made:g} and not {wanted:g}" for what, made, wanted in _deeds(load) if made != wanted
    ]
    return [f"{load.name}: {one}" for one in wrong]


def _deeds(load: Load) -> Iterator[tuple[str, float, float]]:
    """What is to be looked at, how often it was made, and how often it must have been."""
    has, name = load.has, load.name
    told = load.of("events.published", "notification.email", "notification.sms", "notification.push")
    yield "messages", told, has.get("notifications", 0)
    yield "texts asked for", load.of("lambda.requests", MESSENGER), has.get("cohorts", 0)
    if "unknown" in name:
        yield "events that nobody knows", load.of("events.published", "flight.unknown"), has["events"]
    elif "nothing" in name or "over" in name:
        # The consumer is done with them: a claim of each, and its flight.
        yield "executions", load.of("states.executions"), 0
        yield "claims that are done", load.of("dynamodb.changes", "INSERT"), has["events"]
    elif "events" in has and "requests" not in has:
        yield "executions", load.of("states.executions"), has["events"]
    if name.startswith("statuses changed") or "empty" in name:
        changes = has.get("changes", has.get("events", 0))
        yield "changes of a status", load.of("events.published", "flight.status_changed"), changes
    if "nothing" in name or "over" in name:
        yield "changes of a status", load.of("events.published", "flight.status_changed"), 0
    if name.startswith("cancellation"):
        changes = load.of("events.published", "booking.status_changed")
        yield "bookings that were cancelled with their flight", changes, has["bookings"]
    if "requests" in has:
        yield "requests", load.of("apigateway.requests"), has["requests"]
        yield "invocations for them", load.of("lambda.requests", API, WEBHOOK), has["requests"]
    if name.startswith("bookings"):
        made = load.of("dynamodb.changes", "INSERT")
        # A reservation, a booking, its two entries and its passenger; some bookings have several flights.
        yield "items of bookings", min(made, 5 * has["bookings"]), 5 * has["bookings"]
    if "unchanged" in name:
        yield "executions", load.of("states.executions"), 1
        # The run and its parts, and nothing of a booking.
        yield "items written", min(load.of("dynamodb.changes", "INSERT"), 2), load.of("dynamodb.changes", "INSERT")
        yield "rows that were held against the table", min(load.of("dynamodb.read_units", "BatchGetItem"), 1), 1
