"""The parts of the page that say what one thing costs."""

from __future__ import annotations

from collections.abc import Iterable

from .bill import Bill
from .bills import ALONE, CHANGED, EMPTY, HUNDREDS, MILLION, NOTHING, SINGLE, UNKNOWN, Ledger
from .durations import ASSUMED, seconds
from .tables import dollars, number, share, table


def short(ledger: Ledger) -> str:
    """The figures that one asks for first."""
    rows = [
        (f"a million Kafka events: {name}", dollars(MILLION * ledger[load].each("events")))
        for name, load in (
            ("about flights that nobody knows, by hundreds", UNKNOWN), ("… one at a time", ALONE),
            ("that change nothing", NOTHING), ("that delay a flight with nobody aboard", EMPTY),
        )
    ]  # fmt: skip
    for kind in ("delay", "cancellation", "gate change"):
        one = ledger[f"{kind} of 180"]
        cents = 100 * one.each("passengers")
        rows.append(
            (f"a {kind} of a flight of 180", f"{dollars(one.total)}: {cents:.3f} cents a passenger told, "
             f"{100 * one.each('notifications'):.3f} a message")
        )  # fmt: skip
    rows += [
        ("a million events of bookings, 100 a request", dollars(MILLION * ledger[HUNDREDS].each("events"))),
        ("a million bookings so, with all their events", dollars(MILLION * ledger[HUNDREDS].each("bookings"))),
        ("a million events of bookings, one a request", dollars(MILLION * ledger[SINGLE].each("events"))),
        ("a million rows of exports that the table has already", dollars(MILLION * ledger.rows.each("rows"))),
        ("… and a file", dollars(ledger.file)),
        ("a million requests of the API, all routes alike", dollars(MILLION * ledger.request)),
        ("a million changes of a status, their writes among them", dollars(MILLION * ledger[CHANGED].each("changes"))),
    ]
    return table(("", "at list prices"), rows)


def positions(ledger: Ledger) -> str:
    """Bills by position, the dearest first."""
    parts = []
    for title, one, unit, scale in (
        ("A delay of a flight of 180", ledger["delay of 180"], "events", 1),
        ("A cancellation of a flight of 180", ledger["cancellation of 180"], "events", 1),
        ("A million events that change nothing", ledger[NOTHING], "events", MILLION),
        ("A million events of bookings, 100 a request", ledger[HUNDREDS], "events", MILLION),
        ("A million rows of an export, unchanged", ledger.rows, "rows", MILLION),
        ("A million requests of the API, `GET /flights/{id}`", ledger["GET flights/{id}"], "requests", MILLION),
    ):
        parts.append(f"**{title}**: {dollars(scale * one.each(unit))}\n\n{of(one, unit, scale)}")
    return "\n\n".join(parts)


def of(one: Bill, unit: str, scale: float) -> str:
    """A bill's positions, for so many of a unit."""
    factor = scale / one.load.has[unit]
    return table(
        ("position", "count", "dollars", "share"),
        (
            (f"`{position.name}`", number(position.count * factor), dollars(position.dollars * factor),
             share(position.dollars, one.total))
            for position in one.positions
        ),
    )  # fmt: skip


def model(ledger: Ledger) -> str:
    """Calls and tokens of the model, transitions of the workflow."""
    rows: list[Iterable[str]] = []
    for kind in ("delay", "cancellation", "gate change"):
        for one in ledger.sizes(kind):
            load = one.load
            tokens = load.of("bedrock.input_tokens") + load.of("bedrock.output_tokens")
            rows.append((
                load.name, number(load.has["passengers"]), number(load.has["notifications"]),
                number(load.of("bedrock.calls")), number(tokens), number(tokens / load.has["passengers"]),
                f"{load.of('bedrock.calls') / load.has['passengers']:.3f}", number(load.of("states.transitions")),
                dollars(one.total),
            ))  # fmt: skip
    head = (
        "bookings", "told", "messages", "model calls", "tokens", "tokens a passenger", "calls a passenger",
        "transitions", "cost",
    )  # fmt: skip
    return table(head, rows)


def sensitivity(ledger: Ledger) -> str:
    """What other times of functions would change."""
    rows = []
    for title, name, unit, scale in (
        ("a delay of 180", "delay of 180", "events", 1),
        ("a million events that change nothing", NOTHING, "events", MILLION),
        ("a million events of bookings, 100 a request", HUNDREDS, "events", MILLION),
        ("a million requests of `GET /flights/{id}`", "GET flights/{id}", "requests", MILLION),
    ):
        one = ledger[name]
        factor = scale / one.load.has[unit]
        time, total = one.of("lambda.gb_seconds") * factor, one.total * factor
        rows.append((title, dollars(total - time / 2), dollars(total), dollars(total + time), share(time, total)))
    return table(("", "half the time", "as assumed", "twice the time", "share of time"), rows)


def times(ledger: Ledger) -> str:
    """The time of one invocation of each function, as assumed."""
    rows = []
    for name in ASSUMED["rounds"]:
        loads = [load for load in ledger.counts.loads.values() if load.of("lambda.requests", name)]
        each = sorted(1_000 * seconds(name, load) / load.of("lambda.requests", name) for load in loads)
        if each:
            span = f"{each[0]:.0f}" if each[0] == each[-1] else f"{each[0]:.0f} to {each[-1]:.0f}"
            rounds = ", ".join(f"{count} of {call}" for call, count in ASSUMED["rounds"][name].items())
            rows.append((f"`{name}`", number(ledger.memory[name]), rounds, span))
    return table(("function", "MB", "calls one after the other", "ms an invocation"), rows)
