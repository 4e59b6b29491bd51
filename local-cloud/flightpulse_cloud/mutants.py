"""Deliberate faults in the delivery of notifications: proof that a scenario's verdict can fail.

They sit between the EventBridge rule and the log group, so the code under test is untouched. A mutant acts on the
first notification (or booking) that it meets and on that one only; `all` is each of them, each on its own.
"""

from __future__ import annotations

import copy
import re
import threading
from typing import Any

KINDS = ("none", "double-notification", "dropped-booking", "wrong-gate", "all")

# What the names of notifications begin with. Other events that go to log groups are left alone.
NOTIFICATION = "notification."

# Fields by which a notification may name its booking, the most specific first.
BOOKING_FIELDS = ("booking_id", "bookingId", "confirmation_number", "pnr")

_CLOCK_TIME = re.compile(r"\b(\d{1,2})([:hH.]\d{2})")
# A gate where a text names it: `gate B12`, `Puerta: 12`, `la porte est D15`.
_GATE = re.compile(
    r"(?i:\b(?:gate|puerta|porte|flugsteig)\s*:?\s*(?:(?:is|es|est|ist)\s+)?)([A-Z]{0,2}\d{1,3}[A-Z]?)\b"
)


class Mutant:
    """What happens to a notification on its way: `deliver` says what is written in its stead."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.set("none")

    def set(self, kind: Any) -> None:
        """Chooses the fault; a ValueError says which there are."""
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        with self._lock:
            self._kind: str = kind
            # The notification's or booking's id of each mutant that has acted.
            self._victims: dict[str, str] = {}
            self._hits = 0

    def report(self) -> dict[str, Any]:
        """What `GET /_flightpulse/mutant` answers; without victims the fault has not happened yet."""
        with self._lock:
            return {"kind": self._kind, "victims": dict(self._victims), "hits": self._hits}

    def deliver(self, event: dict[str, Any]) -> list[dict[str, Any]]:
        """The events to write for this one: itself, none, or a changed or a second one."""
        if not str(event.get("detail-type", "")).startswith(NOTIFICATION):
            return [event]
        with self._lock:
            # First, since it is the only one that acts on more than one notification.
            if self._kind in ("dropped-booking", "all"):
                booking = _booking(event)
                if booking is not None and self._victims.get("dropped-booking", booking) == booking:
                    self._hit("dropped-booking", booking)
                    return []
            if self._acts("double-notification"):
                self._hit("double-notification", str(event.get("id", "")))
                return [event, event]
            if self._acts("wrong-gate") and (changed := _with_a_wrong_fact(event)) is not None:
                self._hit("wrong-gate", str(event.get("id", "")))
                return [changed]
            return [event]

    def _acts(self, kind: str) -> bool:
        return self._kind in (kind, "all") and kind not in self._victims

    def _hit(self, kind: str, victim: str) -> None:
        self._victims[kind] = victim
        self._hits += 1


MUTANT = Mutant()


def _booking(event: dict[str, Any]) -> str | None:
    detail = event.get("detail")
    for name in BOOKING_FIELDS:
        value = _find(detail, name)
        if value is not None:
            return value
    return None


def _find(value: Any, name: str) -> str | None:
    if isinstance(value, dict):
        if isinstance(value.get(name), str):
            return str(value[name])
        children: Any = value.values()
    else:
        children = value if isinstance(value, list) else ()
    return next((found for child in children if (found := _find(child, name)) is not None), None)


def _with_a_wrong_fact(event: dict[str, Any]) -> dict[str, Any] | None:
    """The event with one gate, else one clock time, else its flight's number replaced wherever a text states it.

    None when its texts state none of them. Only texts that a passenger reads are changed: strings with a space, which
    leaves ids and ISO timestamps alone.
    """
    detail = event.get("detail")
    texts = "\n".join(_sentences(detail))
    flight = _find(detail, "flight_id")
    if gate := _GATE.search(texts):
        old, new = gate[1], "Z9" if gate[1] != "Z9" else "Z8"
    elif clock := _CLOCK_TIME.search(texts):
        old, new = clock[0], f"{int(clock[1]) % 9 + 1}{clock[2]}"
    elif flight and flight in texts:
        old, new = flight, flight[:-1] + ("8" if flight[-1] == "9" else "9")
    else:
        return None
    # As a whole word: gate 12 is not a part of 12:40, nor 3:40 of 13:40.
    whole = re.compile(rf"(?<!\w)(?<!\d[:.]){re.escape(old)}(?!\w|:\d)")
    changed = copy.deepcopy(event)
    changed["detail"] = _replace(changed["detail"], whole, new)
    return changed


def _sentences(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if " " in value else []
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [sentence for child in children for sentence in _sentences(child)]


def _replace(value: Any, old: re.Pattern[str], new: str) -> Any:
    if isinstance(value, dict):
        return {key: _replace(child, old, new) for key, child in value.items()}
    if isinstance(value, list):
        return [_replace(child, old, new) for child in value]
    return old.sub(new, value) if isinstance(value, str) and " " in value else value
