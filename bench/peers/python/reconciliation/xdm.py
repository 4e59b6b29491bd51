"""XDM ExperienceEvents: what a row says of a booking."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

from .attributes import Item
from .fields import MAX_NAME, Rejected, amount, currency_of, money, text
from .products import Flight, items

PURCHASES = "commerce.purchases"
CREDIT_MEMO_ISSUED = "commerce.backofficeCreditMemoIssued"
ORDER_CANCELLED = "commerce.backofficeOrderCancelled"
FEED = {"S": "aep-reconciliation"}
NAMESPACE = uuid.UUID("6f1d4c6e-9f0b-4a5e-8c2d-51a7e0b394d2")

MAX_EMAIL, MAX_PAYMENTS = 254, 10
PNR = re.compile(r"[A-Za-z0-9._:-]{1,16}")
EVENT_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
EMAIL = re.compile(r"\S+@[^\s@]+")
PHONE = re.compile(r"\+[0-9]{7,15}")


@dataclass(slots=True)
class Event:
    """What an event says; its parts as attributes, as the table has them."""

    pnr: str
    order: str  # as a key: `=` and its id, or `*`
    at: str  # to the microsecond
    id: str
    version: str
    contact: dict[str, str]
    kind: str  # purchased, extras, cancelled or refunded
    said: Any


def read(row: dict[str, Any], tenant: str | None, limit: str) -> Event | None:
    """The event of a row; none where it is about something else. `limit` is the latest time that is believed."""
    kind = text(row, "eventType", MAX_NAME)
    if kind not in (PURCHASES, CREDIT_MEMO_ISSUED, ORDER_CANCELLED):
        return None
    booking = (row.get(tenant) or {}).get("booking")
    if not booking:
        raise Rejected("the booking is missing")
    pnr = booking.get("pnr")
    if not pnr or not PNR.fullmatch(pnr):
        raise Rejected("pnr must be 1 to 16 characters of A-Z a-z 0-9 . _ : -")
    order = (row.get("commerce") or {}).get("order") or {}
    order_id, currency = text(order, "purchaseID", MAX_NAME), currency_of(order)
    at = row.get("timestamp")
    if at is None or at > limit:
        raise Rejected("timestamp is missing, or ahead of now")
    event_id = id_of(text(row, "_id", 1_000), order_id or pnr, kind, at)
    flights, others = items(row, tenant, booking, currency)
    if kind == PURCHASES:
        what, said = purchased(flights, others, order, currency)
    elif kind == ORDER_CANCELLED:
        if others and not flights:
            raise Rejected("productListItems must be flights to cancel, or none at all")
        what, said = "cancelled", sorted(flights)
    else:
        what, said = "refunded", refunded(flights, others, order, order_id, currency)
    key = "*" if order_id is None else f"={order_id}"
    return Event(pnr, key, at, event_id, f"{at}#{event_id}", contact(row, booking), what, said)


def id_of(given: str | None, order: str, kind: str, at: str) -> str:
    if given is None:
        return f"aep-{uuid.uuid5(NAMESPACE, f'xdm#{order}#{kind}#{at}')}"
    return given if EVENT_ID.fullmatch(given) else f"aep-{uuid.uuid5(NAMESPACE, f'xdm#{given}')}"


def purchased(
    flights: dict[str, Flight], others: list[Any], order: dict[str, Any], currency: str | None
) -> tuple[str, Any]:
    if not flights:
        if not others:
            raise Rejected("productListItems[].flightNumber is missing: the number of a flight, in at least one item")
        # A bag that is bought a week after the flight.
        return "extras", {"L": [extra(number, sold) for number, sold in others]}
    payments = []
    for payment in (order.get("payments") or ())[:MAX_PAYMENTS]:
        method, paid = text(payment, "paymentType", MAX_NAME), amount(payment, "paymentAmount", currency)
        if method is not None and sum(map(str.isdigit, method)) > 4:
            method = None  # whoever put a card number there, it goes no further
        if paid is not None:
            payments.append({"M": {"method": {"S": method or "unspecified"}, "amount": money(*paid)}})
    return "purchased", {key: purchase(flight, payments) for key, flight in flights.items()}


def purchase(flight: Flight, payments: list[dict[str, Any]]) -> dict[str, Any]:
    if flight.destination is None or flight.price is None:
        raise Rejected("destination and priceTotal are needed of a flight that is bought")
    said: Item = {
        "flight_number": {"S": flight.number}, "origin": {"S": flight.origin}, "destination": {"S": flight.destination},
        "departure_date": {"S": flight.day}, "price": money(flight.price, flight.currency), "feed": FEED,
        "passengers": {"M": {cabin: {"N": str(count)} for cabin, count in flight.passengers.items()}},
    }  # fmt: skip
    if flight.ancillaries:
        said["ancillaries"] = {"L": flight.ancillaries}
    if payments:
        said["payments"] = {"L": payments}
    return {"M": said}


def extra(number: str | None, sold: dict[str, Any]) -> dict[str, Any]:
    named = {} if number is None else {"flight_number": {"S": number}}
    return {"M": {**named, "ancillary": sold}}


def refunded(
    flights: dict[str, Flight], others: list[Any], order: dict[str, Any], order_id: str | None, currency: str | None
) -> dict[str, Any]:
    """What items say is the nearest; then the order's list of refunds; then its total."""
    seats = {key: (one.price, one.currency) for key, one in sorted(flights.items()) if one.price is not None}
    sold = [one["M"] for flight in flights.values() for one in flight.ancillaries] + [one["M"] for _, one in others]
    prices = [one["price"]["M"] for one in sold if "price" in one]
    beside = [(int(price["minor_units"]["N"]), price["currency"]["S"]) for price in prices]
    whole = []
    if not seats and not beside:
        listed = order.get("refunds")
        of_the_order = [amount(one, "refundAmount", currency) for one in listed] if listed else []
        whole = [one for one in (of_the_order or [amount(order, "priceTotal", currency)]) if one is not None]
    currencies = {currency for _, currency in (*seats.values(), *beside, *whole)}
    if len(currencies) != 1:
        raise Rejected("commerce.order.refunds must say how much was given back, in one currency")
    said: Item = {
        "order": {"S": "*" if order_id is None else f"={order_id}"}, "currency": {"S": currencies.pop()},
        "ancillaries": {"N": str(sum(units for units, _ in beside))},
        "whole": {"N": str(sum(units for units, _ in whole))},
    }  # fmt: skip
    if seats:
        said["seats"] = {"M": {key: {"N": str(units)} for key, (units, _) in seats.items()}}
    if flights:
        said["among"] = {"L": [{"S": key} for key in sorted(flights)]}
    return {"M": said}


def contact(row: dict[str, Any], booking: dict[str, Any]) -> dict[str, str]:
    """Who is told, as far as the event says. What can be no address is left out."""
    name = (row.get("person") or {}).get("name") or {}
    below = {"email": ("personalEmail", "address"), "phone": ("mobilePhone", "number")}
    said: dict[str, str | None] = {
        "first_name": (name.get("firstName") or "").strip(), "last_name": (name.get("lastName") or "").strip(),
        "email": booking.get("contactEmail"), "phone": booking.get("contactPhone"),
        "language": booking.get("language") or row.get("preferredLanguage"),
    }  # fmt: skip
    for field, (place, part) in below.items():
        if not said[field] and place in row:
            said[field] = (row[place] or {}).get(part)
    forms = {"email": EMAIL, "phone": PHONE}
    return {
        field: value
        for field, value in said.items()
        if value
        and len(value) <= (MAX_EMAIL if field == "email" else MAX_NAME)
        and (field not in forms or forms[field].fullmatch(value))
    }
