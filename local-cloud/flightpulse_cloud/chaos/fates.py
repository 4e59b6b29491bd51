"""What becomes of a call: by a seed, the operation, and which of its calls it is.

A deployed stack takes its calls in another order each time; what becomes of the third PutEvents is the same.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

# It is not made, and the answer is what AWS answers when it refuses.
THROTTLE, UNAVAILABLE = "throttle", "unavailable"
# It is made, and its answer is another: an error; none until the client gives up; none.
LOST, TIMEOUT, RESET_AFTER = "lost", "timeout", "reset-after"
# It is not made, and the connection is gone.
RESET_BEFORE = "reset-before"
# It is made after a while.
SLOW = "slow"
# Some of its entries are not made; all are made, and some answered as not made.
PARTIAL, PARTIAL_LOST = "partial", "partial-lost"

# How often each, to the others. Timeouts cost a function five seconds each.
WEIGHTS = {
    THROTTLE: 6, UNAVAILABLE: 6, LOST: 4, TIMEOUT: 1, RESET_AFTER: 4, RESET_BEFORE: 4, SLOW: 3, PARTIAL: 6,
    PARTIAL_LOST: 4,
}  # fmt: skip
FAULTS = tuple(WEIGHTS)
# Rates are of so many calls.
ALL = 10_000


@dataclass
class Fates:
    """The faults that are set, and how often each has struck."""

    seed: int = 0
    # Of ten thousand calls, how many go wrong; of some operations ("dynamodb.GetItem") or services, another number.
    rate: int = 0
    rates: dict[str, int] = field(default_factory=dict)
    faults: tuple[str, ...] = FAULTS
    # Faults that come before all others, each once: a short history has every one of them.
    due: list[str] = field(default_factory=list)
    _nth: dict[str, int] = field(default_factory=dict)
    _counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def set(
        self, seed: Any = None, rate: Any = 0, rates: Any = None, faults: Any = None, each: Any = False,
    ) -> None:  # fmt: skip
        """Chooses; with a seed counts begin anew. With `each` every fault strikes once before any does a second time.
        A ValueError says what it must be."""
        wanted = {} if rates is None else rates
        chosen = FAULTS if faults is None else faults
        if seed is not None and not _is_whole(seed):
            raise ValueError("seed must be a whole number")
        if not isinstance(wanted, dict) or not all(map(_is_rate, [rate, *wanted.values()])):
            raise ValueError(f"rate, and each of rates, must be a whole number from 0 to {ALL}")
        if not isinstance(chosen, list | tuple) or not chosen or not set(chosen) <= set(FAULTS):
            raise ValueError(f"faults must be some of {', '.join(FAULTS)}")
        if not isinstance(each, bool):
            raise ValueError("each must be true or false")
        self.rate, self.rates, self.faults = rate, dict(wanted), tuple(chosen)
        if seed is not None:
            self.seed, self._nth, self._counts = seed, {}, {}
        self.due = random.Random(self.seed).sample(self.faults, len(self.faults)) if each else []

    def end(self) -> None:
        """No more faults; what was counted stays."""
        self.rate, self.rates = 0, {}

    def report(self) -> dict[str, Any]:
        """Calls and faults by operation."""
        return {
            "seed": self.seed, "rate": self.rate, "rates": self.rates, "faults": list(self.faults),
            "calls": dict(sorted(self._nth.items())), "struck": dict(sorted(self._counts.items())),
        }  # fmt: skip

    def next(self, operation: str, partly: bool) -> tuple[str | None, random.Random]:
        """What becomes of the next call of an operation, and the dice for the rest of it. `partly`: whether a part of
        such a call can fail."""
        nth = self._nth[operation] = self._nth.get(operation, 0) + 1
        dice = random.Random(f"{self.seed} {operation} {nth}")
        of_service = self.rates.get(operation.partition(".")[0], self.rate)
        if dice.randrange(ALL) >= self.rates.get(operation, of_service):
            return None, dice
        choice = [one for one in self.faults if partly or one not in (PARTIAL, PARTIAL_LOST)]
        if not choice:
            return None, dice
        fault = next((one for one in self.due if one in choice), None)
        if fault is None:
            fault = dice.choices(choice, [WEIGHTS[one] for one in choice])[0]
        else:
            self.due.remove(fault)
        struck = self._counts.setdefault(operation, {})
        struck[fault] = struck.get(fault, 0) + 1
        return fault, dice


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_rate(value: Any) -> bool:
    return _is_whole(value) and 0 <= value <= ALL
