"""Cursors: where a list goes on, in a form that only we can make (an HMAC over the query and the position)."""

from __future__ import annotations

import hmac
import os
import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from typing import Any

import boto3
from rest.problems import Problem
from shared import config

VERSION = b"\x01"
MAC_BYTES, MIN_KEY_BYTES, MAX_CURSOR = 32, 32, 512
FORM = re.compile(r"[A-Za-z0-9_-]+")
# Seconds for which the key is used before it is read again; less when a cursor does not go with it.
KEY_AGE, DOUBTED_KEY_AGE = 300, 60
_kept: tuple[float, bytes] | None = None


@cache
def secrets() -> Any:
    """Made when the first cursor is needed: most requests need none."""
    return boto3.client("secretsmanager", config=config(1))


def key(age: float) -> bytes:
    """The key, as it was at most so many seconds ago."""
    global _kept
    now = time.monotonic()
    if _kept is None or now - _kept[0] > age:
        secret = secrets().get_secret_value(SecretId=os.environ["CURSOR_SECRET_ARN"])["SecretString"].encode()
        if len(secret) < MIN_KEY_BYTES:
            raise Problem(503, "The data cannot be read just now. Try again in a moment.")
        _kept = (now, secret)
    return _kept[1]


def scope(*parts: str) -> bytes:
    """What of a query decides which list it is: each part behind its length."""
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(8, "big") + part for part in encoded)


def mac(key: bytes, of: bytes, position: bytes) -> bytes:
    return hmac.digest(key, VERSION + len(of).to_bytes(8, "big") + of + position, "sha256")


def seal(of: bytes, position: str | None) -> str | None:
    """The cursor for a position; none after the last page."""
    if position is None:
        return None
    text = position.encode()
    return encoded(VERSION + mac(key(KEY_AGE), of, text) + text)


def opened(of: bytes, cursor: str | None) -> str | None:
    """The position that a cursor has; none for the first page."""
    if cursor is None:
        return None
    refused = Problem(400, "cursor must be the `next` of an earlier answer to the same query.")
    if len(cursor) > MAX_CURSOR or not FORM.fullmatch(cursor) or len(cursor) % 4 == 1:
        raise refused
    sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    if encoded(sealed) != cursor or sealed[:1] != VERSION or len(sealed) <= 1 + MAC_BYTES:
        raise refused
    stated, position = sealed[1 : 1 + MAC_BYTES], sealed[1 + MAC_BYTES :]
    for age in (KEY_AGE, DOUBTED_KEY_AGE):
        if hmac.compare_digest(mac(key(age), of, position), stated):
            return position.decode()
    raise refused


def encoded(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()
