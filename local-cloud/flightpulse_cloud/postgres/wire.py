"""SQL over the server's own socket, where it asks for no password, with nothing but the standard library.

Messages: https://www.postgresql.org/docs/current/protocol-message-formats.html
"""

from __future__ import annotations

import socket
import struct
from pathlib import Path

# Seconds for an answer.
TIMEOUT = 30.0
PROTOCOL = 3 << 16
OWNER = "postgres"


class Refused(Exception):
    """What the server says about a query."""


class NoAnswer(Exception):
    """The server cannot be reached, or is just starting."""


def execute(sockets: Path, port: int, database: str, sql: str) -> list[list[str | None]]:
    """Runs statements as the server's owner; answers the rows of all of them, as text."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(TIMEOUT)
            connection.connect(str(sockets / f".s.PGSQL.{port}"))
            stream = connection.makefile("rwb")
            parameters = b"".join(part.encode() + b"\0" for part in ("user", OWNER, "database", database))
            start = struct.pack(">i", PROTOCOL) + parameters + b"\0"
            stream.write(struct.pack(">i", len(start) + 4) + start)
            stream.flush()
            _until_ready(stream)
            query = sql.encode() + b"\0"
            stream.write(b"Q" + struct.pack(">i", len(query) + 4) + query)
            stream.flush()
            return _until_ready(stream)
    except (OSError, struct.error) as error:
        raise NoAnswer(str(error)) from error


def literal(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def _until_ready(stream: socket.SocketIO) -> list[list[str | None]]:  # type: ignore[valid-type]
    rows: list[list[str | None]] = []
    refused = ""
    while True:
        kind, length = struct.unpack(">ci", _read(stream, 5))
        body = _read(stream, length - 4)
        if kind == b"D":
            rows.append(_row(body))
        elif kind == b"E":
            fields = {part[:1]: part[1:].decode() for part in body.split(b"\0") if part}
            refused = refused or f"{fields.get(b'C', '')} {fields.get(b'M', '')}"
            # A server that is starting says so and closes.
            if fields.get(b"S") == "FATAL":
                raise NoAnswer(refused)
        elif kind == b"Z":
            if refused:
                raise Refused(refused)
            return rows


def _row(body: bytes) -> list[str | None]:
    (count,) = struct.unpack_from(">h", body)
    place, row = 2, []
    for _ in range(count):
        (size,) = struct.unpack_from(">i", body, place)
        place += 4
        row.append(None if size < 0 else body[place : place + size].decode())
        place += max(size, 0)
    return row


def _read(stream: socket.SocketIO, length: int) -> bytes:  # type: ignore[valid-type]
    data: bytes = stream.read(length)
    if len(data) != length:
        raise OSError("the connection was closed")
    return data
