"""The parts of the page that say how cost grows, and what a month, a document and a quota come to."""

from __future__ import annotations

import json

from . import documents, fixed, quotas
from .bill import UNDIVIDED
from .bills import ALONE, EMPTY, HUNDREDS, NOTHING, SINGLE, UNKNOWN, Ledger
from .growth import FLAT, margins, processor_ms, rows
from .savings import savings
from .tables import dollars, number, table


def growth(ledger: Ledger) -> str:
    """Per message by the size of the flight, per event by the number of flights."""
    parts = []
    for kind in ("delay", "cancellation"):
        bills = ledger.sizes(kind)
        reference = next((at for at, one in enumerate(bills) if one.load.has["bookings"] == 180), 0)
        head = [f"{kind}, for one message", *(f"{one.load.has['bookings']:g} bookings" for one in bills), "flat"]
        listed = rows(bills, "notifications", reference)
        parts.append(table(head, (_row(one) for one in listed)))
        for measure, what in (
            (lambda one: 1e6 * one.total, "micro-dollars"),
            (lambda one: processor_ms(one.load, "events"), "milliseconds of a processor"),
        ):
            more = ", ".join(f"{value:.2g}" for value in margins(bills, "notifications", measure))
            parts.append(f"One message more takes, from each size to the next, {more} {what}.")
    bills = ledger.spread()
    head = ["an event that changes nothing", *(f"{one.load.has['flights']:g} flights" for one in bills), "flat"]
    parts.append(table(head, (_row(one) for one in rows(bills, "events", len(bills) // 2))))
    return "\n\n".join(parts)


def _row(one: object) -> list[str]:
    return [one.what, *(number(value) for value in one.values), "yes" if one.flat else "no"]  # type: ignore[attr-defined]


def monthly(ledger: Ledger) -> str:
    """By kind of deployment."""
    alike: dict[str, list[str]] = {}
    for name, stack in ledger.counts.stack["contexts"].items():
        alike.setdefault(json.dumps(stack_lines(stack)), []).append(name)
    rows_of = []
    for told, names in alike.items():
        stack = json.loads(told)
        name = "; ".join(names)
        lines = fixed.lines(stack, ledger.prices)
        used = fixed.once_used(stack, ledger.counts, ledger.prices)
        largest = ", ".join(f"{what} {dollars(cost)}" for what, cost in lines.items())
        rows_of.append((name, dollars(sum(lines.values())), largest, dollars(sum(used.values()))))
    return table(("deployment", "a month", "of which", "metrics that these loads write, each hour"), rows_of)


def stack_lines(stack: dict[str, int]) -> dict[str, int]:
    """What of a deployment is billed: those that differ in nothing else are one line."""
    return {name: count for name, count in stack.items() if name not in ("functions", "log_groups")}


def metrics(ledger: Ledger) -> str:
    """What metrics come to, and why."""
    stack = next(iter(ledger.counts.stack["contexts"].values()))
    used = fixed.once_used(stack, ledger.counts, ledger.prices)
    said = ", ".join(f"{what} {dollars(cost)}" for what, cost in used.items())
    own = fixed.own_metrics(ledger.counts)
    methods = stack["detailed_methods"]
    return f"{said}: {own} metrics of ours that these loads write, and five of each of {methods} methods."


def before(ledger: Ledger) -> str:
    """What the counts do not know yet, since they are older than the rule; nothing once it is counted anew."""
    if not any(UNDIVIDED in load.billed.get("dynamodb.stored_bytes", {}) for load in ledger.counts.loads.values()):
        return ""
    return (
        "These counts are older than two rules, which the next count has. Point-in-time recovery is billed without "
        "global indexes; here it has them in it and so is too high. A put that its condition did not let through takes "
        "the larger of its item and the one that is there; here it takes the one that is there, and requests that were "
        "wrong are counted with those in vain."
    )


def stated(ledger: Ledger) -> str:
    """The documents' figures and ours."""
    head = ("", "stated", "here")
    ours = documents.flightpulse(ledger["delay of 180"], ledger.request)
    feeds = documents.bookings(ledger[SINGLE], ledger[HUNDREDS], ledger.rows.each("rows"), ledger.prices)
    return "\n\n".join((
        "**FlightPulse**, a month with minimal usage:",
        table(head, ((one.what, one.stated, one.ours) for one in ours)),
        "**Bookings from Experience Platform**, a month:",
        table(head, ((one.what, one.stated, one.ours) for one in feeds)),
        "**Disruption management** asks for 10,000 events a second. An hour of it costs "
        f"{_hour(ledger, UNKNOWN)} if nobody knows the flights, {_hour(ledger, NOTHING)} if nothing changes, and "
        f"{_hour(ledger, EMPTY)} if each delays a flight with nobody aboard; the tables of quotas say what must be "
        "raised for it. The documents of ticket shopping "
        "($3,000 a month for ten million searches a day) and of the synchronisation are of systems that are not built.",
    ))  # fmt: skip


def _hour(ledger: Ledger, name: str) -> str:
    """An hour of ten thousand such events a second."""
    return dollars(10_000 * 3_600 * ledger[name].each("events"))


def limits(ledger: Ledger) -> str:
    """Quotas by what reaches them."""
    parts = []
    for title, name, unit, what in (
        ("Events that change nothing", NOTHING, "events", "events a second"),
        ("Delays of flights of 180", "delay of 180", "events", "disruptions a second"),
        ("Cancellations of flights of 180", "cancellation of 180", "events", "disruptions a second"),
        ("Bookings, 100 events a request", HUNDREDS, "events", "events a second"),
    ):
        found = quotas.reached(ledger.counts.loads[name], unit, ledger.memory)
        rows_of = (
            (quota.name, f"{quota.limit:,.0f} {quota.per}", number(float(f"{at:.3g}")), quota.advice)
            for quota, at in found[:4]
        )
        parts.append(f"**{title}**\n\n" + table(("quota", "default", f"reached at, {what}", "what to raise"), rows_of))
    delay = ledger.counts.loads["delay of 180"]
    tokens = delay.of("bedrock.input_tokens") + delay.of("bedrock.output_tokens")
    parts.append(
        f"The model's quotas are the account's own. A delay of 180 asks {delay.of('bedrock.calls'):g} times with "
        f"{number(tokens)} tokens, so 100 disruptions in a minute want {100 * delay.of('bedrock.calls'):,.0f} requests "
        f"and {100 * tokens:,.0f} tokens a minute; what is refused gets the template's text and is told all the same."
    )
    return "\n\n".join(parts)


def saved(ledger: Ledger) -> str:
    """What choices of the design save."""
    found = savings(
        ledger["delay of 180"], ledger[NOTHING], ledger[ALONE], ledger[UNKNOWN], ledger[SINGLE], ledger[HUNDREDS],
        ledger.prices,
    )
    return table(
        ("choice", "of", "as built", "the other way", "times"),
        ((one.choice, one.of, dollars(one.built), dollars(one.otherwise), f"{one.otherwise / one.built:.1f}")
         for one in found),
    )  # fmt: skip


def left(ledger: Ledger) -> str:
    """What is dearest and could be saved, with what that would give up."""
    stack = next(iter(ledger.counts.stack["contexts"].values()))
    detailed = fixed.once_used(stack, ledger.counts, ledger.prices)["API Gateway's detailed metrics"]
    poller = ledger.prices.dollars("lambda.poller_hours", fixed.HOURS)
    model = ledger["delay of 180"].of("bedrock.")
    rows_of = [
        ("poll Kafka without provisioned pollers", f"{dollars(poller)} a month",
         "partial answers, the limit of retries"),
        ("no detailed metrics of the API", f"up to {dollars(detailed)} a month", "counts and latencies by route"),
        ("the model by its global profile", f"{dollars(model / 11)} of a delay of 180",
         "texts may be written anywhere"),
        ("one call of the model for all cohorts of an event", "most of the tokens in, of all calls but one",
         "one text that fails or is slow would take the others with it"),
    ]  # fmt: skip
    return table(("", "saves", "gives up"), rows_of)


FLAT_MEANS = f"Flat means within {FLAT:.0%} of the value at 180 bookings, or at the number of flights in the middle."
