"""The products of an order: flights, and what was sold beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import airportsdata

from .attributes import Item
from .fields import MAX_NAME, Rejected, amount, money, text, whole

ZONES = {code: airport["tz"] for code, airport in airportsdata.load("IATA").items()}
CABINS = ("first", "business", "premium_economy", "economy", "other", "unspecified")
MAX_ITEMS, MAX_PARTY, MAX_QUANTITY, MAX_KIND = 200, 999, 9_999, 40
NUMBER = re.compile(r"[A-Z0-9]{2,8}")
NOT_OF_A_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(slots=True)
class Flight:
    number: str
    origin: str
    destination: str | None
    day: str
    passengers: dict[str, int]
    price: int | None
    currency: str | None
    ancillaries: list[dict[str, Any]]
    products: int = 1


def items(
    row: dict[str, Any], tenant: str | None, booking: dict[str, Any], currency: str | None
) -> tuple[dict[str, Flight], list[tuple[str | None, dict[str, Any]]]]:
    """The flights among an order's products, each with what was sold beside it; and what was beside none of them."""
    flights: dict[str, Flight] = {}
    beside, others = [], []
    products = row.get("productListItems") or ()
    if len(products) > MAX_ITEMS:
        raise Rejected(f"productListItems must be at most {MAX_ITEMS} products")
    for product in products:
        own = product.get(tenant) or {}
        number, kind = text(own, "flightNumber", MAX_NAME), text(own, "ancillaryType", MAX_NAME)
        if kind is None and number is not None:
            add_flight(flights, product, own, number, currency)
        elif kind is None and any(own.get(name) is not None for name in ("departureDate", "flightDate", "cabinClass")):
            raise Rejected("flightNumber is missing")
        else:
            beside.append((number, ancillary(product, kind, currency)))
    party = whole(booking, "passengerCount", MAX_PARTY)
    if party is not None:
        for flight in flights.values():
            if flight.products == 1:
                flight.passengers = dict.fromkeys(flight.passengers, party)
    for number, sold in beside:
        number = None if number is None else spelled(number)
        named = [flight for _, flight in sorted(flights.items()) if flight.number == number] if number else []
        # What names no flight goes with the first that leaves.
        if named:
            named[0].ancillaries.append(sold)
        elif flights:
            min(sorted(flights.items()), key=lambda one: one[1].day)[1].ancillaries.append(sold)
        else:
            others.append((number, sold))
    return flights, others


def add_flight(
    flights: dict[str, Flight], product: dict[str, Any], own: dict[str, Any], number: str, order: str | None
) -> None:
    origin = own.get("origin") or own.get("departureAirportCode") or own.get("departureLocation")
    destination = own.get("destination") or own.get("arrivalAirportCode") or own.get("arrivalLocation")
    day = own.get("departureDate") or own.get("flightDate")
    key, number, origin, destination, day = place(number, origin, destination, day)
    cabin, count = cabin_named(own.get("cabinClass")), whole(product, "quantity", MAX_PARTY) or 1
    units, currency = amount(product, "priceTotal", order) or (None, None)
    known = flights.get(key)
    if known is None:
        flights[key] = Flight(number, origin, destination, day, {cabin: count}, units, currency, [])
        return
    # Two products of one flight (an adult's and a child's fare, two cabins) are one.
    known.products += 1
    known.passengers[cabin] = known.passengers.get(cabin, 0) + count
    if known.price is None:
        known.price, known.currency = units, currency
    elif units is not None:
        if known.currency != currency:
            raise Rejected("currencyCode must be one currency for one flight")
        known.price += units
    known.destination = known.destination or destination


@lru_cache(8_192)
def place(
    number: str, origin: str | None, destination: str | None, day: str | None
) -> tuple[str, str, str, str | None, str]:
    """A flight's id, number, airports and day. Flights are few, rows are many."""
    number = spelled(number)
    if not NUMBER.fullmatch(number):
        raise Rejected("flightNumber must be 2 to 8 letters and digits")
    airports = [code and code.strip().upper() for code in (origin, destination)]
    if airports[0] not in ZONES or (airports[1] and airports[1] not in ZONES):
        raise Rejected("origin and destination must be the IATA codes of airports")
    day = day_of(day, ZONES[airports[0]])
    return f"{number}-{day}-{airports[0]}", number, airports[0], airports[1], day


@lru_cache(8_192)
def spelled(number: str) -> str:
    """A flight number as airlines write it: `tl 0123` is `TL123`."""
    number = number.replace(" ", "").replace("-", "").upper()
    if number[2:3].isdigit():
        return number[:2] + (number[2:].lstrip("0") or "0")
    return number


def day_of(said: str | None, zone: str) -> str:
    """The day of departure by the clock of its airport."""
    try:
        if len(said or "") == 10:
            day = date.fromisoformat(said)
        else:
            moment = datetime.fromisoformat(said)
            day = (moment.astimezone(ZoneInfo(zone)) if moment.tzinfo else moment).date()
    except (TypeError, ValueError):
        raise Rejected("departureDate must be a day, like 2026-12-15") from None
    if not 2000 <= day.year <= 2100:
        raise Rejected("departureDate must be a day from 2000 to 2100")
    return day.isoformat()


@lru_cache(256)
def cabin_named(name: str | None) -> str:
    if not name:
        return "unspecified"
    name = name.strip().lower().replace(" ", "_").replace("-", "_")
    return name if name in CABINS else "other"


def ancillary(product: dict[str, Any], kind: str | None, order: str | None) -> dict[str, Any]:
    kind = kind or text(product, "SKU", 200) or text(product, "name", 200) or ""
    count, price = whole(product, "quantity", MAX_QUANTITY) or 1, amount(product, "priceTotal", order)
    sold: Item = {"kind": {"S": slug(kind)}, "quantity": {"N": str(count)}}
    if price is not None:
        sold["price"] = money(*price)
    return {"M": sold}


@lru_cache(1_024)
def slug(name: str) -> str:
    return NOT_OF_A_SLUG.sub("_", name[:MAX_KIND].lower()).strip("_") or "other"
