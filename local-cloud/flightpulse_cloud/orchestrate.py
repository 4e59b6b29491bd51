"""Brings the local cloud up and down: `python -m flightpulse_cloud.orchestrate setup|up|down|status`.

`up` may be run at any time: what is there already is kept, what a killed run left behind is cleared away first.
"""

from __future__ import annotations

import argparse
import fcntl
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from . import chaos, cloud, install, kafka
from .console import Console, StepFailed
from .deploy import Deployment, forget
from .endpoint import health, stack_status
from .pins import pin
from .processes import Processes, StillRunning
from .settings import Settings
from .tools import missing_tools

# Seconds that `down` waits for a start that is under way.
DOWN_PATIENCE = 10.0


def setup(settings: Settings, console: Console, dev: bool = False) -> None:
    """Checks the tools and installs the packages; nothing is started."""
    with console.step("checking tools"):
        sentences = missing_tools()
        if sentences:
            raise StepFailed("Some tools are missing", "\n".join(["", *sentences]))
    with console.step(f"installing MiniStack {pin('MINISTACK_VERSION')} into {settings.venv}") as notes:
        notes.append(install.install_venv(settings, dev))
    with console.step("installing npm packages of infra/") as notes:
        notes.append(install.install_node_packages(settings))


def up(settings: Settings, console: Console, cloud_only: bool = False) -> None:
    """Everything, in order; with `cloud_only` the AWS endpoint alone, empty."""
    started = time.monotonic()
    if cloud_only:
        with console.step(f"installing MiniStack {pin('MINISTACK_VERSION')} into {settings.venv}") as notes:
            notes.append(install.install_venv(settings))
    else:
        kafka.check_brokers(settings)
        setup(settings, console)
        with console.step("building the Lambda functions"):
            install.build_lambdas(settings)
        with console.step("building the simulator and the Kafka mapping"):
            install.build_tools(settings)
    with console.step(f"starting the AWS endpoint at {settings.endpoint}") as notes:
        endpoint, note = cloud.start(settings)
        notes.append(note)
    where = f"AWS at {settings.endpoint}"
    if not cloud_only:
        with console.step("starting Kafka and its Lambda mapping") as notes:
            brokers = kafka.start(settings, endpoint["run_id"])
            notes.append(brokers)
        deployment = Deployment(settings, endpoint["run_id"])
        with console.step("cdk bootstrap") as notes:
            notes.append(deployment.bootstrap())
        with console.step(f"cdk deploy {pin('LOCAL_STACK')}") as notes:
            notes.append(deployment.deploy())
        where += f", Kafka at {brokers}"
    what = "An empty AWS endpoint" if cloud_only else "FlightPulse"
    elapsed = f"{time.monotonic() - started:.0f} s"
    console.line(f"{what} is ready after {elapsed}: {where}. Stop it with scripts/stop-local.sh")


def down(settings: Settings, console: Console) -> None:
    """Ends every process of this local cloud and makes sure that none is left."""
    processes = Processes(settings.state)
    with console.step("stopping the local cloud") as notes:
        # The mapping first: it must not poll an endpoint that is gone.
        counts = [processes.stop(kafka.NAME), processes.stop(chaos.PROXY), cloud.stop(settings)]
        forget(settings)
        left = [pid for name in (kafka.NAME, chaos.PROXY, cloud.NAME) for pid in processes.members(name)]
        if left:
            raise StillRunning(f"process {', '.join(map(str, left))} does not end")
        notes.append(f"processes ended: {sum(counts)}" if any(counts) else "nothing was running")


def status(settings: Settings, console: Console) -> bool:
    """One line for each part; answers whether all is up."""
    found = health(settings)
    stack = stack_status(settings, pin("LOCAL_STACK")) if found else None
    parts = {
        f"AWS endpoint {settings.endpoint}": "up" if found else "down",
        "Kafka and mapping": "up" if Processes(settings.state).running(kafka.NAME) else "down",
        f"stack {pin('LOCAL_STACK')}": stack or "not deployed",
    }
    for name, state in parts.items():
        console.line(f"{name}: {state}")
    return all(state in ("up", "CREATE_COMPLETE", "UPDATE_COMPLETE") for state in parts.values())


@contextmanager
def locked(
    settings: Settings, console: Console, patience: float | None = None, what: str = "this local cloud"
) -> Iterator[None]:
    """One start or stop at a time for a state directory; the lock dies with the process that holds it."""
    settings.state.mkdir(parents=True, exist_ok=True)
    name = "lock" if what == "this local cloud" else f"{what.lower().replace(' ', '-')}.lock"
    with (settings.state / name).open("w") as file:
        deadline = None if patience is None else time.monotonic() + patience
        told = False
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if deadline is not None and time.monotonic() > deadline:
                    raise StepFailed("A start is under way", "End it with Ctrl-C, then stop again") from None
                if not told:
                    console.line(f"another start or stop of {what} is under way; waiting for it")
                    told = True
                time.sleep(0.2)
        yield


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="orchestrate", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    setup_parser = commands.add_parser("setup", help="check the tools and install the packages")
    setup_parser.add_argument("--dev", action="store_true", help="what the tests of local-cloud/ need, too")
    up_parser = commands.add_parser("up", help="start everything and deploy the stack")
    up_parser.add_argument("--cloud-only", action="store_true", help="only the AWS endpoint, with nothing in it")
    commands.add_parser("down", help="end every process")
    commands.add_parser("status", help="say what is up; exit status 1 unless all is")
    options = parser.parse_args(arguments)
    console = Console()
    try:
        settings = Settings.from_environment()
        if options.command == "status":
            return 0 if status(settings, console) else 1
        with locked(settings, console, DOWN_PATIENCE if options.command == "down" else None):
            if options.command == "setup":
                setup(settings, console, options.dev)
            elif options.command == "up":
                up(settings, console, options.cloud_only)
            else:
                down(settings, console)
    except StepFailed as failure:
        console.failure(failure)
        return 1
    except (StillRunning, ValueError) as error:
        console.line(str(error))
        return 1
    except KeyboardInterrupt:
        console.line("interrupted; run the same command again to go on, or scripts/stop-local.sh to end what runs")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
