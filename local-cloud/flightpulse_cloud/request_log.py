"""Counts of AWS requests by service and action, as the endpoint sees them.

HTTP requests only: what MiniStack's Step Functions calls by itself (`dynamodb:updateItem`, `lambda:invoke`) stays
inside its process and is in the execution's history instead.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

UNKNOWN = "Unknown"


class RequestLog:
    """Counts since start or since the last reset."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, service: str, action: str) -> None:
        """Enters one request."""
        with self._lock:
            self._counts[service, action] += 1

    def reset(self) -> None:
        """Back to zero."""
        with self._lock:
            self._counts.clear()

    def report(self) -> dict[str, Any]:
        """What `GET /_flightpulse/requests` answers."""
        with self._lock:
            counts = sorted(self._counts.items())
        services: dict[str, dict[str, int]] = {}
        for (service, action), count in counts:
            services.setdefault(service, {})[action] = count
        return {"total": sum(count for _, count in counts), "services": services}


REQUESTS = RequestLog()
# Who else hears of each request: its service, its action and how many bytes its body has.
LISTENERS: list[Callable[[str, str, int], None]] = []


def install() -> None:
    """Counts at the one place that every AWS request passes, before it is answered."""
    from ministack import app
    from ministack.core import iam_actions
    from ministack.core.router import detect_service

    upstream = app._dispatch_service_request

    async def dispatch(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any], request_id: str
    ) -> Any:
        params = app._routing_params(method, path, headers, body, query)
        service = detect_service(method, path, headers, params)
        action = iam_actions.extract_iam_action(service, method, path, headers, body, params) or UNKNOWN
        action = action.rpartition(":")[2]
        REQUESTS.add(service, action)
        for listener in LISTENERS:
            listener(service, action, len(body))
        return await upstream(method, path, headers, body, query, request_id)

    app._dispatch_service_request = dispatch
