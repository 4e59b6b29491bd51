"""AWS's requests as they are on the wire: of which operation one is, and how each service says that it refuses.

Shapes: awsJson (https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html), restJson1, restXml. Errors are
those of each service's API reference, "Common Errors" and the operation's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .fates import THROTTLE


@dataclass(frozen=True)
class Refusal:
    """An answer that says no."""

    status: int
    headers: dict[str, str]
    body: bytes


# By service as signatures name it: the names of a throttle and of an error of the service's own, with their status.
ERRORS = {
    "dynamodb": (("ProvisionedThroughputExceededException", 400), ("InternalServerError", 500)),
    "events": (("ThrottlingException", 400), ("InternalException", 500)),
    "sqs": (("RequestThrottled", 400), ("ServiceUnavailable", 503)),
    "secretsmanager": (("ThrottlingException", 400), ("InternalServiceError", 500)),
    "lambda": (("TooManyRequestsException", 429), ("ServiceException", 500)),
    "bedrock": (("ThrottlingException", 429), ("ServiceUnavailableException", 503)),
    "s3": (("SlowDown", 503), ("InternalError", 500)),
}
OTHERS = (("ThrottlingException", 400), ("ServiceUnavailable", 503))

_SCOPE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")
# The REST services that we call, by method and path.
_ROUTES = (
    ("lambda", "POST", re.compile(r"^/2015-03-31/functions/[^/]+/invocations$"), "Invoke"),
    ("bedrock", "POST", re.compile(r"^/model/[^/]+/converse$"), "Converse"),
    ("s3", "GET", re.compile(r"^/[^/]+/.+"), "GetObject"),
    ("s3", "PUT", re.compile(r"^/[^/]+/.+"), "PutObject"),
)


def operation(method: str, path: str, headers: Mapping[str, str]) -> str:
    """`service.Operation`; an unknown one by its method."""
    scope = _SCOPE.search(headers.get("authorization", ""))
    service = scope[1] if scope else "unknown"
    target = headers.get("x-amz-target", "").rpartition(".")[2]
    if target:
        return f"{service}.{target}"
    for known, verb, pattern, name in _ROUTES:
        if (service, method) == (known, verb) and pattern.match(path):
            return f"{service}.{name}"
    return f"{service}.{method}"


def refusal(operation: str, fault: str) -> Refusal:
    """How the operation's service says that it throttles, or that it cannot."""
    service = operation.partition(".")[0]
    throttle, error = ERRORS.get(service, OTHERS)
    name, status = throttle if fault == THROTTLE else error
    if service == "s3":
        body = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{name}</Code><Message>{_SAYS}</Message></Error>'
        return Refusal(status, {"content-type": "application/xml"}, body.encode())
    body = json.dumps({"__type": name, "message": _SAYS}).encode()
    kind = "application/json" if service in ("lambda", "bedrock") else "application/x-amz-json-1.0"
    return Refusal(status, {"content-type": kind, "x-amzn-errortype": name}, body)


_SAYS = "a deliberate fault"
