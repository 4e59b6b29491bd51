"""The processes of the local cloud's functions, to be killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

from conftest import ENDPOINT, wait_for


def functions() -> Iterator[tuple[int, str]]:
    """The processes of this local cloud's functions, with the function's name."""
    for process in Path("/proc").iterdir():
        try:
            variables = dict(
                pair.split("=", 1)
                for pair in (process / "environ").read_text(errors="replace").split("\0")
                if "=" in pair
            )
        except (OSError, ValueError):
            continue
        if variables.get("AWS_ENDPOINT_URL") == ENDPOINT and "AWS_LAMBDA_FUNCTION_NAME" in variables:
            yield int(process.name), variables["AWS_LAMBDA_FUNCTION_NAME"]


def kill_all(name: str) -> bool:
    """Kills every process that a function has just now; answers whether there was one."""
    pids = [pid for pid, function in functions() if function == name]
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    return bool(pids)


def kill_a_function(name: str) -> None:
    """Kills every process of a function, once there is one."""
    wait_for(f"a process of {name} to kill", lambda: kill_all(name))
