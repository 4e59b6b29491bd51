"""What the user sees: one line when a long step starts, one with the time it took when it ends."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

# Seconds between updates of the elapsed time on a terminal.
TICK = 1.0
# Last lines of a log that a failure shows.
SHOWN_LINES = 20


class StepFailed(Exception):
    """A step that did not succeed. `advice` is a sentence that says what to do."""

    def __init__(self, what: str, advice: str, log: Path | None = None) -> None:
        super().__init__(what)
        self.what, self.advice, self.log = what, advice, log


class Console:
    """Prints steps; on a terminal the elapsed time ticks."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._lock = threading.Lock()

    def line(self, text: str) -> None:
        """One line."""
        with self._lock:
            print(text, file=self._out, flush=True)

    @contextmanager
    def step(self, title: str) -> Iterator[list[str]]:
        """Runs a step. What the body appends to the yielded list is shown behind the time it took."""
        notes: list[str] = []
        started = time.monotonic()
        stop = threading.Event()
        ticker = threading.Thread(target=self._tick, args=(title, started, stop), daemon=True)
        if self._out.isatty():
            ticker.start()
        else:
            self.line(f"... {title}")
        try:
            yield notes
        except BaseException:
            self._end("FAILED", title, started, stop, notes)
            raise
        self._end("ok", title, started, stop, notes)

    def failure(self, error: StepFailed) -> None:
        """The end of the log, what went wrong and what to do."""
        if error.log is not None:
            for text in tail(error.log, SHOWN_LINES):
                self.line(f"    | {text}")
        self.line(f"{error.what}. {error.advice}")
        if error.log is not None:
            self.line(f"Full log: {error.log}")

    def _end(self, word: str, title: str, started: float, stop: threading.Event, notes: list[str]) -> None:
        stop.set()
        note = f", {', '.join(notes)}" if notes else ""
        clear = "\r\033[K" if self._out.isatty() else ""
        self.line(f"{clear}{word:>6} {title} ({_elapsed(started)}{note})")

    def _tick(self, title: str, started: float, stop: threading.Event) -> None:
        while True:
            with self._lock:
                if stop.is_set():
                    return
                print(f"\r\033[K   ... {title} {_elapsed(started)}", end="", file=self._out, flush=True)
            if stop.wait(TICK):
                return


def tail(log: Path, lines: int) -> list[str]:
    """The last lines of a log; empty when there is none."""
    try:
        return log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    except OSError:
        return []


def _elapsed(started: float) -> str:
    seconds = time.monotonic() - started
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {int(seconds % 60)} s"
