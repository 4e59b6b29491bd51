"""How long workflows wait: in Wait states, and between the attempts of a state that failed.

A test of what is there after the last of five retries need not sit through them. The definitions stay as they are
deployed, attempts are counted as they say; only the time in between passes faster.
"""

from __future__ import annotations

import time
from typing import Any


class Pauses:
    """The share of its time that a pause takes."""

    def __init__(self) -> None:
        self.share = 1.0

    def set(self, share: Any = None) -> None:
        """A share from 0, no pause at all, to 1; a ValueError says what it must be."""
        if not isinstance(share, int | float) or isinstance(share, bool) or not 0 <= share <= 1:
            raise ValueError("share must be a number from 0 to 1")
        self.share = float(share)

    def report(self) -> dict[str, Any]:
        """What `GET /_flightpulse/pauses` answers."""
        return {"share": self.share}


PAUSES = Pauses()


def apply() -> None:
    """Puts the share in the place of MiniStack's own, which is read once, from its environment."""
    from ministack.services import stepfunctions

    def pause(seconds: float) -> None:
        time.sleep(max(0.0, seconds) * PAUSES.share)

    stepfunctions._scaled_sleep = pause
