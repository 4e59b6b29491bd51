"""What a flight has of a reservation: records, bookings, the contact, totals; as plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from .products import CABINS
from .reservation import lengthened, shortened

Values = dict[str, Any]
CATEGORIES = ("bag", "seat", "meal", "lounge", "priority", "insurance", "upgrade", "pet", "wifi", "other")
WORDS = {"bag": ("bag", "luggage"), "seat": ("seat", "legroom")}
LANGUAGES = ("en", "es", "fr", "de")


def purchases(reservation: Values) -> Iterator[tuple[str, str, Values]]:
    """All purchases, by flight and order."""
    for flight, leg in sorted(reservation["legs"].items()):
        for order, purchase in sorted(leg["purchases"].items()):
            yield flight, order, purchase


def is_cancelled(reservation: Values, flight: str, order: str) -> bool:
    """Whether a purchase was given up and not made anew since."""
    leg = reservation["legs"][flight]
    version = leg["purchases"][order]["version"]
    cancelled = (*reservation["cancelled_orders"].items(), *leg.get("cancelled", {}).items())
    return any(concerns(other, order) and version < at for other, at in cancelled)


def concerns(one: str, other: str) -> bool:
    """Whether what is said of one order concerns the other: one that is not named may be any."""
    return one == other or "*" in (one, other)


def ancillaries_of(reservation: Values, flight: str, order: str) -> list[Values]:
    """All that was sold beside the seats of a flight under an order, whenever it was."""
    sold = list(reservation["legs"][flight]["purchases"][order]["said"].get("ancillaries", ()))
    extras = [extra for _, event in sorted(reservation["extras"].items()) for extra in event]
    return sold + [extra["ancillary"] for extra in extras if goes_with(reservation, extra) == (flight, order)]


def goes_with(reservation: Values, extra: Values) -> tuple[str, str] | None:
    """The flight that it names, else any: held before given up, the first to leave, the first by id."""
    bought = list(purchases(reservation))
    number = extra.get("flight_number")
    named = [one for one in bought if one[2]["said"]["flight_number"] == number]

    def order_of(one: tuple[str, str, Values]) -> tuple[bool, str]:
        return is_cancelled(reservation, one[0], one[1]), one[2]["said"]["departure_date"]

    first = min(named or bought, key=order_of, default=None)
    return None if first is None else first[:2]


def refunded(reservation: Values, flight: str, order: str) -> tuple[Counter[str], Counter[str]]:
    """What was given back of a purchase, in minor units by currency: of its seats, and of what was sold beside."""
    seats, beside = Counter(), Counter()
    for _, refund in sorted(reservation["refunds"].items()):
        bought = list(purchases(reservation))

        def bearers(among: list[str], bought: list[Any] = bought, of: str = refund["order"]) -> list[Any]:
            those = [one for one in bought if not among or one[0] in among]
            return [one for one in those if concerns(of, one[1])] or those

        def price(one: tuple[str, str, Values]) -> int:
            return one[2]["said"]["price"]["minor_units"]

        def sold(one: tuple[str, str, Values]) -> int:
            extras = ancillaries_of(reservation, one[0], one[1])
            return sum(extra["price"]["minor_units"] for extra in extras if "price" in extra)

        ours, currency = (flight, order), refund["currency"]
        units = share(refund["whole"], ours, [(one[:2], price(one)) for one in bearers(refund.get("among", []))])
        if (named := refund.get("seats", {}).get(flight)) is not None:
            units += share(named, ours, [(one[:2], price(one)) for one in bearers([flight])])
        seats[currency] += units
        if refund["ancillaries"]:
            beside[currency] += share(refund["ancillaries"], ours, [(one[:2], sold(one)) for one in bearers([])])
    return +seats, +beside


def share(amount: int, ours: tuple[str, str], weights: list[tuple[tuple[str, str], int]]) -> int:
    """The part of an amount that one of several bears: by its weight, where none has any by number. What division
    leaves goes to the first ones, a minor unit each."""
    if all(weight == 0 for _, weight in weights):
        weights = [(one, 1) for one, _ in weights]
    total = sum(weight for _, weight in weights)
    if not total or not amount:
        return 0
    left = amount - sum(amount * weight // total for _, weight in weights)
    for one, weight in weights:
        more = int(left > 0 and weight > 0)
        left -= more
        if one == ours:
            return amount * weight // total + more
    return 0


def amounts(sums: Counter[str]) -> list[Values]:
    return [{"minor_units": units, "currency": currency} for currency, units in sorted(sums.items())]


def record(reservation: Values, flight: str, order: str) -> Values | None:
    """The flight-operations record of a purchase; none where there is none."""
    purchase = reservation["legs"].get(flight, {"purchases": {}})["purchases"].get(order)
    if purchase is None:
        return None
    said, (seats, beside) = purchase["said"], refunded(reservation, flight, order)
    values = {
        "flight_id": flight, "flight_number": said["flight_number"], "pnr": reservation["pnr"], "order": order,
        "origin": said["origin"], "destination": said["destination"], "departure_date": said["departure_date"],
        "status": "CANCELLED" if is_cancelled(reservation, flight, order) else "BOOKED",
        "passengers": said["passengers"], "revenue": said["price"], "refunded": amounts(seats),
        "booking_timestamp": purchase["booked_at"], "purchased_at": shortened(purchase["version"].split("#")[0]),
        "contact_email": reservation["contact"].get("email", {}).get("said"), "payments": said.get("payments"),
        "ancillaries": ancillaries_of(reservation, flight, order), "ancillaries_refunded": amounts(beside),
        "source": said["feed"],
    }  # fmt: skip
    return {name: value for name, value in values.items() if value}


def booking(reservation: Values, flight: str) -> Values | None:
    """The booking of a flight, of the whole party; none where nothing was bought."""
    leg = reservation["legs"].get(flight, {"purchases": {}})
    if not leg["purchases"]:
        return None
    counts = {order: sum(one["said"]["passengers"].values()) for order, one in leg["purchases"].items()}
    held = sum(count for order, count in counts.items() if not is_cancelled(reservation, flight, order))
    pnr = reservation["pnr"]
    return {
        "booking_id": f"AEP-{pnr}-{flight}", "passenger_id": f"AEP-{pnr}", "flight_id": flight,
        "confirmation_number": pnr, "booking_status": "CONFIRMED" if held else "CANCELLED", "checked_in": False,
        "bags_checked": 0, "passenger_count": held or sum(counts.values()),
        "created_at": shortened(min(lengthened(one["booked_at"]) for one in leg["purchases"].values())),
    }  # fmt: skip


def passenger(reservation: Values) -> Values:
    """The contact as a passenger."""
    said = {field: stated["said"] for field, stated in reservation["contact"].items()}
    language = said.get("language", "en").replace("_", "-").split("-")[0].lower()
    values = {
        "passenger_id": f"AEP-{reservation['pnr']}", "first_name": said.get("first_name", ""),
        "last_name": said.get("last_name", ""), "email": said.get("email"), "phone": said.get("phone"),
        "tier": "MEMBER", "language": language if language in LANGUAGES else "en",
        "notification_preferences": {"email": "email" in said, "sms": "phone" in said, "push": False},
    }  # fmt: skip
    return {name: value for name, value in values.items() if value is not None}


def totals(reservation: Values, flight: str) -> Counter[str]:
    """What a flight has of a reservation, by the names of sums."""
    sums: Counter[str] = Counter()
    for order, purchase in reservation["legs"].get(flight, {"purchases": {}})["purchases"].items():
        said, sold = purchase["said"], ancillaries_of(reservation, flight, order)
        if not is_cancelled(reservation, flight, order):
            sums["reservations"] = 1
            for cabin, count in said["passengers"].items():
                sums[f"passengers#{cabin}"] += count
            for one in sold:
                sums[f"ancillaries#{category(one['kind'])}"] += one["quantity"]
        sums[f"revenue#{said['price']['currency']}"] += said["price"]["minor_units"]
        for price in (one["price"] for one in sold if "price" in one):
            sums[f"ancillary_revenue#{price['currency']}"] += price["minor_units"]
        seats, beside = refunded(reservation, flight, order)
        sums.subtract({f"revenue#{currency}": units for currency, units in seats.items()})
        sums.subtract({f"ancillary_revenue#{currency}": units for currency, units in beside.items()})
    return sums


def category(kind: str) -> str:
    return next((one for one in CATEGORIES[:-1] if any(word in kind for word in WORDS.get(one, (one,)))), "other")


def in_order(name: str) -> tuple[int, int, str]:
    """Sums stand in the order of their kinds, cabins and categories in theirs, currencies in that of their codes."""
    kind, _, of = name.partition("#")
    kinds = ("reservations", "passengers", "revenue", "ancillary_revenue", "ancillaries")
    ranks = {"passengers": CABINS, "ancillaries": CATEGORIES}.get(kind, ())
    return kinds.index(kind), ranks.index(of) if of in ranks else 0, of
