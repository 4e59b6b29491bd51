"""What must be written when a reservation has changed: one transaction, all or nothing."""

from __future__ import annotations

import os
from typing import Any

from . import records
from .attributes import Item, item, plain, typed
from .records import Values

TABLE = os.environ["TABLE_NAME"]
RETENTION_SECONDS = 35 * 24 * 3_600
SHARDS = 8
FIELDS = ("first_name", "last_name", "email", "phone", "language")
METADATA = "METADATA"


def transaction(
    read: Item, folded: Item, flights: dict[str, Item], run: str, now: tuple[str, int]
) -> list[dict[str, Any]]:
    """The writes for a reservation that was `read` and is `folded`. `now` is the time as text and in seconds."""
    before, after = plain({"M": read}), plain({"M": folded})
    for values in (before, after):
        values.pop("PK", None), values.pop("SK", None)
    writes, operates = [put_reservation(before, folded)], {}
    created, updated, was = [], [], []
    made, changed, totals = [], [], []
    for flight in sorted(after["legs"]):
        added = records.totals(after, flight)
        added.subtract(records.totals(before, flight))
        added = {name: units for name, units in added.items() if units}
        if added:
            totals.append(update_totals(flight, added))
        for order in sorted(after["legs"][flight]["purchases"]):
            old, new = records.record(before, flight, order), records.record(after, flight, order)
            if old is None:
                created.append(new)
            elif old != new:
                updated.append(new), was.append(old)
        old, new = records.booking(before, flight), records.booking(after, flight)
        if new is not None:
            since = max(one["version"] for one in after["legs"][flight]["purchases"].values())
            seated = book(old, new, flights.get(flight), since, made, changed)
            if seated is not None:
                operates[flight] = seated
    writes += [check(flight, operating) for flight, operating in sorted(operates.items())]
    for one in created + updated:
        key = f"OPERATIONS#{one['pnr']}#{one['order']}"
        writes.append(put(item(f"FLIGHT#{one['flight_id']}", key, one)))
    contact = records.passenger(after)
    if before["revision"] == 0 or records.passenger(before) != contact:
        writes.append(put(item(f"PASSENGER#{contact['passenger_id']}", METADATA, contact)))
    stranded = [flight for flight, operating in sorted(operates.items()) if not operating]
    found = discrepancy(before, after, was, created + updated, stranded, run, now)
    return [*writes, *made, put(found), *changed, *totals]


def put(written: Item) -> dict[str, Any]:
    return {"Put": {"TableName": TABLE, "Item": written}}


def put_reservation(before: Values, after: Item) -> dict[str, Any]:
    pnr, revision = before["pnr"], before["revision"]
    key = {"PK": {"S": f"RESERVATION#{pnr}"}, "SK": {"S": METADATA}}
    write = put(after | key | {"revision": typed(revision + 1)})
    if revision == 0:
        write["Put"]["ConditionExpression"] = "attribute_not_exists(PK)"
    else:
        write["Put"] |= {
            "ConditionExpression": "revision = :read",
            "ExpressionAttributeValues": {":read": typed(revision)},
        }
    return write


def check(flight: str, operates: bool) -> dict[str, Any]:
    """That a flight operates, which one that is not known yet is taken to do; or that it does not."""
    operating, not_so = "attribute_not_exists(PK) OR #status <> :cancelled", "#status = :cancelled"
    return {
        "ConditionCheck": {
            "TableName": TABLE,
            "Key": {"PK": {"S": f"FLIGHT#{flight}"}, "SK": {"S": METADATA}},
            "ConditionExpression": operating if operates else not_so,
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": {":cancelled": {"S": "CANCELLED"}},
        }
    }


