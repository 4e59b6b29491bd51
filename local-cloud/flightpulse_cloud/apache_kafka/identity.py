"""What the first start makes and every later one keeps: ports, the password, the broker's certificate."""

from __future__ import annotations

import json
import os
import random
import secrets
import shlex
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from ..commands import run_logged
from ..console import StepFailed
from ..settings import Settings

USER = "flightpulse"
# Below the ports that Linux (32768 on) and macOS (49152 on) give to outgoing connections: one of those could be in use
# just when the broker comes back.
PORTS = range(20_000, 32_000)
# Days. For one machine's loopback; a new state folder makes a new one.
VALID = "3650"
OPENSSL_DEADLINE = 60.0
LEAF = """basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=IP:127.0.0.1,DNS:localhost
"""


@dataclass(frozen=True)
class Identity:
    """One broker's."""

    plain_port: int
    tls_port: int
    controller_port: int
    password: str
    # Holds ca.pem, which clients trust, and broker.pem, key and certificate.
    tls: Path

    @property
    def ca_file(self) -> Path:
        return self.tls / "ca.pem"

    def environment(self) -> dict[str, str]:
        """What a client needs to know."""
        return {
            "KAFKA_BROKERS": f"127.0.0.1:{self.plain_port}",
            "KAFKA_TLS_BROKERS": f"127.0.0.1:{self.tls_port}",
            "KAFKA_CA_FILE": str(self.ca_file),
            "KAFKA_USERNAME": USER,
            "KAFKA_PASSWORD": self.password,
        }


def folder(settings: Settings) -> Path:
    """Everything of Apache Kafka in a state directory, for nobody else to read."""
    path = settings.state / "apache-kafka"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def identity(settings: Settings) -> Identity:
    """This state directory's, made where it is not there yet."""
    home = folder(settings)
    kept = _kept(home / "identity.json")
    ports = {name: kept.get(name) or _free_port() for name in ("plain_port", "tls_port", "controller_port")}
    password = kept.get("password") or secrets.token_urlsafe(24)
    found = {**ports, "password": password}
    if found != kept:
        write_secret(home / "identity.json", json.dumps(found, indent=1))
    if settings.kafka_port:
        found["plain_port"] = settings.kafka_port
    tls = home / "tls"
    if not tls.exists():
        _make_certificate(settings, tls)
    return Identity(**found, tls=tls)


def made(settings: Settings) -> bool:
    """Whether there has been a start."""
    return (settings.state / "apache-kafka" / "identity.json").exists()


def write_secret(path: Path, text: str) -> None:
    """Writes a file of mode 600 in one step."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    new.replace(path)


def write_environment(settings: Settings, known: Identity) -> None:
    """`kafka.env`: for bash to source and for tests to read."""
    lines = [f"{name}={shlex.quote(value)}\n" for name, value in known.environment().items()]
    write_secret(settings.kafka_environment_file, "".join(lines))


def _kept(path: Path) -> dict[str, object]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _free_port() -> int:
    for port in random.sample(PORTS, k=200):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise StepFailed("No port is free for Apache Kafka", "End programs that listen on ports of 127.0.0.1, start again")


def _make_certificate(settings: Settings, tls: Path) -> None:
    """An authority and the broker's certificate of it. The authority's key is forgotten: it signs nothing else."""
    if shutil.which("openssl") is None:
        raise StepFailed(
            "openssl is missing, which makes the broker's certificate",
            "Install it (Debian/Ubuntu: apt-get install openssl), then start again",
        )
    work = tls.with_name("tls.new")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    (work / "leaf.cnf").write_text(LEAF, encoding="ascii")
    key = ["-newkey", "rsa:2048", "-nodes"]
    _openssl(
        settings, work, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", VALID,
        "-subj", "/CN=FlightPulse local Kafka", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
    )  # fmt: skip
    _openssl(
        settings, work, "req", "-new", *key, "-keyout", "broker.key", "-out", "broker.csr", "-subj", "/CN=127.0.0.1"
    )  # fmt: skip
    _openssl(
        settings, work, "x509", "-req", "-in", "broker.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "1",
        "-days", VALID, "-extfile", "leaf.cnf", "-out", "broker.crt",
    )  # fmt: skip
    # Kafka takes key and certificate from one file.
    write_secret(work / "broker.pem", (work / "broker.key").read_text() + (work / "broker.crt").read_text())
    for name in ("ca.key", "broker.key", "broker.csr", "broker.crt", "leaf.cnf"):
        (work / name).unlink()
    work.rename(tls)


def _openssl(settings: Settings, work: Path, *arguments: str) -> None:
    run_logged(
        ["openssl", *arguments], settings.logs / "apache-kafka-certificate.log", work, dict(os.environ),
        "The broker's certificate cannot be made", "The log says what openssl did not like", OPENSSL_DEADLINE, True,
    )  # fmt: skip
