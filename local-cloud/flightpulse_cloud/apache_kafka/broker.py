"""Starts, ends and kills the broker, and says how it is."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import shutil
import subprocess
import time
import uuid

from ..commands import run_logged
from ..console import Console, StepFailed
from ..endpoint import port_answers
from ..pins import pin
from ..processes import Processes, StillRunning
from ..servers import write_secret
from ..settings import PASSED_THROUGH, Settings
from . import wire
from .config import ITERATIONS, LOOPBACK, properties
from .identity import USER, Identity, folder, identity, write_environment
from .runtime import Runtime, choose, remove_container

NAME = "apache-kafka"
# Seconds. A start takes 4 s on two idle cores, an end 2 s.
START_DEADLINE = 120.0
STOP_DEADLINE = 30.0
FORMAT_DEADLINE = 60.0
FORGET = "or move {0} away for a new, empty broker"


def start(settings: Settings, console: Console) -> Identity:
    """Sees to it that the broker runs, of this version and with these settings, and that the topic is there."""
    processes, home = Processes(settings.state), folder(settings)
    known = identity(settings)
    key = hashlib.sha256(f"{pin('APACHE_KAFKA_VERSION')}\0{properties(known, home)}".encode()).hexdigest()
    title = f"starting Apache Kafka {pin('APACHE_KAFKA_VERSION')} at 127.0.0.1:{known.plain_port}"
    if processes.running(NAME, key) and up(known):
        with console.step(title) as notes:
            notes.append("already running")
    else:
        # Of other settings, hung, or left behind by a start that was killed.
        end(settings)
        _claim_ports(known)
        with console.step("choosing what runs Apache Kafka") as notes:
            runtime = choose(settings, home, (known.plain_port, known.tls_port))
            notes.append(runtime.name)
        with console.step(title) as notes:
            _launch(settings, processes, known, runtime, key)
            notes.append(f"topic {pin('KAFKA_TOPIC')} with {pin('KAFKA_PARTITIONS')} partitions")
    write_environment(settings, known)
    return known


def end(settings: Settings) -> int:
    """Ends the broker in good order; answers how many processes there were. Its data stay."""
    processes = Processes(settings.state)
    count = processes.stop(NAME, STOP_DEADLINE)
    _no_container(settings)
    if left := processes.members(NAME):
        raise StillRunning(f"{NAME}: process {', '.join(map(str, left))} does not end")
    return count


def kill(settings: Settings) -> int:
    """SIGKILL, as a fault: nothing is flushed or told to anybody."""
    processes = Processes(settings.state)
    count = len(processes.members(NAME))
    if (container := folder(settings) / "container").exists():
        # The process is a client of Docker's; the broker is not its child.
        subprocess.run(["docker", "kill", container.read_text().strip()], capture_output=True, check=False, timeout=60)
    processes.kill(NAME)
    return count


def up(known: Identity) -> bool:
    """Whether the broker takes records for the topic."""
    try:
        return wire.partitions_with_leader(known.plain_port, pin("KAFKA_TOPIC")) > 0
    except wire.NoAnswer:
        return False


def _launch(settings: Settings, processes: Processes, known: Identity, runtime: Runtime, key: str) -> None:
    home = folder(settings)
    log = settings.logs / "apache-kafka.log"
    log.unlink(missing_ok=True)
    env = {name: os.environ[name] for name in (*PASSED_THROUGH, "JAVA_HOME", "DOCKER_HOST") if name in os.environ}
    if not (home / "data").exists():
        _format(settings, known, runtime, env)
    server = home / "server.properties"
    write_secret(server, properties(known, home / "data", runtime.host))
    if runtime.container:
        write_secret(home / "container", runtime.container)
    try:
        processes.start(NAME, runtime.command("kafka.Kafka", str(server)), env, log, key)
    except OSError as error:
        raise StepFailed(f"Apache Kafka cannot be started ({error})", "Run scripts/kafka.sh start again") from error
    deadline = time.monotonic() + START_DEADLINE
    while time.monotonic() < deadline:
        if _topic_is_there(known):
            return
        if not processes.running(NAME):
            end(settings)
            advice = f"The log says why: mend that and start again, {FORGET.format(home / 'data')}"
            raise StepFailed("Apache Kafka ended while starting", advice, log)
        time.sleep(0.1)
    end(settings)
    raise StepFailed(
        f"Apache Kafka is not ready after {START_DEADLINE:g} s", "Start again when the machine is less busy", log
    )  # fmt: skip


def _topic_is_there(known: Identity) -> bool:
    topic, partitions = pin("KAFKA_TOPIC"), int(pin("KAFKA_PARTITIONS"))
    try:
        if wire.partitions_with_leader(known.plain_port, topic) >= partitions:
            return True
        wire.create_topic(known.plain_port, topic, partitions)
    except wire.NoAnswer:
        pass
    return False


def _format(settings: Settings, known: Identity, runtime: Runtime, env: dict[str, str]) -> None:
    """An empty node that knows the user. Made beside its place and moved there, so that it is whole or not there."""
    home = folder(settings)
    new, file = home / "data.new", home / "format.properties"
    shutil.rmtree(new, ignore_errors=True)
    write_secret(file, properties(known, new, runtime.host))
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    users = [part for bits in (256, 512) for part in ("--add-scram", _scram(bits, known.password))]
    arguments = ["format", "--cluster-id", cluster, "--config", str(file), *users]
    run_logged(
        runtime.command("kafka.tools.StorageTool", *arguments), settings.logs / "apache-kafka-format.log", home, env,
        "Apache Kafka's data folder cannot be made", "The log says why", FORMAT_DEADLINE,
    )  # fmt: skip
    file.unlink()
    new.rename(home / "data")


def _scram(bits: int, password: str) -> str:
    """The user for SCRAM. Salted here: everyone on the machine can read command lines."""
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac(f"sha{bits}", password.encode(), salt, ITERATIONS)
    parts = {
        "name": USER, "salt": f'"{base64.b64encode(salt).decode()}"',
        "saltedpassword": f'"{base64.b64encode(salted).decode()}"', "iterations": str(ITERATIONS),
    }  # fmt: skip
    return f"SCRAM-SHA-{bits}=[{','.join(f'{name}={value}' for name, value in parts.items())}]"


def _claim_ports(known: Identity) -> None:
    for port in (known.plain_port, known.tls_port, known.controller_port):
        if port_answers(port):
            raise StepFailed(
                f"Port {port} on {LOOPBACK} is taken by another program",
                f"End that program, or choose: FLIGHTPULSE_KAFKA_PORT={port + 1} scripts/kafka.sh start",
            )


def _no_container(settings: Settings) -> None:
    home = folder(settings)
    if (home / "container").exists():
        remove_container(home)
        (home / "container").unlink()
