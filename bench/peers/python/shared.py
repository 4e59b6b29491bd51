"""What the functions have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from botocore.config import Config

ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
# EventBridge's limit of entries in one PutEvents.
ENTRIES_PER_CALL = 10


def config(connections: int) -> Config:
    """As many connections as calls under way; the region's endpoint is known, so nothing is looked up."""
    return Config(max_pool_connections=connections, retries={"mode": "standard", "total_max_attempts": 3})


def calls(entries: list[Any]) -> Iterator[range]:
    """Where each call's entries stand."""
    for start in range(0, len(entries), ENTRIES_PER_CALL):
        yield range(start, min(start + ENTRIES_PER_CALL, len(entries)))
