"""The proxy between the functions and AWS: hands every request on, and makes some go wrong.

A process of its own, run as `python -m flightpulse_cloud.chaos.proxy --upstream URL --port PORT`. Its control is at
`/_chaos`: GET tells rates and counts, PUT sets seed and rates, DELETE ends the faults.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import socket
import struct
from typing import Any

from aiohttp import ClientConnectionError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, web

from . import aws, fates
from .fates import Fates
from .parts import Parts, has_parts

CONTROL = "/_chaos"
# Bytes: more than any call of ours.
MAX_BODY = 16 * 1024 * 1024
# Seconds: longer than a function waits for an answer, and what the slowest of ours takes.
SILENCE = 15.0
PATIENCE = ClientTimeout(total=150.0, connect=5.0)
SLOWNESS = (0.3, 2.0)
# Of one connection and not of the request (RFC 9110, 7.6.1), or made anew for what is sent.
HOP = {
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
    "upgrade", "host", "content-length", "expect",
}  # fmt: skip
# Of a body that is another by now.
CHECKSUMS = {"x-amz-crc32", "content-md5", "etag"}

Answer = tuple[int, list[tuple[str, str]], bytes]


class Proxy:
    """Hands on, or not."""

    def __init__(self, upstream: str, session: ClientSession) -> None:
        self._upstream, self._session, self.fates = upstream, session, Fates()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Every request that is none of the control's."""
        body = await request.read()
        operation = aws.operation(request.method, request.path, request.headers)
        fault, dice = self.fates.next(operation, has_parts(operation))
        match fault:
            case None:
                return _response(await self._send(request, body))
            case fates.THROTTLE | fates.UNAVAILABLE:
                return _refused(operation, fault)
            case fates.RESET_BEFORE:
                return _cut(request)
            case fates.SLOW:
                await asyncio.sleep(dice.uniform(*SLOWNESS))
                return _response(await self._send(request, body))
            case fates.PARTIAL | fates.PARTIAL_LOST:
                return await self._partly(request, operation, body, fault, dice)
        # What is left is made, and its answer goes astray.
        await self._send(request, body)
        match fault:
            case fates.TIMEOUT:
                await _until_gone(request)
                return _cut(request)
            case fates.RESET_AFTER:
                return _cut(request)
            case _:
                return _refused(operation, fates.UNAVAILABLE)

    async def _send(self, request: web.Request, body: bytes) -> Answer:
        headers = [(name, value) for name, value in request.headers.items() if name.lower() not in HOP]
        url = f"{self._upstream}{request.raw_path}"
        for last in (False, True):
            try:
                async with self._session.request(
                    request.method, url, headers=headers, data=body, allow_redirects=False
                ) as answer:
                    content = await answer.read()
                    kept = [(name, value) for name, value in answer.headers.items() if name.lower() not in HOP]
                    return answer.status, kept, content
            except ClientConnectionError:
                # Most likely an idle connection that the endpoint has closed meanwhile. Where it was not, the call is
                # made twice and counts as no fault, as with a client that tries again.
                if last:
                    raise
        raise AssertionError("one of two tries answers or raises")

    async def _partly(
        self, request: web.Request, operation: str, body: bytes, fault: str, dice: random.Random
    ) -> web.StreamResponse:
        parts = Parts(operation, body)
        rest, answer = parts.choose(dice)
        sent = json.dumps(rest).encode() if fault == fates.PARTIAL and rest else body
        if fault == fates.PARTIAL and rest is None:
            given, headers = None, [("content-type", "application/x-amz-json-1.0")]
        else:
            status, headers, content = await self._send(request, sent)
            if status != 200:
                return _response((status, headers, content))
            given = json.loads(content)
        kept = [(name, value) for name, value in headers if name.lower() not in CHECKSUMS]
        return _response((200, kept, json.dumps(answer(given)).encode()))

    async def control(self, request: web.Request) -> web.Response:
        """Sets, ends and tells."""
        if request.method == "PUT":
            try:
                self.fates.set(**_known(await request.json()))
            except ValueError as error:
                return web.json_response({"error": str(error)}, status=400)
        elif request.method == "DELETE":
            self.fates.end()
        return web.json_response(self.fates.report())


def _known(wanted: Any) -> dict[str, Any]:
    names = {"seed", "rate", "rates", "faults", "each"}
    if not isinstance(wanted, dict) or wanted.keys() - names:
        raise ValueError(f"there are {', '.join(sorted(names))}")
    return wanted


def _response(answer: Answer) -> web.Response:
    status, headers, body = answer
    return web.Response(status=status, headers=headers, body=body)


def _refused(operation: str, fault: str) -> web.Response:
    refusal = aws.refusal(operation, fault)
    return web.Response(status=refusal.status, headers=refusal.headers, body=refusal.body)


def _cut(request: web.Request) -> web.Response:
    """Ends the connection, by a reset where it is still there; what is answered reaches nobody."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        if connection is not None:
            # Linger for no time: RST in place of FIN.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=500)


async def _until_gone(request: web.Request) -> None:
    """Until the client has hung up, or for as long as any would wait."""
    loop = asyncio.get_running_loop()
    end = loop.time() + SILENCE
    while loop.time() < end and request.transport is not None and not request.transport.is_closing():
        await asyncio.sleep(0.05)


async def serve(upstream: str, port: int) -> None:
    """Serves until it is ended."""
    connector = TCPConnector(limit=0, keepalive_timeout=30.0)
    async with ClientSession(
        connector=connector, timeout=PATIENCE, auto_decompress=False, cookie_jar=DummyCookieJar()
    ) as session:
        proxy = Proxy(upstream, session)
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_route("*", CONTROL, proxy.control)
        app.router.add_route("*", "/{path:.*}", proxy.handle)
        runner = web.AppRunner(app, access_log=None, keepalive_timeout=75.0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="flightpulse_cloud.chaos.proxy", description=__doc__)
    parser.add_argument("--upstream", required=True, help="where requests are handed on to: http://host:port")
    parser.add_argument("--port", type=int, required=True, help="on 127.0.0.1")
    options = parser.parse_args()
    asyncio.run(serve(options.upstream, options.port))


if __name__ == "__main__":
    main()
