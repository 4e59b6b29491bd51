"""Starts and stops the Kafka process: the embedded broker and the Kafka→Lambda mapping."""

from __future__ import annotations

import hashlib
import socket
import time
from pathlib import Path

from .console import StepFailed
from .pins import pin
from .processes import Processes
from .settings import Settings

NAME = "kafka"
# Seconds until the broker has written its addresses.
START_DEADLINE = 60.0
# Seconds that each broker of the user's own gets to take a connection.
REACH_DEADLINE = 3.0
# Rounds of a hash that takes some 0.1 s.
SLOWLY = 200_000


def command(settings: Settings) -> list[str]:
    """The command line of the mapping; with KAFKA_BROKERS it polls those brokers and hosts none."""
    broker = ["--brokers", settings.kafka_brokers] if settings.kafka_brokers else ["--embedded-broker"]
    return [
        str(settings.kafka_binary()), "serve", *broker,
        "--topic", pin("KAFKA_TOPIC"),
        "--partitions", pin("KAFKA_PARTITIONS"),
        "--function", pin("KAFKA_FUNCTION"),
        "--batch-size", pin("KAFKA_BATCH_SIZE"),
        "--batching-window-ms", pin("KAFKA_BATCHING_WINDOW_MS"),
        "--group", pin("KAFKA_GROUP"),
        # As the CDK app's own mapping: the consumer names what failed.
        "--report-batch-item-failures",
        "--bootstrap-file", str(settings.bootstrap_file),
        "--status-file", str(settings.state / "kafka.status.json"),
    ]  # fmt: skip


def check_brokers(settings: Settings) -> None:
    """Says so when none of the user's own brokers takes a connection: the mapping would wait for them in silence."""
    if not settings.kafka_brokers:
        return
    errors = []
    for address in settings.kafka_brokers.split(","):
        host, _, port = address.strip().rpartition(":")
        if not host or not port.isdigit():
            raise StepFailed(f"KAFKA_BROKERS has {address.strip()!r} in it", "Write it as host:port,host:port")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), timeout=REACH_DEADLINE):
                return
        except (OSError, OverflowError) as error:
            errors.append(f"{address.strip()}: {error}")
    raise StepFailed(
        f"No broker of KAFKA_BROKERS can be reached ({'; '.join(errors)})",
        "Start it (scripts/kafka.sh start starts one here), or unset KAFKA_BROKERS for the embedded one",
    )


def start(settings: Settings, cloud_run: str) -> str:
    """Sees to it that the mapping runs, of this binary, for this run of the cloud; answers its brokers."""
    processes = Processes(settings.state)
    line = command(settings)
    # Another endpoint is another process, too.
    key = _key(settings, [*line, settings.lambda_endpoint], cloud_run)
    if processes.running(NAME, key) and (brokers := _brokers(settings)):
        return brokers
    processes.stop(NAME)
    settings.bootstrap_file.unlink(missing_ok=True)
    log = settings.logs / "kafka.log"
    log.unlink(missing_ok=True)
    # To this process only: the endpoint hands its own environment to every function.
    env = {"RUST_LOG": "info", **settings.client_environment(), **dict(settings.kafka_sign_in)}
    if settings.lambda_endpoint:
        env["AWS_ENDPOINT_URL_LAMBDA"] = settings.lambda_endpoint
    try:
        processes.start(NAME, line, env, log, key)
    except OSError as error:
        raise StepFailed(
            f"The Kafka mapping cannot be started ({error})", "Run scripts/start-local.sh again"
        ) from error
    deadline = time.monotonic() + START_DEADLINE
    while time.monotonic() < deadline:
        if brokers := _brokers(settings):
            return brokers
        if not processes.running(NAME):
            raise StepFailed("The Kafka mapping ended while starting", _advice(settings), log)
        time.sleep(0.05)
    processes.stop(NAME)
    raise StepFailed(f"The Kafka mapping is not ready after {START_DEADLINE:g} s", _advice(settings), log)


def _advice(settings: Settings) -> str:
    if settings.kafka_brokers:
        return f"See whether the brokers of KAFKA_BROKERS ({settings.kafka_brokers}) can be reached, or unset it"
    return "Run scripts/start-local.sh again; the log says what went wrong"


def _brokers(settings: Settings) -> str:
    try:
        return settings.bootstrap_file.read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _key(settings: Settings, line: list[str], cloud_run: str) -> str:
    """A new binary, other arguments, another sign-in or a new cloud (whose functions are new) means a new process."""
    digest = hashlib.sha256("\0".join([*line, cloud_run]).encode())
    binary = settings.kafka_binary()
    if binary.exists():
        with binary.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    if settings.kafka_sign_in:
        # The key is kept in a file. Slowly, so that a password that people choose is not guessed from it.
        digest.update(hashlib.pbkdf2_hmac("sha256", _sign_in(settings), digest.digest(), SLOWLY))
    return digest.hexdigest()


def _sign_in(settings: Settings) -> bytes:
    """Variables, and what is in the files that they name."""
    parts = [f"{name}={value}".encode() for name, value in settings.kafka_sign_in]
    for name, value in settings.kafka_sign_in:
        if name.endswith("_FILE"):
            try:
                parts.append(Path(value).read_bytes())
            except OSError as error:
                raise StepFailed(
                    f"{name} cannot be read ({error})", f"Set {name} to a file that you can read, or unset it"
                ) from error
    return b"\0".join(parts)
