"""The two requests of Kafka's protocol that a start needs, with nothing but the standard library.

Kafka's own tools would do, at the price of another JVM for each question. Layouts: https://kafka.apache.org/protocol,
versions before the flexible ones.
"""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

# Seconds for one request.
TIMEOUT = 5.0
CLIENT = "flightpulse-local-cloud"
METADATA, METADATA_VERSION = 3, 1
CREATE_TOPICS, CREATE_TOPICS_VERSION = 19, 2
NONE, UNKNOWN_TOPIC, TOPIC_EXISTS = 0, 3, 36


class NoAnswer(Exception):
    """The broker cannot be reached, or does not speak Kafka."""


@dataclass(frozen=True)
class Reader:
    """Takes Kafka's primitive types off an answer, one after the other."""

    data: memoryview
    place: list[int]

    def number(self, code: str) -> int:
        (value,) = struct.unpack_from(f">{code}", self.data, self.place[0])
        self.place[0] += struct.calcsize(code)
        return int(value)

    def text(self) -> str | None:
        length = self.number("h")
        if length < 0:
            return None
        start = self.place[0]
        self.place[0] += length
        return bytes(self.data[start : start + length]).decode()

    def numbers(self) -> list[int]:
        return [self.number("i") for _ in range(self.number("i"))]


def partitions_with_leader(port: int, topic: str) -> int:
    """How many partitions of the topic can be written to; 0 when it does not exist."""
    answer = _ask(port, METADATA, METADATA_VERSION, struct.pack(">i", 1) + text(topic))
    for _ in range(answer.number("i")):  # Brokers: id, host, port, rack.
        answer.number("i"), answer.text(), answer.number("i"), answer.text()
    answer.number("i")  # The controller.
    led = 0
    for _ in range(answer.number("i")):
        answer.number("h"), answer.text(), answer.number("b")
        for _ in range(answer.number("i")):
            error, _, leader, _, _ = (
                answer.number("h"), answer.number("i"), answer.number("i"), answer.numbers(), answer.numbers()
            )  # fmt: skip
            led += error == NONE and leader >= 0
    return led


def create_topic(port: int, topic: str, partitions: int) -> bool:
    """Asks for a topic with one replica; answers whether there is one now."""
    no_assignments = no_settings = struct.pack(">i", 0)
    body = struct.pack(">i", 1) + text(topic) + struct.pack(">ih", partitions, 1) + no_assignments + no_settings
    milliseconds, only_validate = int(TIMEOUT * 1000), 0
    answer = _ask(
        port, CREATE_TOPICS, CREATE_TOPICS_VERSION, body + struct.pack(">ib", milliseconds, only_validate)
    )  # fmt: skip
    answer.number("i")  # Milliseconds that we were throttled.
    created = False
    for _ in range(answer.number("i")):
        _, error, _ = answer.text(), answer.number("h"), answer.text()
        created = error in (NONE, TOPIC_EXISTS)
    return created


def _ask(port: int, key: int, version: int, body: bytes) -> Reader:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as connection:
            connection.settimeout(2 * TIMEOUT)
            return exchange(connection, key, version, body)
    except (OSError, struct.error) as error:
        raise NoAnswer(str(error)) from error


def exchange(connection: socket.socket, key: int, version: int, body: bytes) -> Reader:
    """Sends a request and takes its answer off a connection."""
    correlation = 1
    request = struct.pack(">hhi", key, version, correlation) + text(CLIENT) + body
    connection.sendall(struct.pack(">i", len(request)) + request)
    (length,) = struct.unpack(">i", _read(connection, 4))
    answer = Reader(memoryview(_read(connection, length)), [0])
    if answer.number("i") != correlation:
        raise OSError("an answer to another question")
    return answer


def _read(connection: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        part = connection.recv(length - len(data))
        if not part:
            raise OSError("the connection was closed")
        data += part
    return data


def text(value: str) -> bytes:
    """A string as Kafka writes it."""
    encoded = value.encode()
    return struct.pack(">h", len(encoded)) + encoded
