"""The documents that asked for this system state costs; here stands what the same volumes cost as it is built.

Their words are few: volumes are taken where they give one ("1M requests"), and where they give dollars alone it is said
what these buy here.
"""

from __future__ import annotations

from dataclasses import dataclass

from .bill import Bill
from .prices import Prices
from .tables import dollars

MILLION = 1_000_000
# What FlightPulse's document states for a month "with minimal usage", and the positions that it is held against.
FLIGHTPULSE = {
    "DynamoDB": ("1 to 5", 5.0, ("dynamodb.",)),
    "Lambda (1M requests)": ("1 to 3", 3.0, ("lambda.",)),
    "Step Functions": ("0.50 to 2", 2.0, ("states.",)),
    "EventBridge": ("1", 1.0, ("events.",)),
    "Bedrock": ("0.25 to 1", 1.0, ("bedrock.",)),
    "CloudWatch Logs": ("0.50 to 2", 2.0, ("logs.",)),
}


@dataclass(frozen=True)
class Stated:
    """A figure of a document, and ours of the same."""

    what: str
    stated: str
    ours: str


def flightpulse(disruption: Bill, request: float) -> list[Stated]:
    """By position: what the most that is stated buys, in delays of a flight of 180; and the API."""
    found = []
    for what, (stated, most, prefixes) in FLIGHTPULSE.items():
        one = disruption.of(*prefixes)
        buys = f"{dollars(1_000 * one)} for 1,000 delays of 180; ${most:g} is {most / one:,.0f}"
        found.append(Stated(what, f"${stated}", buys))
    found.append(Stated("API Gateway (1M requests)", "$3.50", f"${request * MILLION:.2f}, with all that they set off"))
    total = disruption.total
    buys = f"$15 is {15 / total:,.0f} delays of 180 a month ({dollars(total)} each)"
    found.append(Stated("all of it", "$7 to 15", buys))
    return found


def bookings(single: Bill, hundreds: Bill, row: float, prices: Prices) -> list[Stated]:
    """The options of the document about bookings, for a million events a month."""
    one, many = (MILLION * bill.each("events") for bill in (single, hundreds))
    gateway = MILLION * single.of("apigateway.") / single.load.has["events"]
    terabyte = prices.dollars("s3.storage_gb_months", 1_024)
    batch = MILLION * row
    return [
        Stated("streaming, 1M events: API Gateway", "$35", f"${gateway:.2f}, one event a request"),
        Stated("… and all behind it", "not stated", f"${one:.2f} one event a request; ${many:.2f} by hundreds"),
        Stated("… Adobe's own fee", "$500", "Adobe's: not ours to know"),
        Stated("batch, 1M invocations: Lambda", "$5", f"${batch:.2f} for 1M rows that the table has already"),
        Stated("batch: 1 TB in S3", "$23", f"${terabyte:.2f}; objects expire by the bucket's own rule"),
        Stated("hybrid", "$528", f"${many + batch:.2f} and ${terabyte:.2f} for 1 TB, beside Adobe's fee"),
    ]
