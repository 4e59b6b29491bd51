"""More load than the local stack can take: what waits, how much memory that takes, and that nothing fails.

Rates double until one is not kept up with; the last that was is the sustainable one. Memory under it is what memory
under ten times as much is compared with, in the same run.
"""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ..endpoint import health
from .stack import Stack, rss

RATES = (5, 10, 20, 40, 80)
TIMES = 10
# Seconds: of a rate that is tried, within which it must be dealt with afterwards, and of the overload.
TRIED, CAUGHT_UP, OVERLOAD = 15, 5.0, 30
# Seconds until all of the overload is dealt with at most.
DRAINING = 1_800
FLIGHTS, PASSENGERS = 100, 200
# Seconds between two lines of the table.
SHOWN_EVERY = 10.0
MIB = 1024 * 1024
# What a look samples of memory.
PARTS = ("functions", "processes", "mapping", "endpoint")


@dataclass
class Samples:
    """Looks, one after the other: what waits, and the memory that it takes."""

    looks: list[dict[str, Any]] = field(default_factory=list)

    def most(self, name: str) -> float:
        """The most that any look has found."""
        return max((one[name] for one in self.looks if one[name] is not None), default=0)


def run(stack: Stack, say: Callable[[str], None]) -> dict[str, Any]:
    """Finds the rate, overloads, waits; answers what was seen."""
    done = stack.asked("seed", "--flights", str(FLIGHTS), "--passengers", str(PASSENGERS))
    if done.returncode != 0:
        raise RuntimeError(f"the flights could not be seeded: {done.stderr}")
    tried = []
    for rate in RATES:
        tried.append(_load(stack, rate, TRIED, CAUGHT_UP * 12))
        late = tried[-1]["quiet_after"]
        say(f"{rate} events a second for {TRIED} s: dealt with {late:.1f} s after the last")
        if late > CAUGHT_UP:
            break
    kept_up = [one for one in tried if one["quiet_after"] <= CAUGHT_UP] or tried[:1]
    usual = kept_up[-1]
    before, letters_before = _ended(stack), _letters(stack)
    say(f"overload: {usual['rate'] * TIMES} events a second for {OVERLOAD} s")
    over = _load(stack, usual["rate"] * TIMES, OVERLOAD, DRAINING)
    after = _ended(stack)
    failed = after["FAILED"] - before["FAILED"]
    succeeded = after["SUCCEEDED"] - before["SUCCEEDED"]
    letters = _letters(stack) - letters_before
    nothing_failed = over["quiet"] and failed == letters == 0
    passed = nothing_failed and succeeded >= over["written"] > 0 and over["most"]["waiting"] > 0
    return {
        "passed": passed, "sustainable": usual["rate"], "tried": tried, "overload": over, "failed": failed,
        "succeeded": succeeded, "dead_letters": letters,
    }  # fmt: skip


def _load(stack: Stack, rate: int, seconds: int, deadline: float) -> dict[str, Any]:
    """Writes at a rate and waits until all is dealt with; answers what was seen meanwhile."""
    with _sampled(stack) as samples:
        began = time.monotonic()
        written = stack.asked(
            "load", "--rate", str(rate), "--seconds", str(seconds), "--flights-from", "table", "--drain-seconds", "0",
            "--json", deadline=seconds * 20 + 120,
        )  # fmt: skip
        if written.returncode != 0:
            raise RuntimeError(f"the load could not be written: {written.stderr}")
        ended = time.monotonic()
        settled = stack.asked(
            "chaos", "settle", "--timeout-seconds", str(int(deadline)), "--json", deadline=deadline + 60
        )
        quiet = json.loads(settled.stdout)
    report = json.loads(written.stdout)
    return {
        "rate": rate, "written": report["written"], "write_seconds": round(ended - began, 1),
        "quiet": quiet["settled"], "quiet_after": round(quiet["seconds"], 1),
        "most": {name: samples.most(name) for name in ("lag", "running", "waiting", *PARTS)}, "looks": samples.looks,
    }  # fmt: skip


@contextmanager
def _sampled(stack: Stack) -> Iterator[Samples]:
    """Looks at lag, executions and memory for as long as the body takes."""
    samples = Samples()
    command = stack.simulator("chaos", "settle", "--looks", "--endless", "--json")
    with subprocess.Popen(
        command, cwd=stack.settings.repo, env=stack.environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        thread = threading.Thread(target=_read, args=(stack, process, samples), daemon=True)
        thread.start()
        try:
            yield samples
        finally:
            process.terminate()
            thread.join(30.0)


def _read(stack: Stack, process: subprocess.Popen[str], samples: Samples) -> None:
    assert process.stdout is not None
    found = health(stack.settings) or {}
    for line in process.stdout:
        look = json.loads(line)
        if "running" not in look or "seconds" not in look:
            continue
        functions = stack.function_processes()
        look["waiting"] = (look["lag"] or 0) + look["running"]
        look["functions"] = sum(map(rss, functions)) // MIB
        look["processes"] = len(functions)
        look["mapping"] = rss(stack.mapping_pid()) // MIB
        look["endpoint"] = rss(found.get("pid", 0)) // MIB
        samples.looks.append(look)


def _ended(stack: Stack) -> dict[str, int]:
    """Executions by how they ended."""
    counts = {"SUCCEEDED": 0, "FAILED": 0}
    for machine in stack.machines():
        for status in counts:
            pages = stack.workflows.get_paginator("list_executions").paginate(
                stateMachineArn=machine, statusFilter=status, PaginationConfig={"PageSize": 1000}
            )
            counts[status] += sum(len(page["executions"]) for page in pages)
    return counts


def _letters(stack: Stack) -> int:
    """Letters in all places."""
    told = json.loads(stack.asked("dlq", "list", "--json", "--limit", "1000").stdout)
    return sum(len(queue["letters"]) for queue in told["queues"])


def table(report: dict[str, Any]) -> str:
    """What was seen, in lines."""
    over, usual = report["overload"], report["sustainable"]
    at_usual = next(one for one in report["tried"] if one["rate"] == usual)["most"]
    lines = [
        f"{'PASSED' if report['passed'] else 'FAILED'}: sustainable {usual} events a second; {over['written']} written"
        f" at {over['rate']} a second in {over['write_seconds']} s, all dealt with {over['quiet_after']} s later",
        f"executions succeeded {report['succeeded']}, failed {report['failed']}; dead letters {report['dead_letters']}",
        "most                   " + "".join(f"{name:>12}" for name in at_usual),
        f"  at {usual:>4} a second     " + "".join(f"{value:>12}" for value in at_usual.values()),
        f"  at {over['rate']:>4} a second     " + "".join(f"{value:>12}" for value in over["most"].values()),
        "second   " + "".join(f"{name:>12}" for name in ("lag", "running", *PARTS)),
    ]
    shown = -SHOWN_EVERY
    for look in over["looks"]:
        if look["seconds"] >= shown + SHOWN_EVERY:
            shown = look["seconds"]
            lines.append(f"{shown:>6.0f}   " + "".join(f"{look[name]!s:>12}" for name in ("lag", "running", *PARTS)))
    return "\n".join(lines)
