"""What choices of the design save, where that can be counted."""

from __future__ import annotations

from dataclasses import dataclass

from .bill import Bill
from .prices import Prices

# A loop over bookings in a workflow would enter at least three states for each: read it, write its text, send it.
STATES_OF_A_BOOKING = 3
# States that a workflow enters for an event of which nobody is told, by its definition: Start, Claim, UpdateFlight,
# ToBeTold, CompleteQuietly.
STATES_OF_A_QUIET_EVENT = 5


@dataclass(frozen=True)
class Saving:
    """A choice: what it costs as built, and what the other way would."""

    choice: str
    built: float
    otherwise: float
    of: str


def savings(
    disruption: Bill, quiet: Bill, alone: Bill, batched: Bill, single: Bill, hundreds: Bill, prices: Prices
) -> list[Saving]:
    """For one disruption, a million events, a million bookings' events."""
    load = disruption.load
    model = disruption.of("bedrock.")
    states = disruption.of("states.")
    loop = prices.dollars("states.transitions", STATES_OF_A_BOOKING * load.has["bookings"])
    million = 1_000_000
    nothing = million * quiet.each("events")
    return [
        Saving(
            "a text for each cohort, not for each passenger", model,
            model * load.has["passengers"] / load.has["cohorts"], "a delay of 180",
        ),
        Saving("pages of recipients, not a loop over bookings", states, states + loop, "a delay of 180"),
        Saving(
            "an event that tells nobody is done with where it is read, not in a workflow", nothing,
            nothing + prices.dollars("states.transitions", STATES_OF_A_QUIET_EVENT * million),
            "a million events that change nothing",
        ),
        Saving(
            "a hundred records an invocation, not one", million * batched.each("events"),
            million * alone.each("events"), "a million events about unknown flights",
        ),
        Saving(
            "a hundred bookings a request, not one", million * hundreds.each("events"),
            million * single.each("events"), "a million events of bookings",
        ),
    ]  # fmt: skip
