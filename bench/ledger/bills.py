"""All bills of a run: what the page and the report are made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from .bill import Bill, bill
from .counts import Counts, Load
from .prices import Prices

MILLION = 1_000_000
UNKNOWN, ALONE = "events about unknown flights", "events about unknown flights, one at a time"
NOTHING, EMPTY = "events that change nothing", "delays of empty flights"
CHANGED = "statuses changed by another system"
SINGLE, HUNDREDS = "bookings, 1 a request", "bookings, 100 a request"
HALF, WHOLE = "an export of half, unchanged", "an export of all, unchanged"


@dataclass(frozen=True)
class Ledger:
    """Counts and prices."""

    counts: Counts
    prices: Prices

    @property
    def memory(self) -> dict[str, float]:
        """Of the functions, in MB, as they are deployed."""
        return self.counts.stack["memory"]

    def bill(self, load: Load) -> Bill:
        """The bill of any load."""
        return bill(load, self.prices, self.memory)

    def __getitem__(self, name: str) -> Bill:
        """The bill of a load by its name."""
        return self.bill(self.counts.loads[name])

    def sizes(self, kind: str) -> list[Bill]:
        """The bills of one kind of disruption, the smallest flight first."""
        named = [load for name, load in self.counts.loads.items() if name.startswith(f"{kind} of ")]
        return [self.bill(load) for load in sorted(named, key=lambda load: load.has["bookings"])]

    def spread(self) -> list[Bill]:
        """The bills of events over more and more flights."""
        named = [load for name, load in self.counts.loads.items() if name.startswith("events over ")]
        return [self.bill(load) for load in sorted(named, key=lambda load: load.has["flights"])]

    def routes(self) -> list[Bill]:
        """The bills of the routes that read."""
        return [self.bill(load) for name, load in self.counts.loads.items() if name.startswith("GET ")]

    @cached_property
    def rows(self) -> Bill:
        """Of rows of an export alone: what a file has that is twice as large as another."""
        return self.bill(self.counts.loads[WHOLE].less(self.counts.loads[HALF], "rows of an export, unchanged"))

    @property
    def file(self) -> float:
        """Dollars for a file, without its rows."""
        half = self[HALF]
        return half.total - self.rows.each("rows") * half.load.has["rows"]

    @property
    def request(self) -> float:
        """Dollars for a request of the API, all routes being asked alike."""
        routes = self.routes()
        return sum(one.each("requests") for one in routes) / len(routes)
