"""Records of the table's stream, as Lambda hands them over: an item before and after a write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from shared import ID

FLIGHT_STATUSES = {"SCHEDULED", "BOARDING", "DELAYED", "CANCELLED", "DEPARTED", "DIVERTED", "ARRIVED"}
BOOKING_STATUSES = {"CONFIRMED", "CHECKED_IN", "CANCELLED", "NEEDS_REBOOKING"}
# Whether there is an item before the write, and after it.
IMAGES = {"INSERT": (False, True), "MODIFY": (True, True), "REMOVE": (True, False)}
ZERO, NO = {"N": "0"}, {"BOOL": False}
Item = dict[str, Any]


class Unreadable(Exception):
    """A record that nobody can read, now or ever."""


def read(record: dict[str, Any]) -> dict[str, str] | None:
    """The event that a record is, as it goes to the bus; none where it changed no status."""
    try:
        inner = record["dynamodb"]
        pk, sk = inner["Keys"]["PK"]["S"], inner["Keys"]["SK"]["S"]
        int(inner["SequenceNumber"])
        kind, _, own = pk.partition("#")
        if sk != "METADATA" or kind not in READERS:
            return None
        reader, told_of, detail_type = READERS[kind]
        has_old, has_new = IMAGES[record["eventName"]]
        if not ID.fullmatch(record["eventID"]):
            raise Unreadable(f"the record of {pk} has no eventID")
        at = datetime.fromtimestamp(round(inner["ApproximateCreationDateTime"] * 1000) / 1000, UTC)
        old = reader(inner["OldImage"], own) if has_old else None
        new = reader(inner["NewImage"], own) if has_new else None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        # An item has personal data: its values are not told.
        raise Unreadable(f"a record cannot be read: {type(error).__name__}") from None
    if old is None or new is None or old["status"] == new["status"]:
        return None
    detail = {
        "schema_version": 1, "event_id": record["eventID"],
        "correlation_id": set_by(old, new) or record["eventID"], "occurred_at": utc(at), **told_of(old, new),
    }  # fmt: skip
    return {"DetailType": detail_type, "Detail": orjson.dumps(detail).decode()}


def flight(item: Item, own: str) -> dict[str, Any]:
    scheduled = (moment(item["scheduled_departure"]["S"]), moment(item["scheduled_arrival"]["S"]))
    actual = moment(item["actual_departure"]["S"]) if "actual_departure" in item else None
    state = {
        "status": one_of(item["status"]["S"], FLIGHT_STATUSES),
        "delay_minutes": int(item.get("delay_minutes", ZERO)["N"]), "departure": actual or scheduled[0],
    }  # fmt: skip
    if "gate" in item:
        state["gate"] = item["gate"]["S"]
    for name in ("origin", "destination"):
        item[name]["S"]
    versions = [version(item, "status_version"), version(item, "schedule_version")]
    return {"id": same(item["flight_id"]["S"], own), "status": state["status"], "state": state, "versions": versions}


def booking(item: Item, own: str) -> dict[str, Any]:
    state = {
        "booking_status": one_of(item["booking_status"]["S"], BOOKING_STATUSES),
        "checked_in": item.get("checked_in", NO)["BOOL"], "flight_id": of_form(item["flight_id"]["S"]),
    }  # fmt: skip
    of_form(item["confirmation_number"]["S"])
    moment(item["created_at"]["S"])
    return {
        "id": same(item["booking_id"]["S"], own), "passenger": of_form(item["passenger_id"]["S"]),
        "status": state["booking_status"], "state": state, "versions": [version(item, "flight_status_version")],
    }  # fmt: skip


def of_flight(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    return {"flight_id": new["id"], "old": old["state"], "new": new["state"]}


def of_booking(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    ids = {"booking_id": new["id"], "flight_id": new["state"]["flight_id"], "passenger_id": new["passenger"]}
    return {**ids, "old": old["state"], "new": new["state"]}


Reader = tuple[Callable[[Item, str], dict[str, Any]], Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]], str]
READERS: dict[str, Reader] = {
    "FLIGHT": (flight, of_flight, "flight.status_changed"),
    "BOOKING": (booking, of_booking, "booking.status_changed"),
}


def set_by(old: dict[str, Any], new: dict[str, Any]) -> str | None:
    """The event that set the status: a version that the write did not touch is of an earlier one."""
    for before, after in zip(old["versions"], new["versions"], strict=True):
        if after and after != before:
            return after.partition("#")[2]
    return None


def version(item: Item, name: str) -> str | None:
    if name not in item:
        return None
    time, _, event_id = item[name]["S"].partition("#")
    moment(time)
    of_form(event_id)
    return item[name]["S"]


def moment(text: str) -> str:
    """A time as the table has it, UTC."""
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("a time without an offset")
    return text


def of_form(text: str) -> str:
    if not ID.fullmatch(text):
        raise ValueError("no id")
    return text


def one_of(text: str, allowed: set[str]) -> str:
    if text not in allowed:
        raise ValueError("an unknown status")
    return text


def same(own: str, key: str) -> str:
    if own != key:
        raise ValueError("an image of another item")
    return of_form(own)


def utc(at: datetime) -> str:
    text = at.isoformat().removesuffix("+00:00")
    return f"{text.rstrip('0') if at.microsecond else text}Z"
