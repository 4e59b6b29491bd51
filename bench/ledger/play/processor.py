"""Processor time of the local cloud's functions, as the kernel counts it."""

from __future__ import annotations

import time
from pathlib import Path

PROC = Path("/proc")
# CPUCLOCK_SCHED of the kernel.
SCHEDULER = 2


def functions(endpoint: str) -> dict[int, str]:
    """The processes of this cloud's functions, with the function's name."""
    found = {}
    for process in PROC.iterdir():
        if not process.name.isdigit():
            continue
        try:
            pairs = (process / "environ").read_text(errors="replace").split("\0")
        except OSError:
            continue
        variables = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
        if variables.get("AWS_ENDPOINT_URL") == endpoint and "AWS_LAMBDA_FUNCTION_NAME" in variables:
            found[int(process.name)] = variables["AWS_LAMBDA_FUNCTION_NAME"]
    return found


def seconds(pid: int) -> float:
    """Of all its threads, those that have ended too, in its own code and in the kernel; 0 once it is gone."""
    # The clock that clock_getcpuclockid(3) gives of another process, to the nanosecond; /proc has ticks of 10 ms.
    try:
        return time.clock_gettime((~pid << 3) | SCHEDULER)
    except OSError:
        return 0.0


class Meter:
    """What processes that were there already took since then; and how many came, whose start would count."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._before = {pid: seconds(pid) for pid in functions(endpoint)}

    def taken(self) -> tuple[dict[str, float], int]:
        """Seconds by function, and how many processes are new."""
        now = functions(self._endpoint)
        by_name: dict[str, float] = {}
        for pid, name in now.items():
            if pid in self._before:
                by_name[name] = by_name.get(name, 0.0) + seconds(pid) - self._before[pid]
        return {name: round(took, 4) for name, took in sorted(by_name.items())}, len(now.keys() - self._before.keys())
