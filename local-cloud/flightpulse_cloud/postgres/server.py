"""Starts and ends the server: on 127.0.0.1 with TLS and SCRAM, for its owner on a socket of its own."""

from __future__ import annotations

import os
import secrets
import shlex
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from ..commands import run_logged
from ..console import Console, StepFailed
from ..pins import pin
from ..processes import Processes, StillRunning
from ..servers import AUTHORITY, CERTIFICATE, KEY, free_port, make_certificate, write_secret
from ..settings import PASSED_THROUGH, Settings
from . import wire
from .programs import as_somebody, fetch

NAME = "postgres"
# As Query Service names its databases: the sandbox and what of it.
DATABASE = "prod:all"
USER = "flightpulse"
# Seconds. A start takes one on two idle cores, an end half of one.
INIT_DEADLINE = 60.0
START_DEADLINE = 60.0
STOP_DEADLINE = 20.0
# Who may come in, and how: whoever reads the folder of the socket, and from elsewhere with TLS and a password alone.
ADMITTED = """local   all all                trust
hostssl all all 127.0.0.1/32   scram-sha-256
"""
# In another time zone than that of the times in its tables: what depends on it shows.
SETTINGS = {
    "listen_addresses": "127.0.0.1", "ssl": "on", "password_encryption": "scram-sha-256", "timezone": "Asia/Kolkata",
    "max_connections": "20", "shared_buffers": "16MB", "fsync": "off", "log_min_messages": "warning",
}  # fmt: skip


@dataclass(frozen=True)
class Server:
    """One that runs."""

    home: Path
    port: int
    password: str

    def environment(self) -> dict[str, str]:
        """What a client needs to know."""
        return {
            "POSTGRES_PORT": str(self.port), "POSTGRES_DATABASE": DATABASE, "POSTGRES_USERNAME": USER,
            "POSTGRES_PASSWORD": self.password, "POSTGRES_CA_FILE": str(self.home / "tls" / AUTHORITY),
            "POSTGRES_SOCKETS": str(self.home),
        }  # fmt: skip

    def execute(self, sql: str, database: str = DATABASE) -> list[list[str | None]]:
        """Runs statements as its owner."""
        return wire.execute(self.home, self.port, database, sql)


def environment_file(settings: Settings) -> Path:
    """`postgres.env`: for bash to source and for tests to read; there while the server runs."""
    return settings.state / "postgres.env"


def start(settings: Settings, console: Console) -> Server:
    """A new, empty server; one that ran before is gone with its data."""
    end(settings)
    home = settings.state / "postgres"
    with console.step(f"fetching PostgreSQL {pin('POSTGRES_VERSION')}") as notes:
        programs = fetch(settings)
        notes.append(str(programs))
    server = Server(home, free_port("PostgreSQL"), secrets.token_urlsafe(24))
    with console.step(f"starting PostgreSQL {pin('POSTGRES_VERSION')} at 127.0.0.1:{server.port}"):
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True, mode=0o700)
        # Not for localhost: what a certificate says must be held against the name that was asked for.
        make_certificate(settings, home / "tls", "FlightPulse local PostgreSQL", "IP:127.0.0.1")
        _make(settings, server, programs)
        _launch(settings, server, programs)
        server.execute(f"CREATE ROLE {USER} LOGIN PASSWORD {wire.literal(server.password)}", "postgres")
        server.execute(f'CREATE DATABASE "{DATABASE}"', "postgres")
    lines = [f"{name}={shlex.quote(value)}\n" for name, value in server.environment().items()]
    write_secret(environment_file(settings), "".join(lines))
    return server


def end(settings: Settings) -> int:
    """Ends the server; answers how many processes there were."""
    processes = Processes(settings.state)
    environment_file(settings).unlink(missing_ok=True)
    count = processes.stop(NAME, STOP_DEADLINE)
    if left := processes.members(NAME):
        raise StillRunning(f"{NAME}: process {', '.join(map(str, left))} does not end")
    return count


def running(settings: Settings) -> bool:
    """Whether there is one."""
    return environment_file(settings).exists() and Processes(settings.state).running(NAME)


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in PASSED_THROUGH if name in os.environ}


def _make(settings: Settings, server: Server, programs: Path) -> None:
    data = server.home / "data"
    line = [
        str(programs / "bin" / "initdb"), "--pgdata", str(data), "--username", wire.OWNER, "--encoding", "UTF8",
        "--no-locale", "--no-sync", "--auth", "trust",
    ]  # fmt: skip
    run_logged(
        as_somebody(line), settings.logs / "postgres-init.log", server.home, _environment(),
        "PostgreSQL's data folder cannot be made", "The log says why", INIT_DEADLINE,
    )  # fmt: skip
    (data / "pg_hba.conf").write_text(ADMITTED, encoding="ascii")
    tls = server.home / "tls"
    own = {
        **SETTINGS, "port": str(server.port), "unix_socket_directories": str(server.home),
        "ssl_cert_file": str(tls / CERTIFICATE), "ssl_key_file": str(tls / KEY),
    }  # fmt: skip
    lines = "".join(f"{name} = {wire.literal(value)}\n" for name, value in own.items())
    (data / "postgresql.conf").write_text(lines, encoding="utf-8")


def _launch(settings: Settings, server: Server, programs: Path) -> None:
    processes, log = Processes(settings.state), settings.logs / "postgres.log"
    log.unlink(missing_ok=True)
    line = [str(programs / "bin" / "postgres"), "-D", str(server.home / "data")]
    processes.start(NAME, as_somebody(line), _environment(), log)
    deadline = time.monotonic() + START_DEADLINE
    while time.monotonic() < deadline:
        try:
            server.execute("SELECT 1", "postgres")
            return
        except wire.NoAnswer:
            pass
        if not processes.running(NAME):
            end(settings)
            raise StepFailed("PostgreSQL ended while starting", "The log says why", log)
        time.sleep(0.05)
    end(settings)
    raise StepFailed(f"PostgreSQL is not ready after {START_DEADLINE:g} s", "The log says why", log)
