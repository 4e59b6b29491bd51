"""Reservations, folded from events: of each part the newest statement stands, in whatever order events come."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from typing import Any

from .attributes import Item
from .xdm import Event

MAX_PURCHASES, MAX_OTHERS = 16, 50
FEEDS = ("aep-reconciliation", "aep-query-service", "aep-event-hubs", "aep-streaming")
PARTS = ("contact", "legs", "cancelled_orders", "refunds", "extras")


def empty(pnr: str) -> Item:
    """A reservation of which nothing was heard."""
    return {"pnr": {"S": pnr}, "revision": {"N": "0"}} | {part: {"M": {}} for part in PARTS}


def fold(known: Item, events: list[Event]) -> tuple[Item, list[Event]]:
    """What events make of a reservation: the same object where they say nothing new. And those that are refused, for
    they would make it larger than is taken."""
    after, refused = known, []
    for event in events:
        news = list(said_newly(after, event))
        if not news:
            continue
        changed = copy.deepcopy(after)
        for (*path, last), value in news:
            part = changed
            for name in path:
                part = part.setdefault(name, {"M": {}})["M"]
            part[last] = value
        if too_large(changed):
            refused.append(event)
        else:
            after = changed
    return after, refused


def said_newly(known: Item, event: Event) -> Iterable[tuple[tuple[str, ...], Any]]:
    """What an event says that is not known, each by its place."""
    contact, version = known["contact"]["M"], event.version
    for field, value in event.contact.items():
        stated = contact.get(field)
        if stated is None or (stated["M"]["version"]["S"], stated["M"]["said"]["S"]) < (version, value):
            yield ("contact", field), {"M": {"version": {"S": version}, "said": {"S": value}}}
    if event.kind == "purchased":
        legs = known["legs"]["M"]
        for flight, said in event.said.items():
            leg = legs.get(flight)
            purchase = leg["M"]["purchases"]["M"].get(event.order) if leg else None
            bought = bought_newly(purchase, event, said)
            if bought is not None:
                yield ("legs", flight, "purchases", event.order), bought
    elif event.kind == "cancelled":
        if not event.said and is_newer(version, known["cancelled_orders"]["M"].get(event.order)):
            yield ("cancelled_orders", event.order), {"S": version}
        for flight in event.said:
            leg = known["legs"]["M"].get(flight, {"M": {}})["M"]
            if is_newer(version, leg.get("cancelled", {"M": {}})["M"].get(event.order)):
                if "purchases" not in leg:
                    yield ("legs", flight, "purchases"), {"M": {}}
                yield ("legs", flight, "cancelled", event.order), {"S": version}
    else:
        part = "extras" if event.kind == "extras" else "refunds"
        other = known[part]["M"].get(event.id)
        if other is None or (other != event.said and rank(event.said) > rank(other)):
            yield (part, event.id), event.said


def bought_newly(purchase: dict[str, Any] | None, event: Event, said: dict[str, Any]) -> dict[str, Any] | None:
    at = shortened(event.at)
    if purchase is None:
        return {"M": {"version": {"S": event.version}, "said": said, "booked_at": {"S": at}}}
    known = purchase["M"]
    version, booked_at = known["version"]["S"], known["booked_at"]["S"]
    newer = version < event.version or (version == event.version and known["said"] != said and is_greater(said, known))
    if not newer and (at == booked_at or event.at >= lengthened(booked_at)):
        return None
    stated = {"version": {"S": event.version}, "said": said} if newer else known
    return {"M": stated | {"booked_at": {"S": at if event.at < lengthened(booked_at) else booked_at}}}


def is_newer(version: str, known: dict[str, str] | None) -> bool:
    return known is None or known["S"] < version


def is_greater(said: dict[str, Any], known: dict[str, Any]) -> bool:
    """Of one event that came by several feeds the greatest feed is named."""
    return rank(said) > rank(known["said"])


def rank(said: dict[str, Any]) -> tuple[str, int]:
    """Of two statements of one event, which only a faulty feed makes, the same one stands whichever came first."""
    values = said.get("M", {})
    feed = values["feed"]["S"] if "feed" in values else FEEDS[0]
    rest = {name: value for name, value in values.items() if name != "feed"} or said
    return json.dumps(rest, sort_keys=True), FEEDS.index(feed)


def shortened(at: str) -> str:
    """A time as the table has it: with as many decimals as it needs."""
    return at[:-1].rstrip("0").removesuffix(".") + "Z"


def lengthened(at: str) -> str:
    """A time to the microsecond, so that the order of texts is the order of times."""
    whole, _, decimals = at[:-1].partition(".")
    return f"{whole}.{decimals:0<6}Z"


def too_large(reservation: Item) -> bool:
    legs = [leg["M"] for leg in reservation["legs"]["M"].values()]
    if sum(len(leg["purchases"]["M"]) for leg in legs) > MAX_PURCHASES:
        return True
    others = [len(reservation[part]["M"]) for part in ("refunds", "extras", "cancelled_orders")]
    others.append(sum(len(leg["cancelled"]["M"]) for leg in legs if "cancelled" in leg))
    return max(others) > MAX_OTHERS
