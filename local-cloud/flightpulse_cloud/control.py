"""The control endpoints under `/_flightpulse/`, in front of MiniStack's ASGI application."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from .adobe_keys import KEY_HOST
from .bedrock import STATE
from .billed import BOOK
from .faults import FAULTS
from .mutants import MUTANT
from .pauses import PAUSES
from .request_log import REQUESTS

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Answer = tuple[int, Any]

PREFIX = "/_flightpulse/"
# Where the functions ask for Adobe's public keys.
KEY_PATH = "adobe-keys/"
# Bytes: control bodies are a few words.
MAX_BODY = 64 * 1024


class Control:
    """Answers our own endpoints and hands everything else on."""

    def __init__(self, upstream: AsgiApp, health: dict[str, Any]) -> None:
        self._upstream = upstream
        self._health = health

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI entry point."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._upstream(scope, receive, send)
            return
        try:
            body = await _read(receive)
            status, answer = self._route(scope["method"], scope["path"].removeprefix(PREFIX), body)
        except ValueError as error:
            status, answer = 400, {"error": str(error)}
        # A key is a text; all else is JSON.
        text = isinstance(answer, str)
        payload = (answer if text else json.dumps(answer, ensure_ascii=False)).encode()
        content_type = b"application/x-pem-file" if text else b"application/json"
        headers = [(b"content-type", content_type), (b"content-length", str(len(payload)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": payload})

    def _route(self, method: str, name: str, body: bytes) -> Answer:
        match name, method:
            case "health", "GET":
                return 200, self._health
            case "bedrock", "GET":
                return 200, STATE.report()
            case "bedrock", "PUT":
                wanted = _json_object(body, {"mode", "slow_ms", "cohort"})
                STATE.set_mode(wanted.get("mode"), wanted.get("slow_ms"), wanted.get("cohort"))
                return 200, STATE.report()
            case "bedrock", "DELETE":
                STATE.reset()
                return 200, STATE.report()
            case "mutant", "GET":
                return 200, MUTANT.report()
            case "mutant", "PUT":
                MUTANT.set(_json_object(body, {"kind"}).get("kind"))
                return 200, MUTANT.report()
            case "mutant", "DELETE":
                MUTANT.set("none")
                return 200, MUTANT.report()
            case "fault", "GET":
                return 200, FAULTS.report()
            case "fault", "PUT":
                FAULTS.set(_json_object(body, {"state", "moment", "error", "times", "about", "faults"}))
                return 200, FAULTS.report()
            case "fault", "DELETE":
                FAULTS.clear()
                return 200, FAULTS.report()
            case "pauses", "GET":
                return 200, PAUSES.report()
            case "pauses", "PUT":
                PAUSES.set(_json_object(body, {"share"}).get("share"))
                return 200, PAUSES.report()
            case "pauses", "DELETE":
                PAUSES.set(1)
                return 200, PAUSES.report()
            case "requests", "GET":
                return 200, REQUESTS.report()
            case "requests", "DELETE":
                REQUESTS.reset()
                return 200, REQUESTS.report()
            case "billed", "GET":
                return 200, BOOK.report()
            case "billed", "DELETE":
                BOOK.reset()
                return 200, BOOK.report()
            case "adobe-keys", "GET":
                return 200, KEY_HOST.report()
            case "adobe-keys", "PUT":
                KEY_HOST.set(**_json_object(body, {"reachable"}))
                return 200, KEY_HOST.report()
            case "adobe-keys", "DELETE":
                KEY_HOST.reset()
                return 200, KEY_HOST.report()
            case path, "GET" if path.startswith(KEY_PATH):
                return KEY_HOST.answer(path.removeprefix(KEY_PATH))
            case (("health" | "bedrock" | "mutant" | "fault" | "pauses" | "requests" | "billed" | "adobe-keys"), _):
                return 405, {"error": f"{method} is not answered here"}
            case _:
                known = "health, bedrock, mutant, fault, pauses, requests, billed and adobe-keys"
                return 404, {"error": f"there are {known}"}


async def _read(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ValueError("the request ended before its body")
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > MAX_BODY:
            raise ValueError(f"the body is longer than {MAX_BODY} bytes")
        if not message.get("more_body"):
            return b"".join(chunks)


def _json_object(body: bytes, known: set[str]) -> dict[str, Any]:
    """The body's fields; a misspelt one is refused, so that a test never runs in a mode that it did not set."""
    try:
        value = json.loads(body)
    except ValueError:
        raise ValueError("the body is not JSON") from None
    if not isinstance(value, dict):
        raise ValueError("the body is not a JSON object")
    if unknown := value.keys() - known:
        raise ValueError(f"unknown field {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
    return value
