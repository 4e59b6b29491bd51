"""The command line that scripts/chaos.sh runs on a local cloud of its own: `histories` and `backpressure`."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path
from typing import Any

from ..settings import Settings
from . import backpressure, histories
from .stack import Stack

# Events for each flight, about.
EVENTS_PER_FLIGHT = 12


def say(text: str) -> None:
    """One line to whoever watches; standard output belongs to the report."""
    print(text, file=sys.stderr, flush=True)


def play(stack: Stack, count: int, events: int, first: int) -> dict[str, Any]:
    """So many histories, one after the other."""
    played = []
    with stack.through_proxy() as proxy:
        for seed in range(first, first + count):
            rate = histories.RATES[seed % len(histories.RATES)]
            plan = histories.Plan(seed, events, max(3, events // EVENTS_PER_FLIGHT), rate)
            one = histories.play(stack, proxy, plan, say)
            say(summary(one))
            played.append(one)
    return {"passed": all(one["passed"] for one in played), "histories": played}


def summary(one: dict[str, Any]) -> str:
    """A history in some lines."""
    verdict = one["verdict"]
    wrong = {name: found for name, found in verdict.items() if found}
    kills = ", ".join(f"{name} {count}" for name, count in one["killed"].items())
    lines = [
        f"seed {one['seed']}: {'PASSED' if one['passed'] else 'FAILED'} after {one['seconds']:.0f} s",
        f"  records {one['records']} ({one['poison']} poison, {one['twice']} twice), flights {one['flights']}",
        f"  calls {one['calls']}, gone wrong {sum(one['faults'].values())}: "
        + ", ".join(f"{name} {count}" for name, count in one["faults"].items()),
        f"  killed: {kills}",
        f"  executions {one['executions']}, failed {one['failed']}; letters sent again {one['redriven']}",
        f"  notifications {one['notifications']}, lines that repeat an id {one['repeated_lines']}",
        f"  lost {len(verdict['lost'])}, missing {len(verdict['missing'])}, twice {len(verdict['doubled'])}, wrong"
        f" states {len(verdict['wrong_flights']) + len(verdict['wrong_bookings'])}, misled {len(verdict['misled'])},"
        f" dead letters beside the poison {len(verdict['letters'])}",
        f"  last message {one['told_seconds']} s after the last fault, quiet after {one['recovery_seconds']} s",
    ]
    for name, found in wrong.items():
        lines += [f"  {name}: {text}" for text in found[:5]]
    return "\n".join(lines)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="flightpulse_cloud.chaos", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    of_histories = commands.add_parser("histories", help="seeded histories under faults and kills")
    of_histories.add_argument("--histories", type=int, default=5)
    of_histories.add_argument("--events", type=int, default=500)
    of_histories.add_argument("--seed", type=int, default=1, help="of the first; the others follow")
    commands.add_parser("backpressure", help="ten times the load that the stack sustains")
    parser.add_argument("--json", type=Path, help="a file for the report")
    options = parser.parse_args()
    # What was begun is ended: the proxy, and functions that call through it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    stack = Stack(Settings.from_environment())
    if options.command == "backpressure":
        report = backpressure.run(stack, say)
        say(backpressure.table(report))
    else:
        report = play(stack, options.histories, options.events, options.seed)
    if options.json:
        options.json.write_text(json.dumps(report, indent=1), encoding="utf-8")
    return 0 if report["passed"] else 1


if __name__ == "__main__":
    sys.exit(main())
