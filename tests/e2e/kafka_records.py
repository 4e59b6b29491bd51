"""Writes records to a topic over TLS with a password, as a client of Azure Event Hubs does, with nothing but the
standard library.

Layouts: https://kafka.apache.org/protocol (SaslHandshake 1, SaslAuthenticate 0, Produce 3) and
https://kafka.apache.org/documentation/#recordbatch.
"""

from __future__ import annotations

import shlex
import socket
import ssl
import struct
import sys
import time
from pathlib import Path

from conftest import REPO, STATE

sys.path.insert(0, str(REPO / "local-cloud"))

from flightpulse_cloud.apache_kafka import wire

PRODUCE, SASL_HANDSHAKE, SASL_AUTHENTICATE = 0, 17, 36
ALL_REPLICAS, MILLISECONDS = -1, 10_000


def variables(file: str) -> dict[str, str]:
    """A file of variables in the state folder, as bash reads it."""
    path = Path(STATE, file)
    assert path.exists(), f"{path} is missing: scripts/{path.stem}.sh start"
    lines = path.read_text().splitlines()
    return {name: shlex.split(value)[0] for name, _, value in (line.partition("=") for line in lines)}


def write(topic: str, values: list[bytes], partition: int = 0) -> int:
    """Writes records of one partition in one batch; answers the offset of the first."""
    known = variables("kafka.env")
    host, port = known["KAFKA_TLS_BROKERS"].split(":")
    context = ssl.create_default_context(cafile=known["KAFKA_CA_FILE"])
    plain = socket.create_connection((host, int(port)), timeout=30)
    with context.wrap_socket(plain, server_hostname=host) as connection:
        assert wire.exchange(connection, SASL_HANDSHAKE, 1, wire.text("PLAIN")).number("h") == wire.NONE
        token = f"\0{known['KAFKA_USERNAME']}\0{known['KAFKA_PASSWORD']}".encode()
        signed = wire.exchange(connection, SASL_AUTHENTICATE, 0, struct.pack(">i", len(token)) + token)
        assert signed.number("h") == wire.NONE
        batch = _batch(values)
        request = (
            struct.pack(">hhi", -1, ALL_REPLICAS, MILLISECONDS) + struct.pack(">i", 1) + wire.text(topic)
            + struct.pack(">iii", 1, partition, len(batch)) + batch
        )  # fmt: skip
        answer = wire.exchange(connection, PRODUCE, 3, request)
    assert (answer.number("i"), answer.text(), answer.number("i"), answer.number("i")) == (1, topic, 1, partition)
    assert answer.number("h") == wire.NONE
    return answer.number("q")


def _batch(values: list[bytes]) -> bytes:
    now, count = int(time.time() * 1000), len(values)
    records = b"".join(_record(nth, value) for nth, value in enumerate(values))
    # Attributes, last offset, first and last time, no producer with an id, and the records.
    rest = struct.pack(">hiqqqhii", 0, count - 1, now, now, -1, -1, -1, count) + records
    checked = struct.pack(">ibI", -1, 2, _crc32c(rest)) + rest
    return struct.pack(">qi", 0, len(checked)) + checked


def _record(nth: int, value: bytes) -> bytes:
    no_key, no_headers = _varint(-1), _varint(0)
    record = b"\0" + _varint(0) + _varint(nth) + no_key + _varint(len(value)) + value + no_headers
    return _varint(len(record)) + record


def _varint(number: int) -> bytes:
    zigzag, out = (number << 1) ^ (number >> 63), bytearray()
    while zigzag > 0x7F:
        out.append(zigzag & 0x7F | 0x80)
        zigzag >>= 7
    out.append(zigzag)
    return bytes(out)


def _crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF
