"""Flights with their bookings and passengers, as the table keeps them.

The passengers are those of the committed flight of 180 (three tiers, two languages, mixed channels), over and over for
a larger flight: the mix is the same at every size.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from .. import REPO

Item = dict[str, Any]

CHANNELS = {"both": (True, True), "email": (True, False), "sms": (False, True)}
NEITHER = (False, False)


@cache
def passengers() -> list[dict[str, Any]]:
    """Those of the committed flight."""
    return json.loads((REPO / "tests/fixtures/flight-of-180.json").read_text())["passengers"]


def aboard(count: int) -> list[dict[str, Any]]:
    """So many of them."""
    known = passengers()
    return [known[at % len(known)] for at in range(count)]


def told(count: int) -> tuple[int, int, int]:
    """Passengers who can be reached, the messages that they get, and the cohorts that they are, of so many aboard."""
    reached = [one for one in aboard(count) if one["channels"] in CHANNELS]
    messages = sum(sum(CHANNELS[one["channels"]]) for one in reached)
    return len(reached), messages, len({(one["tier"], one["language"]) for one in reached})


def flight(name: str) -> Item:
    """A flight on time."""
    return {
        "PK": {"S": f"FLIGHT#{name}"}, "SK": {"S": "METADATA"}, "flight_id": {"S": name}, "status": {"S": "SCHEDULED"},
        "origin": {"S": "DEN"}, "destination": {"S": "PHX"}, "scheduled_departure": {"S": "2026-12-22T21:10:00Z"},
        "scheduled_arrival": {"S": "2026-12-22T23:05:00Z"}, "gate": {"S": "B7"}, "booked_passengers": {"N": "0"},
        "aircraft": {"S": "B738"}, "GSI1PK": {"S": "SCHEDULED"}, "GSI1SK": {"S": "2026-12-22T21:10:00Z"},
    }  # fmt: skip


def booked(name: str, count: int) -> list[Item]:
    """A flight with so many bookings, each of a passenger of its own."""
    items = [flight(name)]
    for at, one in enumerate(aboard(count)):
        booking, passenger = f"{name}-B{at:03}", f"{name}-P{at:03}"
        email, sms = CHANNELS.get(one["channels"], NEITHER)
        wants = {"email": {"BOOL": email}, "sms": {"BOOL": sms}, "push": {"BOOL": one["channels"] == "push"}}
        entry = {"booking_id": {"S": booking}, "passenger_id": {"S": passenger}, "flight_id": {"S": name}}
        items += [
            {
                "PK": {"S": f"PASSENGER#{passenger}"}, "SK": {"S": "METADATA"}, "passenger_id": {"S": passenger},
                "first_name": {"S": one["first_name"]}, "last_name": {"S": "Example"},
                "email": {"S": f"{one['first_name'].lower()}.example@example.com"}, "phone": {"S": "+13035550100"},
                "rapid_rewards_number": {"S": f"RR{at:09}"}, "tier": {"S": one["tier"]},
                "language": {"S": one["language"]}, "notification_preferences": {"M": wants},
            },
            {
                "PK": {"S": f"BOOKING#{booking}"}, "SK": {"S": "METADATA"}, **entry, "seat": {"S": one["seat"]},
                "confirmation_number": {"S": one["pnr"]}, "booking_status": {"S": "CONFIRMED"},
                "fare_class": {"S": "Y"}, "checked_in": {"BOOL": False}, "bags_checked": {"N": "1"},
                "created_at": {"S": "2026-10-01T00:00:00Z"},
            },
            {"PK": {"S": f"FLIGHT#{name}"}, "SK": {"S": f"BOOKING#{booking}"}, **entry},
            {"PK": {"S": f"PASSENGER#{passenger}"}, "SK": {"S": f"BOOKING#{booking}"}, **entry},
        ]  # fmt: skip
    return items
