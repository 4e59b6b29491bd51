"""Warm invokes of custom runtimes wait for TCP and for a log line that never comes.

Upstream today (1.5.33): the Runtime API writes headers and body in two segments with Nagle's algorithm on, so each
warm invoke meets the runtime's delayed ACK (about 40 ms); and an invoke whose handler prints nothing waits another
50 ms for a first log line (`Worker._drain_stderr_bounded`). The lines of an invoke that prints are written before its
response, so 5 ms is ample for the pipe's reader thread; a straggler is attributed to the next invoke, as upstream.
"""

from __future__ import annotations

import http.server
from typing import Any

# Seconds: wait for a first line, quiet time after a line, ceiling. Upstream: 0.050, 0.005, 0.250.
FIRST_LINE_WAIT = 0.005
IDLE_CONFIRM = 0.002
HARD_CAP = 0.250


def apply() -> None:
    """Turns Nagle off on the Runtime API's sockets and shortens the wait for log lines."""
    from ministack.core import lambda_runtime

    # The handler class of the Runtime API is made inside a function; its base's default is what can be reached.
    http.server.BaseHTTPRequestHandler.disable_nagle_algorithm = True
    for worker in (lambda_runtime.Worker, lambda_runtime.ProvidedWorker):
        if "_drain_stderr_bounded" in vars(worker):
            _shorten(worker)


def _shorten(worker: type) -> None:
    upstream = worker._drain_stderr_bounded  # type: ignore[attr-defined]

    def drain(
        self: Any,
        first_line_wait: float = FIRST_LINE_WAIT,
        idle_confirm: float = IDLE_CONFIRM,
        hard_cap: float = HARD_CAP,
    ) -> Any:
        return upstream(self, first_line_wait, idle_confirm, hard_cap)

    worker._drain_stderr_bounded = drain  # type: ignore[attr-defined]
