"""A real broker: what it keeps, how clients sign in, what a taken port and a dying broker say."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
import shlex
import socket
import ssl
import stat
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import free_port, settings_for
from flightpulse_cloud import servers
from flightpulse_cloud.apache_kafka import __main__ as command_line
from flightpulse_cloud.apache_kafka import broker, identity, wire
from flightpulse_cloud.console import Console, StepFailed
from flightpulse_cloud.pins import pin
from flightpulse_cloud.processes import Processes
from flightpulse_cloud.settings import Settings

SASL_HANDSHAKE, SASL_AUTHENTICATE = 17, 36
TOPIC = pin("KAFKA_TOPIC")


def quiet() -> Console:
    return Console(io.StringIO())


def variables(settings: Settings) -> dict[str, str]:
    """kafka.env as bash reads it."""
    lines = settings.kafka_environment_file.read_text().splitlines()
    return {name: shlex.split(value)[0] for name, _, value in (line.partition("=") for line in lines)}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """One broker for the tests that leave it as they find it."""
    settings = settings_for(tmp_path_factory.mktemp("kafka"))
    broker.start(settings, quiet())
    yield settings
    broker.end(settings)
    assert Processes(settings.state).members(broker.NAME) == []


class Client:
    """A connection with TLS, as a client makes it that was told the authority and nothing else."""

    def __init__(self, settings: Settings) -> None:
        self.known = variables(settings)
        host, port = self.known["KAFKA_TLS_BROKERS"].split(":")
        context = ssl.create_default_context(cafile=self.known["KAFKA_CA_FILE"])
        plain = socket.create_connection((host, int(port)), timeout=30)
        self.connection = context.wrap_socket(plain, server_hostname=host)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def handshake(self, mechanism: str) -> int:
        return wire.exchange(self.connection, SASL_HANDSHAKE, 1, wire.text(mechanism)).number("h")

    def authenticate(self, token: bytes) -> tuple[int, bytes]:
        answer = wire.exchange(self.connection, SASL_AUTHENTICATE, 0, struct.pack(">i", len(token)) + token)
        error, _, length = answer.number("h"), answer.text(), answer.number("i")
        return error, bytes(answer.data[answer.place[0] : answer.place[0] + length])

    def plain(self, password: str) -> int:
        assert self.handshake("PLAIN") == wire.NONE
        return self.authenticate(f"\0{self.known['KAFKA_USERNAME']}\0{password}".encode())[0]

    def scram(self, bits: int, password: str) -> int:
        """RFC 5802, without channel binding."""
        assert self.handshake(f"SCRAM-SHA-{bits}") == wire.NONE
        kind = f"sha{bits}"
        first = f"n={self.known['KAFKA_USERNAME']},r=nonce"
        error, answer = self.authenticate(f"n,,{first}".encode())
        if error:
            return error
        server = dict(part.split("=", 1) for part in answer.decode().split(","))
        salted = hashlib.pbkdf2_hmac(kind, password.encode(), base64.b64decode(server["s"]), int(server["i"]))
        key = hmac.digest(salted, b"Client Key", kind)
        last = f"c=biws,r={server['r']}"
        signature = hmac.digest(hashlib.new(kind, key).digest(), f"{first},{answer.decode()},{last}".encode(), kind)
        proof = base64.b64encode(bytes(a ^ b for a, b in zip(key, signature, strict=True))).decode()
        return self.authenticate(f"{last},p={proof}".encode())[0]

    def sees_the_topic(self) -> bool:
        answer = wire.exchange(
            self.connection, wire.METADATA, wire.METADATA_VERSION, struct.pack(">i", 1) + wire.text(TOPIC)
        )
        return TOPIC.encode() in bytes(answer.data)


def test_a_start_makes_the_topic_and_says_how_to_use_it(kept: Settings) -> None:
    known = variables(kept)
    assert known.keys() == {
        "KAFKA_BROKERS", "KAFKA_TLS_BROKERS", "KAFKA_CA_FILE", "KAFKA_USERNAME", "KAFKA_PASSWORD"
    }  # fmt: skip
    port = int(known["KAFKA_BROKERS"].rpartition(":")[2])
    assert wire.partitions_with_leader(port, TOPIC) == int(pin("KAFKA_PARTITIONS"))
    assert wire.partitions_with_leader(port, "another") == 0
    assert command_line.status(kept, quiet())


def test_starting_twice_is_harmless(kept: Settings) -> None:
    before, known = Processes(kept.state).members(broker.NAME), variables(kept)
    printed = io.StringIO()
    broker.start(kept, Console(printed))
    assert "already running" in printed.getvalue()
    assert (Processes(kept.state).members(broker.NAME), variables(kept)) == (before, known)


def test_nobody_else_can_read_a_secret_or_find_it_on_a_command_line(kept: Settings) -> None:
    password = variables(kept)["KAFKA_PASSWORD"]
    for path in [kept.kafka_environment_file, *(kept.state / "apache-kafka").rglob("*")]:
        if path.is_file() and (password.encode() in path.read_bytes() or b"PRIVATE" in path.read_bytes()):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE((kept.state / "apache-kafka").stat().st_mode) == 0o700
    elsewhere = [*kept.logs.iterdir(), *(kept.state / "run").iterdir()]
    assert elsewhere and not any(password in path.read_text() for path in elsewhere)


def test_it_listens_on_loopback_only(kept: Settings) -> None:
    known = identity.identity(kept)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # Sends nothing; tells this machine's address.
        address = probe.getsockname()[0]
    for port in (known.plain_port, known.tls_port, known.controller_port):
        with socket.socket() as outside:
            assert outside.connect_ex((address, port)) != 0 or address.startswith("127.")


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
@pytest.mark.parametrize("right", [True, False])
def test_a_client_signs_in_with_tls(kept: Settings, mechanism: str, right: bool) -> None:
    with Client(kept) as client:
        password = client.known["KAFKA_PASSWORD"] if right else "another"
        error = client.plain(password) if mechanism == "PLAIN" else client.scram(int(mechanism[-3:]), password)
        assert (error == wire.NONE) == right
        if right:
            assert client.sees_the_topic()


def test_without_a_sign_in_nothing_is_told(kept: Settings) -> None:
    with Client(kept) as client, pytest.raises((OSError, struct.error)):
        client.sees_the_topic()


def test_the_certificate_is_of_this_broker_and_trusted_by_its_own_authority_only(
    kept: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    host, port = variables(kept)["KAFKA_TLS_BROKERS"].split(":")
    with pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(socket.create_connection((host, int(port))), server_hostname=host)
    other = identity.identity(settings_for(tmp_path_factory.mktemp("another")))
    assert other.ca_file.read_bytes() != Path(variables(kept)["KAFKA_CA_FILE"]).read_bytes()
    # The authority can sign nothing more.
    assert {path.name for path in other.tls.iterdir()} == {"ca.pem", "broker.pem"}


def test_data_outlive_a_kill_and_a_stop(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    known = broker.start(settings, quiet())
    try:
        assert wire.create_topic(known.plain_port, "kept", 3)
        assert broker.kill(settings) == 1
        assert not broker.up(known)
        assert broker.kill(settings) == 0
        # A start that was killed while it made its data and its certificate leaves these.
        (tmp_path / "apache-kafka" / "data.new").mkdir()
        (tmp_path / "apache-kafka" / "tls.new").mkdir()
        # At another port, as it is asked for.
        other = replace(settings, kafka_port=free_port())
        again = broker.start(other, quiet())
        assert again == replace(known, plain_port=other.kafka_port)
        assert wire.partitions_with_leader(other.kafka_port, "kept") == 3
        command_line.stop(settings, quiet())
        assert not settings.kafka_environment_file.exists()
        # It ended in good order: it need not look through its data when it starts again.
        assert (tmp_path / "apache-kafka" / "data" / ".kafka_cleanshutdown").exists()
    finally:
        broker.end(settings)
    assert Processes(tmp_path).members(broker.NAME) == []


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StepFailed, match=f"Port {port} on 127.0.0.1 is taken") as failure:
            broker.start(replace(settings, kafka_port=port), quiet())
    assert "FLIGHTPULSE_KAFKA_PORT=" in failure.value.advice
    assert Processes(tmp_path).members(broker.NAME) == []


def test_a_broker_that_dies_shows_its_last_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], quiet_environment: None
) -> None:
    monkeypatch.setenv("FLIGHTPULSE_STATE_DIR", str(tmp_path))
    settings = settings_for(tmp_path)
    home = identity.folder(settings)
    identity.identity(settings)
    (home / "data").mkdir()
    (home / "data" / "meta.properties").write_text("version=1\nnode.id=7\ncluster.id=of-somebody-else\n")
    assert command_line.main(["start"]) == 1
    printed = capsys.readouterr().out
    assert "Apache Kafka ended while starting" in printed
    assert "Stored node id 7 doesn't match" in printed
    assert str(home / "data") in printed
    assert command_line.main(["status"]) == 1
    assert command_line.main(["stop"]) == 0
    assert "nothing was running" in capsys.readouterr().out


def test_what_was_never_started_is_stopped_killed_and_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], quiet_environment: None
) -> None:
    monkeypatch.setenv("FLIGHTPULSE_STATE_DIR", str(tmp_path))
    assert [command_line.main([command]) for command in ("stop", "kill", "status")] == [0, 0, 1]
    assert "never started here" in capsys.readouterr().out
    monkeypatch.setenv("FLIGHTPULSE_KAFKA_PORT", "70000")
    assert command_line.main(["start"]) == 1
    assert "choose a TCP port" in capsys.readouterr().out


def test_what_is_kept_is_kept_though_half_of_it_is_gone(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    first = identity.identity(settings)
    assert identity.identity(settings) == first
    assert len({first.plain_port, first.tls_port, first.controller_port}) == 3
    assert all(port in servers.PORTS for port in (first.plain_port, first.tls_port, first.controller_port))
    record = tmp_path / "apache-kafka" / "identity.json"
    left = json.loads(record.read_text())
    del left["tls_port"]
    record.write_text(json.dumps(left))
    again = identity.identity(settings)
    assert (again.plain_port, again.password) == (first.plain_port, first.password)
