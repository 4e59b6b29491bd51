"""Items as clients see them. What is not known is null."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from aws_lambda_powertools import Logger

Item = dict[str, Any]
logger = Logger(service="FlightPulse-APIHandlers")
ZERO, NO, NONE = {"N": "0"}, {"BOOL": False}, {"S": None}


def flight(item: Item, by_feed: int) -> dict[str, Any]:
    cancellation = item.get("cancellation")
    return {
        "flight_id": item["flight_id"]["S"],
        "origin": item["origin"]["S"],
        "destination": item["destination"]["S"],
        "scheduled_departure": moment(item["scheduled_departure"]),
        "scheduled_arrival": moment(item["scheduled_arrival"]),
        "actual_departure": moment(item.get("actual_departure", NONE)),
        "actual_arrival": moment(item.get("actual_arrival", NONE)),
        "status": item["status"]["S"],
        "gate": item.get("gate", NONE)["S"],
        "aircraft": item.get("aircraft", NONE)["S"],
        "capacity": int(item.get("capacity", ZERO)["N"]) or None,
        "delay_minutes": int(item.get("delay_minutes", ZERO)["N"]),
        "delay_reason": item.get("delay_reason", NONE)["S"],
        "cancellation_reason": cancellation["M"]["reason"]["S"] if cancellation else None,
        "booked_passengers": int(item.get("booked_passengers", ZERO)["N"]) + by_feed,
    }


def booking(item: Item) -> dict[str, Any]:
    return {
        "booking_id": item["booking_id"]["S"],
        "confirmation_number": item["confirmation_number"]["S"],
        "passenger_id": item["passenger_id"]["S"],
        "flight_id": item["flight_id"]["S"],
        "seat": item.get("seat", NONE)["S"],
        "fare_class": item.get("fare_class", NONE)["S"],
        "booking_status": item["booking_status"]["S"],
        "checked_in": item.get("checked_in", NO)["BOOL"],
        "bags_checked": int(item.get("bags_checked", ZERO)["N"]),
        "special_requests": [one["S"] for one in item.get("special_requests", {"L": []})["L"]],
        "passenger_count": int(item.get("passenger_count", {"N": "1"})["N"]),
        "created_at": moment(item["created_at"]),
    }


def notification(item: Item) -> dict[str, Any]:
    return {
        "notification_id": item["PK"]["S"].removeprefix("NOTIFICATION#"),
        "event_id": item["event_id"]["S"],
        "resend_id": item.get("resend_id", NONE)["S"],
        "kind": item.get("kind", NONE)["S"],
        "nature": item.get("nature", NONE)["S"],
        "flight_id": item["flight_id"]["S"],
        "booking_id": item["booking_id"]["S"],
        "passenger_id": item.get("passenger_id", NONE)["S"],
        "channel": item["channel"]["S"],
        "language": item.get("language", NONE)["S"],
        "author": item.get("author", NONE)["S"],
        "headline": item.get("headline", NONE)["S"],
        "sent_at": moment(item["sent_at"]),
    }


def moment(value: dict[str, str | None]) -> str | None:
    """A time of the table, without zeros at the end of its fraction."""
    text = value["S"]
    return f"{text[:-1].rstrip('0').rstrip('.')}Z" if text and "." in text else text


def readable(items: Iterable[Item], view: Callable[[Item], dict[str, Any]]) -> list[dict[str, Any]]:
    """What can be read of items. Of what cannot, the log has the key alone: items have personal data."""
    views = []
    for item in items:
        try:
            views.append(view(item))
        except (KeyError, TypeError, ValueError):
            logger.warning("an unreadable item is left out", extra={"key": item.get("PK")})
    return views
