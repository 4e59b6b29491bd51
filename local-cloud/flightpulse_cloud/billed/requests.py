"""What is billed by the request alone: queues, buckets, secrets, as the endpoint is asked over HTTP."""

from __future__ import annotations

from typing import Any

from ..request_log import UNKNOWN
from .book import BOOK, steps
from .services import CHUNK

# The size of a step that is billed as one; None where a request is one whatever its size.
BILLED = {"sqs": CHUNK, "s3": None, "secretsmanager": None}


def apply() -> None:
    """Counts where every AWS request passes, as the log of requests does."""
    from ministack import app
    from ministack.core import iam_actions
    from ministack.core.router import detect_service

    upstream = app._dispatch_service_request

    async def dispatch(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any], request_id: str
    ) -> Any:
        params = app._routing_params(method, path, headers, body, query)
        service = detect_service(method, path, headers, params)
        if service in BILLED:
            action = iam_actions.extract_iam_action(service, method, path, headers, body, params) or UNKNOWN
            step = BILLED[service]
            BOOK.add(f"{service}.requests", action.rpartition(":")[2], steps(len(body), step) if step else 1)
        return await upstream(method, path, headers, body, query, request_id)

    app._dispatch_service_request = dispatch
