"""Starts and stops the AWS endpoint."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

from . import server
from .console import StepFailed
from .endpoint import health, port_answers
from .processes import Processes
from .settings import Settings, code_version

NAME = "cloud"
# Seconds until the endpoint answers: it imports a large package on a machine that may be busy.
START_DEADLINE = 90.0


def start(settings: Settings) -> tuple[dict[str, Any], str]:
    """Sees to it that our endpoint runs this code; answers its health and whether it was started or kept."""
    processes = Processes(settings.state)
    found = health(settings)
    if found is not None and found.get("state_dir") != str(settings.state):
        raise StepFailed(
            f"Port {settings.port} has a FlightPulse local cloud with its state in {found.get('state_dir')}",
            f"Stop that one, or choose another port: {another_port(settings)}",
        )
    if found is not None and found.get("code_version") == code_version() and processes.running(NAME):
        return found, "already running"
    # Ours, but of other code, hung, or left behind by a run that was killed.
    stop(settings)
    if port_answers(settings.port):
        raise StepFailed(
            f"Port {settings.port} on 127.0.0.1 is taken by another program",
            f"End that program, or choose another port: {another_port(settings)}",
        )
    log = settings.logs / "cloud.log"
    log.unlink(missing_ok=True)
    env = {**server.environment(settings), "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    processes.start(NAME, [str(settings.python), "-m", "flightpulse_cloud.server"], env, log)
    return _await_health(settings, processes, log), "started"


def stop(settings: Settings) -> int:
    """Ends the endpoint and its functions, and clears away what they wrote; answers how many processes there were."""
    count = Processes(settings.state).stop(NAME)
    # Extracted code and blobs of a run that is over: the next one would neither find nor want them.
    for name in server.SCRATCH:
        shutil.rmtree(settings.state / name, ignore_errors=True)
    return count


def _await_health(settings: Settings, processes: Processes, log: Path) -> dict[str, Any]:
    deadline = time.monotonic() + START_DEADLINE
    while time.monotonic() < deadline:
        found = health(settings)
        if found is not None:
            return found
        if not processes.running(NAME):
            raise StepFailed(
                "The AWS endpoint ended while starting",
                f"If the log does not say why, delete {settings.venv} and start again",
                log,
            )
        time.sleep(0.1)
    stop(settings)
    raise StepFailed(
        f"The AWS endpoint does not answer after {START_DEADLINE:g} s",
        "Start again when the machine is less busy",
        log,
    )


def another_port(settings: Settings) -> str:
    """A command line that uses the next port."""
    return f"FLIGHTPULSE_CLOUD_PORT={settings.port + 1} scripts/start-local.sh"
