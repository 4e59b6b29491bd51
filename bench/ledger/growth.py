"""How calls and cost grow with the size of a flight, and with the number of flights."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from .bill import Bill
from .counts import Load

# What counts as flat: within so much of the value at the size in the middle.
FLAT = 0.10


@dataclass(frozen=True)
class Row:
    """One measure over all sizes; `flat` is whether each is within a tenth of that of the reference."""

    what: str
    values: tuple[float, ...]
    reference: float

    @property
    def flat(self) -> bool:
        """Whether the measure does not depend on the size."""
        if not self.reference:
            return not any(self.values)
        return all(abs(value / self.reference - 1) <= FLAT for value in self.values)


def processor_ms(load: Load, unit: str) -> float:
    """Processor time for one of a unit, in milliseconds: the median of the rounds; no number where none was read."""
    rounds = [
        sum(took for name, took in one.items() if name.startswith("FlightPulse-"))
        for one in load.processor_seconds
    ]  # fmt: skip
    return 1_000 * median(rounds) / load.has[unit] if rounds else float("nan")


def rows(bills: list[Bill], unit: str, reference: int) -> list[Row]:
    """The measures of some sizes of one kind, for one of a unit each; `reference` is the place of the middle size."""
    measures: dict[str, Callable[[Bill], float]] = {
        "state transitions": lambda one: one.load.of("states.transitions"),
        "invocations of functions": lambda one: one.load.of("lambda.requests"),
        "requests to the table": lambda one: one.load.of("dynamodb.requests"),
        "write units": lambda one: one.load.of("dynamodb.write_units"),
        "read units": lambda one: one.load.of("dynamodb.read_units"),
        "events": lambda one: one.load.of("events.published"),
        "bytes of logs": lambda one: one.load.of("logs.bytes"),
        "calls of the model": lambda one: one.load.of("bedrock.calls"),
        "micro-dollars": lambda one: 1e6 * one.total,
        "micro-dollars without the model": lambda one: 1e6 * (one.total - one.of("bedrock")),
    }
    found = []
    for what, measure in measures.items():
        values = tuple(measure(one) / one.load.has[unit] for one in bills)
        if any(values):
            found.append(Row(what, values, values[reference]))
    took = tuple(processor_ms(one.load, unit) for one in bills)
    if all(value == value for value in took):
        found.append(Row("milliseconds of a processor, debug builds", took, took[reference]))
    return found


def margins(bills: Iterable[Bill], unit: str, measure: Callable[[Bill], float]) -> list[float]:
    """What one more of a unit takes, between each size and the next."""
    return [
        (measure(more) - measure(less)) / (more.load.has[unit] - less.load.has[unit]) for less, more in pairwise(bills)
    ]
