"""Starts and stops the Kafka process: the embedded broker and the Kafka→Lambda mapping."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from .console import StepFailed
from .pins import pin
from .processes import Processes
from .settings import Settings

NAME = "kafka"
# Seconds until the broker has written its addresses.
START_DEADLINE = 60.0


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


def start(settings: Settings, cloud_run: str) -> str:
    """Sees to it that the mapping runs, of this binary, for this run of the cloud; answers its brokers."""
    processes = Processes(settings.state)
    line = command(settings)
    key = _key(settings.kafka_binary(), line, cloud_run)
    if processes.running(NAME, key) and (brokers := _brokers(settings)):
        return brokers
    processes.stop(NAME)
    settings.bootstrap_file.unlink(missing_ok=True)
    log = settings.logs / "kafka.log"
    log.unlink(missing_ok=True)
    env = {"RUST_LOG": "info", **settings.client_environment()}
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


def _key(binary: Path, line: list[str], cloud_run: str) -> str:
    """A new binary, other arguments or a new cloud (whose functions are new) means a new process."""
    digest = hashlib.sha256("\0".join([*line, cloud_run]).encode())
    if binary.exists():
        with binary.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
