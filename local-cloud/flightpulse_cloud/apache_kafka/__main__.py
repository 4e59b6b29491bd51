"""The command line: `python3 -m flightpulse_cloud.apache_kafka start|stop|restart|kill|status`."""

from __future__ import annotations

import argparse
import sys

from ..console import Console, StepFailed
from ..orchestrate import locked
from ..pins import pin
from ..processes import Processes, StillRunning
from ..settings import Settings
from . import broker
from .identity import identity, made

# Seconds that `stop` and `kill` wait for a start that is under way.
PATIENCE = 10.0


def start(settings: Settings, console: Console) -> None:
    """The broker, and how to use it."""
    known = broker.start(settings, console)
    plain, tls = f"127.0.0.1:{known.plain_port}", f"127.0.0.1:{known.tls_port}"
    console.line(f"Apache Kafka is ready at {plain}; with TLS and a password at {tls}")
    console.line(f"(user, password and certificate are in {settings.kafka_environment_file}). To use it:")
    console.line(f"  export KAFKA_BROKERS={plain}")
    console.line("  scripts/start-local.sh")
    console.line("Stop it with scripts/kafka.sh stop; its data stay")


def stop(settings: Settings, console: Console) -> None:
    """Ends the broker; nobody must take it for one that runs."""
    with console.step("stopping Apache Kafka") as notes:
        count = broker.end(settings)
        settings.kafka_environment_file.unlink(missing_ok=True)
        notes.append("stopped" if count else "nothing was running")


def kill(settings: Settings, console: Console) -> None:
    """SIGKILL."""
    with console.step("killing Apache Kafka") as notes:
        notes.append("killed" if broker.kill(settings) else "nothing was running")


def status(settings: Settings, console: Console) -> bool:
    """One line; answers whether records can be written."""
    name = f"Apache Kafka {pin('APACHE_KAFKA_VERSION')}"
    if not made(settings):
        console.line(f"{name}: never started here")
        return False
    known = identity(settings)
    up, running = broker.up(known), Processes(settings.state).running(broker.NAME)
    state = "up" if up and running else "running, but it does not answer" if running else "down"
    console.line(f"{name} at 127.0.0.1:{known.plain_port}, with TLS at 127.0.0.1:{known.tls_port}: {state}")
    return up and running


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="apache_kafka", description=__doc__)
    parser.add_argument("command", choices=("start", "stop", "restart", "kill", "status"))
    command = parser.parse_args(arguments).command
    console = Console()
    try:
        settings = Settings.from_environment()
        if command == "status":
            return 0 if status(settings, console) else 1
        patience = PATIENCE if command in ("stop", "kill") else None
        with locked(settings, console, patience, "Apache Kafka"):
            if command in ("stop", "restart"):
                stop(settings, console)
            if command in ("start", "restart"):
                start(settings, console)
            if command == "kill":
                kill(settings, console)
    except StepFailed as failure:
        console.failure(failure)
        return 1
    except (StillRunning, ValueError) as error:
        console.line(str(error))
        return 1
    except KeyboardInterrupt:
        console.line("interrupted; run the same command again, or scripts/kafka.sh stop to end what runs")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
