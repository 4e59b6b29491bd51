"""The book that all is entered into."""

from __future__ import annotations

import threading
from collections import defaultdict

from ..bedrock import STATE


class Book:
    """Numbers by unit and by what they are of, since the start or the last reset."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))

    def add(self, unit: str, of: str, number: float = 1) -> None:
        """Enters so much."""
        with self._lock:
            self._entries[unit][of] += number

    def reset(self) -> None:
        """Back to nothing; the model's own counts are its own (`bedrock`)."""
        with self._lock:
            self._entries.clear()

    def report(self) -> dict[str, dict[str, float]]:
        """What `GET /_flightpulse/billed` answers."""
        with self._lock:
            found = {unit: dict(sorted(of.items())) for unit, of in sorted(self._entries.items())}
        model = STATE.report()
        for name in ("calls", "input_tokens", "output_tokens"):
            if model[name]:
                found[f"bedrock.{name}"] = {"Converse": model[name]}
        return found


BOOK = Book()


def steps(size: int, step: int) -> int:
    """How many steps a size takes; nothing takes one, as everywhere at AWS."""
    return max(1, -(-size // step))
