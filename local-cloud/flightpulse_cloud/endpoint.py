"""Questions to a running endpoint, with nothing but the standard library (the AWS SDK is not there before the venv)."""

from __future__ import annotations

import json
import re
import socket
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from .pins import pin
from .settings import Settings

# Seconds.
HEALTH_TIMEOUT = 3.0
REQUEST_TIMEOUT = 15.0
SERVICE = "flightpulse-local-cloud"

# Local requests never go through the user's proxy.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def health(settings: Settings) -> dict[str, Any] | None:
    """What our local cloud says of itself; None when there is none on the port."""
    try:
        with _OPENER.open(f"{settings.endpoint}/_flightpulse/health", timeout=HEALTH_TIMEOUT) as response:
            answer = json.load(response)
    except (OSError, ValueError):
        return None
    return answer if isinstance(answer, dict) and answer.get("service") == SERVICE else None


def port_answers(port: int) -> bool:
    """Whether anything accepts connections on the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def stack_status(settings: Settings, stack: str) -> str | None:
    """A stack's status; None when the running cloud does not have it."""
    form = urllib.parse.urlencode({"Action": "DescribeStacks", "Version": "2010-05-15", "StackName": stack})
    scope = f"test/20260101/{pin('LOCAL_REGION')}/cloudformation/aws4_request"
    request = urllib.request.Request(
        settings.endpoint,
        data=form.encode(),
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            # Read for the service and the region only; the local cloud checks no signatures.
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none",
        },
    )
    try:
        with _OPENER.open(request, timeout=REQUEST_TIMEOUT) as response:
            found = re.search(r"<StackStatus>(\w+)</StackStatus>", response.read().decode())
    except OSError:
        return None
    return found[1] if found else None
