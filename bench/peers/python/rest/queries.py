"""Queries: each parameter once, and only those that a route takes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from rest.problems import Problem, shown

MAX_LIMIT, DEFAULT_LIMIT = 100, 50
TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)", re.ASCII)
Given = dict[str, str]


def given(query: dict[str, list[str]] | None, taken: tuple[str, ...]) -> Given:
    """The parameters of a query, by a route that takes these."""
    found = {}
    for name, values in (query or {}).items():
        if name not in taken:
            takes = ", ".join(taken) or "none"
            raise Problem(400, f"{shown(name)} is no parameter here: this takes {takes}.")
        if len(values) > 1:
            raise Problem(400, f"{name} must be given once.")
        found[name] = values[0]
    return found


def limit(query: Given) -> int:
    """How many things the answer may have."""
    text = query.get("limit", str(DEFAULT_LIMIT))
    if text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_LIMIT:
        return int(text)
    raise Problem(400, f"limit must be from 1 to {MAX_LIMIT}.")


def time(query: Given, name: str) -> datetime | None:
    """A time of the query, UTC."""
    text = query.get(name)
    if text is None:
        return None
    try:
        if TIME.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Problem(
        400,
        f"{name} must be a time in the form of RFC 3339, as in 2026-11-22T00:00:00Z or "
        "2026-11-22T00:00:00%2B01:00 (a plus sign is written %2B in a query).",
    )


def whole(at: datetime | None) -> datetime | None:
    """The first whole second that is not before a time: departures are whole seconds."""
    return at and (at + timedelta(microseconds=-at.microsecond % 1_000_000))


def utc(at: datetime | None) -> str:
    """A time as a text, to the fraction that it has; empty for none."""
    if at is None:
        return ""
    text = at.isoformat().removesuffix("+00:00")
    return f"{text.rstrip('0') if at.microsecond else text}Z"
