"""The command line: `python3 -m flightpulse_cloud.postgres fetch|start|stop|status`."""

from __future__ import annotations

import argparse
import sys

from ..console import Console, StepFailed
from ..orchestrate import locked
from ..pins import pin
from ..processes import StillRunning
from ..settings import Settings
from . import server
from .programs import fetch


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="postgres", description=__doc__)
    parser.add_argument("command", choices=("fetch", "start", "stop", "status"))
    command = parser.parse_args(arguments).command
    console = Console()
    try:
        settings = Settings.from_environment()
        if command == "status":
            up = server.running(settings)
            console.line(f"PostgreSQL {pin('POSTGRES_VERSION')}: {'up' if up else 'down'}")
            return 0 if up else 1
        with locked(settings, console, what="PostgreSQL"):
            if command == "fetch":
                fetch(settings)
            elif command == "start":
                server.start(settings, console)
                console.line(f"How to reach it is in {server.environment_file(settings)}")
            else:
                with console.step("stopping PostgreSQL") as notes:
                    notes.append("stopped" if server.end(settings) else "nothing was running")
    except StepFailed as failure:
        console.failure(failure)
        return 1
    except (StillRunning, ValueError) as error:
        console.line(str(error))
        return 1
    except KeyboardInterrupt:
        console.line("interrupted; run the same command again, or scripts/postgres.sh stop to end what runs")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
