"""Conditional requests (RFC 9110, section 13): what a client has already is not sent again."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

import orjson
from aws_lambda_powertools.event_handler import Response
from rest.problems import Problem

MAX_IF_NONE_MATCH = 4096
TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\U0010ffff]*)"')
TAGS = re.compile(rf"(?:,[ \t]*)*{TAG.pattern}(?:[ \t]*,(?:[ \t]*{TAG.pattern})?)*[ \t]*")


def tags(value: str | None) -> set[str]:
    """The ETags that a client has; `*` stands for any."""
    if value is None:
        return set()
    value = value.strip()
    if value == "*":
        return {"*"}
    if len(value) > MAX_IF_NONE_MATCH or not TAGS.fullmatch(value):
        raise Problem(
            400,
            'If-None-Match must be * or a list of ETags in quotation marks, as in "abc", "def", '
            f"of {MAX_IF_NONE_MATCH} bytes at most.",
        )
    return set(TAG.findall(value))


def answer(value: Any, known: set[str], *, private: bool) -> Response:
    """The response with a value, or without it when the client has it. `private`: only the client may keep it."""
    body = orjson.dumps(value)
    tag = urlsafe_b64encode(sha256(body).digest()[:16]).rstrip(b"=").decode()
    headers = {"etag": f'"{tag}"', "cache-control": "private, no-cache" if private else "no-cache"}
    if tag in known or "*" in known:
        return Response(304, headers=headers)
    headers["x-content-type-options"] = "nosniff"
    return Response(200, "application/json", body.decode(), headers)
