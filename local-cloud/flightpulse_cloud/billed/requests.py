"""What is billed by the request alone: queues, buckets, secrets, as the endpoint is asked over HTTP."""

from __future__ import annotations

from ..request_log import LISTENERS
from .book import BOOK, steps
from .services import CHUNK

# The size of a step that is billed as one; None where a request is one whatever its size.
BILLED = {"sqs": CHUNK, "s3": None, "secretsmanager": None}


def apply() -> None:
    """Counts what the log of requests hears of."""
    LISTENERS.append(_asked)


def _asked(service: str, action: str, size: int) -> None:
    if service in BILLED:
        step = BILLED[service]
        BOOK.add(f"{service}.requests", action, steps(size, step) if step else 1)
