"""The AWS endpoint: MiniStack in this process, with the overlays applied and the control endpoints in front.

Run by orchestrate.py as `python -m flightpulse_cloud.server`, with the environment that `environment()` makes.
`--stock` leaves every overlay out: the tests use it to see whether upstream still has the gaps.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import sys
import threading
import uuid
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from .settings import Settings, code_version

# Seconds that open requests get to end, and after which this process ends whatever MiniStack's threads still do:
# a hung custom resource would keep it alive for ever.
GRACE = 1.0
LAST_RESORT = 5.0

# Directories within the state directory that hold what a run writes for itself.
TEMPORARY, STORED = SCRATCH = ("tmp", "ministack")


def environment(settings: Settings) -> dict[str, str]:
    """The environment of the server process, which MiniStack hands on to every Lambda.

    AWS_ENDPOINT_URL belongs in it: without it Lambdas would call the real AWS.
    """
    temporary = settings.state / TEMPORARY
    temporary.mkdir(parents=True, exist_ok=True)
    env = settings.client_environment()
    env.update(
        GATEWAY_PORT=str(settings.port),
        BIND_HOST="127.0.0.1",  # The default is every interface.
        MINISTACK_HOST="127.0.0.1",  # In the queue URLs that CloudFormation hands out; the default is localhost.
        MINISTACK_REGION=env["AWS_REGION"],
        PERSIST_STATE="0",
        S3_PERSIST="0",
        IOT_MTLS_ENABLED="0",  # Would open a port of its own.
        SFTP_ENABLED="0",
        AUTH="false",
        TMPDIR=str(temporary),  # The functions' extracted code, among others.
        STATE_DIR=str(settings.state / STORED),
        S3_DATA_DIR=str(settings.state / STORED / "s3"),
        PYTHONUNBUFFERED="1",
        ADOBE_KEYS_URL=f"{settings.endpoint}/_flightpulse/adobe-keys",  # The webhook's default is Adobe's own host.
    )
    return env


def main(arguments: list[str] | None = None) -> int:
    """Serves until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="flightpulse_cloud.server", description=__doc__)
    parser.add_argument("--stock", action="store_true", help="no overlays and no control of the model")
    options = parser.parse_args(arguments)
    if "GATEWAY_PORT" not in os.environ or os.environ.get("BIND_HOST") != "127.0.0.1":
        print("start this through flightpulse_cloud.orchestrate: it sets the environment", file=sys.stderr)
        return 2
    _raise_file_limit()
    health = _start(options.stock)
    asyncio.run(_serve(health))
    # What threads still do is not worth waiting for: state is in memory and ends with the process.
    sys.stdout.flush()
    os._exit(0)


def _start(stock: bool) -> dict[str, Any]:
    from . import billed, faults, pauses, request_log
    from .overlays import apply_all

    applied: list[str] = []
    if not stock:
        applied = apply_all()
        faults.apply()
        pauses.apply()
        request_log.install()
        billed.apply()
    return {
        "service": "flightpulse-local-cloud",
        "status": "ok",
        "code_version": code_version(),
        "ministack_version": version("ministack"),
        "overlays": applied,
        "state_dir": os.environ.get("FLIGHTPULSE_STATE_DIR", ""),
        "pid": os.getpid(),
        # Resources live in this process: what was deployed into another run is gone.
        "run_id": uuid.uuid4().hex,
        "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


async def _serve(health: dict[str, Any]) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack import app

    from .control import Control

    config = Config()
    config.bind = [f"127.0.0.1:{os.environ['GATEWAY_PORT']}"]
    # Seconds, upstream's value: SDK clients reuse connections for up to a minute.
    config.keep_alive_timeout = 75
    config.graceful_timeout = GRACE
    config.loglevel = "WARNING"
    await serve(Control(app.app, health), config)
    threading.Timer(LAST_RESORT, os._exit, args=(0,)).start()
    await asyncio.to_thread(_stop_functions)


def _stop_functions() -> None:
    """Ends the Lambda processes; upstream leaves them to find out by themselves."""
    from ministack.core import lambda_runtime

    lambda_runtime.reset()


def _raise_file_limit() -> None:
    """A burst of connections must not meet a limit of 1024 open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        except (OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))


if __name__ == "__main__":
    sys.exit(main())
