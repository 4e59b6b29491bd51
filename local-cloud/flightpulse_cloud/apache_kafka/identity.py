"""What the first start makes and every later one keeps: ports, the password, the broker's certificate."""

from __future__ import annotations

import json
import secrets
import shlex
from dataclasses import dataclass
from pathlib import Path

from ..servers import AUTHORITY, CERTIFICATE, KEY, free_port, make_certificate, write_secret
from ..settings import Settings

USER = "flightpulse"


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
        return self.tls / AUTHORITY

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
    names = ("plain_port", "tls_port", "controller_port")
    ports = {name: kept.get(name) or free_port("Apache Kafka") for name in names}
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


def _make_certificate(settings: Settings, tls: Path) -> None:
    """The broker's certificate, and the authority that it is of. Kafka takes key and certificate from one file."""

    def for_kafka(work: Path) -> None:
        write_secret(work / "broker.pem", (work / KEY).read_text() + (work / CERTIFICATE).read_text())
        (work / KEY).unlink()
        (work / CERTIFICATE).unlink()

    make_certificate(settings, tls, "FlightPulse local Kafka", "IP:127.0.0.1,DNS:localhost", for_kafka)