def book(
    was: Values | None, now: Values, flight: Item | None, since: str, made: list[Item], changed: list[Item]
) -> bool | None:  # fmt: skip
    """What becomes of a booking. Whether its flight operates, where a seat of it is taken."""
    held, again = now["booking_status"] != "CANCELLED", was is not None and was["booking_status"] == "CANCELLED"
    operates = None
    if held and (was is None or again):
        operates = flight is None or flight["status"]["S"] != "CANCELLED"
        if flight is not None and "status_version" in flight:
            now["flight_status_version"] = flight["status_version"]["S"]
        if not operates:
            now |= {"booking_status": "NEEDS_REBOOKING", "rebooking_version": since}
    booking, count = now["booking_id"], {":count": typed(now["passenger_count"])}
    if was is None:
        entry = {name: now[name] for name in ("booking_id", "passenger_id", "flight_id")}
        index = {"GSI2PK": now["booking_status"], "GSI2SK": now["created_at"]} if operates is False else {}
        made.append(put(item(f"BOOKING#{booking}", METADATA, now | index)))
        made.append(put(item(f"FLIGHT#{now['flight_id']}", f"BOOKING#{booking}", entry)))
        made.append(put(item(f"PASSENGER#{now['passenger_id']}", f"BOOKING#{booking}", entry)))
    elif not again and not held:
        names = "SET passenger_count = :count, booking_status = :status REMOVE GSI2PK, GSI2SK, rebooking_version"
        changed.append(update_booking(booking, names, count | {":status": {"S": "CANCELLED"}}))
    elif again and held:
        changed.append(update_booking(booking, *taken_again(now, count)))
    elif was["passenger_count"] != now["passenger_count"]:
        changed.append(update_booking(booking, "SET passenger_count = :count", count))
    return operates


def taken_again(now: Values, count: Item) -> tuple[str, Item]:
    """A seat that is taken again is a new one: nobody has checked in for it."""
    values = count | {":status": {"S": now["booking_status"]}, ":no": {"BOOL": False}}
    names, gone = ["passenger_count = :count", "booking_status = :status", "checked_in = :no"], ["seat"]
    if "flight_status_version" in now:
        names.append("flight_status_version = :flight_version")
        values[":flight_version"] = {"S": now["flight_status_version"]}
    if "rebooking_version" in now:
        names += ["rebooking_version = :since", "GSI2PK = :status", "GSI2SK = :created"]
        values |= {":since": {"S": now["rebooking_version"]}, ":created": {"S": now["created_at"]}}
    else:
        gone += ["GSI2PK", "GSI2SK", "rebooking_version"]
    return f"SET {', '.join(names)} REMOVE {', '.join(gone)}", values


def update_booking(booking: str, expression: str, values: Item) -> dict[str, Any]:
    return {
        "Update": {
            "TableName": TABLE,
            "Key": {"PK": {"S": f"BOOKING#{booking}"}, "SK": {"S": METADATA}},
            "ConditionExpression": "attribute_exists(PK)",
            "UpdateExpression": expression,
            "ExpressionAttributeValues": values,
        }
    }


def update_totals(flight: str, added: dict[str, int]) -> dict[str, Any]:
    names = sorted(added, key=records.in_order)
    return {
        "Update": {
            "TableName": TABLE,
            "Key": {"PK": {"S": f"FLIGHT#{flight}"}, "SK": {"S": "OPERATIONS"}},
            "UpdateExpression": "ADD " + ", ".join(f"#n{at} :n{at}" for at in range(len(names))),
            "ExpressionAttributeNames": {f"#n{at}": name for at, name in enumerate(names)},
            "ExpressionAttributeValues": {f":n{at}": typed(added[name]) for at, name in enumerate(names)},
        }
    }


def discrepancy(
    before: Values, after: Values, was: list[Values], now: list[Values], stranded: list[str], run: str,
    at: tuple[str, int],
) -> Item:  # fmt: skip
    """What a run found and changed of a reservation. Without the contact's address."""
    pnr, revision = after["pnr"], before["revision"] + 1
    said = [{field: stated["said"] for field, stated in one["contact"].items()} for one in (before, after)]
    values = {
        "run_id": run, "pnr": pnr, "revision": revision, "found": "MISSING" if revision == 1 else "DIFFERENT",
        "at": at[0], "expires_at": at[1] + RETENTION_SECONDS,
        "before": [without_address(one) for one in was], "after": [without_address(one) for one in now],
        "contact": [field for field in FIELDS if field in said[1] and said[0].get(field) != said[1][field]],
        "stranded": stranded,
    }  # fmt: skip
    shard = 7
    for byte in pnr.encode():
        shard = (shard * 31 + byte) & 0xFFFF_FFFF
    values = {name: value for name, value in values.items() if value != []}
    return item(f"RECONCILIATION#{run}#{shard % SHARDS}", f"DISCREPANCY#{pnr}#{revision:010}", values)


def without_address(record: Values) -> Values:
    return {name: value for name, value in record.items() if name != "contact_email"}
