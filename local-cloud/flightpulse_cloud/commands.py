"""Runs the foreground commands of a step, with their output in a log."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .console import StepFailed


def run_logged(
    command: list[str],
    log: Path,
    cwd: Path,
    env: dict[str, str],
    what: str,
    advice: str,
    deadline: float | None = None,
    append: bool = False,
) -> None:
    """Runs a command to its end. `deadline` is in seconds; a build has none, since how long it takes is anyone's guess.

    Raises StepFailed with `what` and `advice` when it cannot start, fails or is too late.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab" if append else "wb") as output:
        output.write(f"$ {' '.join(command)}\n".encode())
        output.flush()
        try:
            done = subprocess.run(
                command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                timeout=deadline, check=False,
            )  # fmt: skip
        except OSError as error:
            raise StepFailed(f"{what}: {command[0]} cannot be started ({error})", advice, log) from error
        except subprocess.TimeoutExpired as error:
            raise StepFailed(f"{what}: no end after {deadline:g} s", advice, log) from error
    if done.returncode != 0:
        raise StepFailed(f"{what}: exit status {done.returncode}", advice, log)
