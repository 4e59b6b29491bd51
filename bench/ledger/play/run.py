"""Plays all loads and writes what was counted."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..counts import Load as Counted
from ..done import missing
from . import loads
from .cloud import Cloud
from .processor import Meter

Entry = dict[str, Any]
# Flights of each size that are timed, after one that nobody counts.
TIMED = 3


def say(text: str) -> None:
    """A line to whoever watches."""
    print(text, file=sys.stderr, flush=True)


class Run:
    """One run of all loads, with names of its own."""

    def __init__(self, cloud: Cloud, quick: bool) -> None:
        self.cloud, self.quick = cloud, quick
        self.name = datetime.now(UTC).strftime("L%H%M%S")
        self.entries: list[Entry] = []

    def count(self, load: loads.Load) -> Entry:
        """Plays one load, once, and notes what it billed."""
        began = time.monotonic()
        self.cloud.write(load.seeds)
        failed = self.cloud.failed()
        billed = self.cloud.counted(lambda: load.play(self.cloud))
        if (now := self.cloud.failed()) != failed:
            raise RuntimeError(f"{load.name}: {now - failed} executions failed: what is counted would be theirs")
        if wrong := missing(Counted(load.name, load.has, billed)):
            raise RuntimeError("; ".join(wrong))
        entry = {"name": load.name, "has": load.has, "billed": billed}
        say(f"{load.name}: {time.monotonic() - began:.0f} s")
        return entry

    def add(self, listed: Iterable[loads.Load]) -> None:
        """Plays loads one after the other."""
        self.entries += [self.count(load) for load in listed]

    def timed(self, make: Callable[[str], Iterable[loads.Load]], rounds: int) -> None:
        """The same loads several times over: the processor time of each round, and the counts of the last.

        The first round is not read: it has the starts of processes.
        """
        took: dict[str, list[dict[str, float]]] = {}
        entries: dict[str, Entry] = {}
        for nth in range(rounds + 1):
            for load in make(f"{self.name}{nth}"):
                meter = Meter(self.cloud.endpoint)
                entry = self.count(load)
                seconds, fresh = meter.taken()
                if nth:
                    took.setdefault(load.name, []).append({**seconds, "fresh processes": fresh})
                entries[load.name] = entry
        for name, entry in entries.items():
            self.entries.append({**entry, "processor_seconds": took.get(name, [])})

    def all(self) -> None:
        """Every load."""
        self.add(loads.decided(self.name, 20 if self.quick else 100))
        sizes = loads.QUICK_SIZES if self.quick else loads.SIZES
        self.timed(lambda run: loads.disruptions(run, sizes), 1 if self.quick else TIMED)
        over, each = (loads.OVER[:1], 100) if self.quick else (loads.OVER, 1_000)
        # As many processes as that many executions at once make; then a thousand events are rounds enough.
        for load in loads.spread(f"W{self.name}", over[:1], each):
            self.count(load)
        for load in loads.spread(self.name, over, each):
            meter = Meter(self.cloud.endpoint)
            entry = self.count(load)
            seconds, fresh = meter.taken()
            self.entries.append({**entry, "processor_seconds": [{**seconds, "fresh processes": fresh}]})
        self.add(loads.reads(f"D{self.name}0-{sizes[1]}", 5 if self.quick else 20))
        self.feed()

    def feed(self) -> None:
        """Bookings by the webhook, and exports of the same."""
        cloud, seed = self.cloud, int(datetime.now(UTC).timestamp())
        few, many = (20, 200) if self.quick else (100, 2_000)
        single, _ = loads.bookings(cloud, seed, few, 1)
        self.entries.append(self.count(single))
        hundreds, rows = loads.bookings(cloud, seed + 1, many, 100)
        self.entries.append(self.count(hundreds))
        folder = f"exports/{self.name}/exportTime=202612010600"
        # Whole reservations: as many rows to each as in the other file.
        known = sorted({loads.locator(row) for row in rows})
        first = set(known[: len(known) // 2])
        half = [row for row in rows if loads.locator(row) in first]
        self.add([
            loads.export("an export of half, unchanged", f"{folder}/half.json", half),
            loads.export("an export of all, unchanged", f"{folder}/all.json", rows),
        ])  # fmt: skip


def play(out: Path, command: str, quick: bool, stack: Path | None) -> None:
    """Plays, and writes the counts; with what each kind of deployment has, where that was counted."""
    run = Run(Cloud(), quick)
    run.all()
    counts = {
        "date": datetime.now(UTC).date().isoformat(), "command": command, "loads": run.entries,
        "stack": json.loads(stack.read_text()) if stack else {},
    }  # fmt: skip
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(counts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    say(f"counts are in {out}")
