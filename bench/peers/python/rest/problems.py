"""Errors as RFC 9457 problem details."""

from __future__ import annotations

import orjson
from aws_lambda_powertools.event_handler import Response

KINDS = {
    400: ("invalid", "Invalid request"),
    403: ("forbidden", "Forbidden"),
    404: ("not-found", "Not found"),
    500: ("internal", "Internal error"),
    503: ("unavailable", "Unavailable"),
}


class Problem(Exception):
    """What a client gets instead of an answer."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail

    def response(self) -> Response:
        """The problem as an HTTP response, that nobody may keep."""
        kind, title = KINDS[self.status]
        body = {"type": f"/problems/{kind}", "title": title, "status": self.status, "detail": self.detail}
        headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
        return Response(self.status, "application/problem+json", orjson.dumps(body).decode(), headers)


def shown(text: str) -> str:
    """Enough of what a client sent to recognise it by."""
    return "".join(letter for letter in text if letter.isprintable() or letter == " ")[:100]
