"""Seeded histories on the deployed stack, while calls fail and processes are killed.

What is said, and what must come of it, is the simulator's (`flightpulse-simulator chaos`): the same generator and the
same reference model as the histories of one process. Here is what disturbs it.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .fates import ALL, RESET_BEFORE, THROTTLE, UNAVAILABLE
from .stack import FUNCTIONS, ProxyControl, Stack

# Of ten thousand calls, how many go wrong: histories differ.
RATES = (200, 500, 1_000, 2_000)
# Kills of each mapping and broker in a history; each function is killed once.
MAPPING, BROKER = 2, 1
# A service that does not answer for so many seconds: longer than workflows are patient, so that events fail for good.
OUTAGE, OF, AWAY = 80.0, ("dynamodb", "events"), (UNAVAILABLE, THROTTLE, RESET_BEFORE)
# Seconds that faults go on at most while what was written is read.
READING = 180
# Seconds that a history may take until all is quiet, and how often letters are sent again.
SETTLING = 900
ROUNDS = 5
# The letters that are sent again: of workflows that failed for good, and what an endpoint refused for good.
REDRIVE = ("dlq", "redrive", "--all")


@dataclass(frozen=True)
class Plan:
    """What decides a history."""

    seed: int
    events: int
    flights: int
    rate: int
    # Records a second.
    pace: int = 10
    # Whether every fault strikes once before any does a second time.
    each: bool = False
    # Seconds for which a service is away.
    outage: float = OUTAGE
    # What is killed; a name twice is killed twice.
    kills_of: tuple[str, ...] = (*FUNCTIONS, *["mapping"] * MAPPING, *["broker"] * BROKER)

    @property
    def options(self) -> list[str]:
        """For the simulator."""
        return ["--seed", str(self.seed), "--events", str(self.events), "--flights", str(self.flights)]

    def kills(self) -> list[tuple[float, str]]:
        """What is killed when so much of the history is written, in order."""
        dice = random.Random(f"kills {self.seed}")
        return sorted((dice.uniform(0.05, 0.95), name) for name in self.kills_of)


def play(stack: Stack, proxy: ProxyControl, plan: Plan, say: Callable[[str], None]) -> dict[str, Any]:
    """A history from its first record to its verdict; answers what came of it."""
    began = time.monotonic()
    run = f"{int(time.time()):08x}"
    identity = [*plan.options, "--run", run]
    say(f"history {run}: seed {plan.seed}, {plan.events} events, {plan.rate / 100:g} % of calls go wrong")
    proxy.set(seed=plan.seed, rate=plan.rate, each=plan.each)
    killed = _write(stack, proxy, plan, identity, say)
    # What is written is read under faults, too.
    stack.asked("chaos", "settle", "--read", "--timeout-seconds", str(READING), deadline=READING + 60)
    counted, ended = proxy.end(), datetime.now(UTC)
    say(f"{_sum(counted['struck'])} of {sum(counted['calls'].values())} calls went wrong; no more of it from here on")
    recovery = _settle(stack)
    say(f"quiet {recovery:.1f} s after the last fault")
    redriven, tried = _redrive(stack, say)
    asked = stack.asked("chaos", "verify", *identity, "--json")
    if not asked.stdout.strip():
        raise RuntimeError(f"the verdict could not be found: {asked.stderr}")
    report = json.loads(asked.stdout)
    last = datetime.fromisoformat(report["last_message"]) if report["last_message"] else ended
    return {
        "seed": plan.seed, "events": plan.events, "rate": plan.rate, "calls": sum(counted["calls"].values()),
        "struck": counted["struck"], "faults": _by_fault(counted["struck"]), "killed": killed,
        # Until the last message, letters that were sent again included; until no workflow ran any more.
        "told_seconds": round(max(0.0, (last - ended).total_seconds()), 1), "recovery_seconds": round(recovery, 1),
        "redriven": redriven, "redrive_rounds": tried, "seconds": round(time.monotonic() - began, 1),
        "passed": asked.returncode == 0, **report,
    }  # fmt: skip


def _write(
    stack: Stack, proxy: ProxyControl, plan: Plan, identity: list[str], say: Callable[[str], None]
) -> dict[str, int]:
    """Writes the history and kills on the way; answers how many processes of each were killed."""
    kills, killed = plan.kills(), {}
    dice = random.Random(f"outage {plan.seed}")
    away, moment = OF[plan.seed % len(OF)], dice.uniform(0.2, 0.6) if plan.outage else 2.0
    back = threading.Timer(plan.outage, lambda: proxy.set(rate=plan.rate))
    command = stack.simulator("chaos", "play", *identity, "--rate", str(plan.pace))
    with subprocess.Popen(
        command, cwd=stack.settings.repo, env=stack.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None and process.stderr is not None
            for line in process.stdout:
                words = line.split()
                if words[:1] != ["written"]:
                    continue
                share = int(words[1]) / int(words[3])
                if share >= moment:
                    say(f"  {words[1]} of {words[3]} written: {away} is away for {plan.outage:g} s")
                    proxy.set(rate=plan.rate, rates={away: ALL}, faults=AWAY)
                    back.start()
                    moment = 2.0
                while kills and kills[0][0] <= share:
                    name = kills.pop(0)[1]
                    killed[name] = killed.get(name, 0) + _kill(stack, proxy, name)
                    say(f"  {words[1]} of {words[3]} written: killed {name}")
            errors = process.stderr.read()
        except BaseException:
            back.cancel()
            raise
        finally:
            process.kill()
    if back.ident:
        back.join()
    if process.returncode != 0:
        raise RuntimeError(f"the history could not be written: {errors}")
    return killed


def _kill(stack: Stack, proxy: ProxyControl, name: str) -> int:
    match name:
        case "mapping":
            stack.kill_mapping(proxy.url)
        case "broker":
            stack.kill_broker()
        case _:
            # At its work, where it has any soon: else there may be none to kill.
            return stack.kill_at_work(name)
    return 1


def _settle(stack: Stack) -> float:
    """Waits until all is quiet; answers how many seconds that took."""
    asked = stack.asked("chaos", "settle", "--timeout-seconds", str(SETTLING), "--json", deadline=SETTLING + 60)
    told = json.loads(asked.stdout) if asked.stdout.strip() else {}
    if not told.get("settled"):
        raise RuntimeError(f"not all became quiet: {asked.stdout}{asked.stderr}")
    return told["seconds"]


def _redrive(stack: Stack, say: Callable[[str], None]) -> tuple[int, int]:
    """Sends again what failed for good, as an operator does, until nothing but poison is left; answers how many letters
    that were, and in how many rounds."""
    sent, rounds = 0, 0
    while rounds < ROUNDS:
        told = stack.asked(*REDRIVE).stdout
        found = re.search(r"(\d+) redriven, \d+ stay", told)
        accepted = int(found[1]) if found else 0
        if not accepted:
            break
        sent, rounds = sent + accepted, rounds + 1
        took = _settle(stack)
        say(f"{accepted} letters sent again; quiet after {took:.1f} s")
    return sent, rounds


def _sum(struck: dict[str, dict[str, int]]) -> int:
    return sum(count for faults in struck.values() for count in faults.values())


def _by_fault(struck: dict[str, dict[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for faults in struck.values():
        for fault, count in faults.items():
            found[fault] = found.get(fault, 0) + count
    return dict(sorted(found.items()))
