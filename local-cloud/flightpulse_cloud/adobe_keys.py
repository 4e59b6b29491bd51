"""The host of Adobe's public keys, as the webhook meets it.

Adobe I/O Events signs what it sends and names, in a header, the path of the key to verify it with on
static.adobeioevents.com. The functions are told to ask here in its place; the keys are those of `sample-data/aep/keys`,
whose private halves the senders of our tests have.
"""

from __future__ import annotations

import re
import threading
from typing import Any

from .settings import REPO_ROOT

# Where the keys are below the host's address: `/prod/keys/pub-key-<id>.pem`.
FOLDER = "prod/keys/"
KEYS = REPO_ROOT / "sample-data" / "aep" / "keys"
# No other file: the private keys lie beside them.
KEY_NAME = re.compile(r"pub-key-[A-Za-z0-9-]+\.pem")


class KeyHost:
    """Whether the host can be reached, and how often it was asked: a key is to be kept, not fetched anew."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """It can be reached, and was not asked yet."""
        with self._lock:
            self._reachable, self._requests = True, 0

    def set(self, reachable: Any = None) -> None:
        """Chooses whether it can be reached; a ValueError says what it must be."""
        if not isinstance(reachable, bool):
            raise ValueError("reachable must be true or false")
        with self._lock:
            self._reachable = reachable

    def report(self) -> dict[str, Any]:
        """What `GET /_flightpulse/adobe-keys` answers."""
        with self._lock:
            return {"reachable": self._reachable, "requests": self._requests}

    def answer(self, path: str) -> tuple[int, Any]:
        """What it answers to a GET of a path below its address: a key's text, or why there is none."""
        with self._lock:
            self._requests += 1
            if not self._reachable:
                return 503, {"error": "the host of the keys cannot be reached"}
        name = path.removeprefix(FOLDER)
        file = KEYS / name
        if not path.startswith(FOLDER) or not KEY_NAME.fullmatch(name) or not file.is_file():
            return 404, {"error": f"there is no key at /{path}"}
        return 200, file.read_text(encoding="ascii")


KEY_HOST = KeyHost()
