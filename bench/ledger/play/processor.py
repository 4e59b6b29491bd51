"""Processor time of the local cloud's functions, as the kernel counts it."""

from __future__ import annotations

import os
from pathlib import Path

PROC = Path("/proc")
TICK = 1 / os.sysconf("SC_CLK_TCK")


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
    """Of all its threads, in its own code and in the kernel; 0 once it is gone."""
    try:
        stat = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return 0.0
    # The name in brackets may have spaces.
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK


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
        return {name: round(took, 2) for name, took in sorted(by_name.items())}, len(now.keys() - self._before.keys())
