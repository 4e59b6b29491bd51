"""What Schemathesis must be told to try the deployed API: how to sign, cursors that are real, and to count.

`test_openapi.py` runs Schemathesis with this module; FLIGHTPULSE_OPENAPI_COUNTS names the file for the counts.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
import schemathesis
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from requests.auth import AuthBase
from schemathesis.core.parameters import ParameterLocation

COUNTS = Path(os.environ["FLIGHTPULSE_OPENAPI_COUNTS"])
# Seconds for the request that fetches a cursor.
DEADLINE = 20


class Signed(AuthBase):
    """AWS Signature Version 4 over the method, the address and the body as they are sent."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        signed = AWSRequest(request.method, request.url, data=request.body or b"")
        SigV4Auth(Credentials("test", "test"), "execute-api", "us-east-1").add_auth(signed)
        request.headers.update({name: signed.headers[name] for name in ("Authorization", "X-Amz-Date")})
        return request


schemathesis.auth.set_from_requests(Signed()).apply_to(
    lambda context: bool(context.operation.definition.raw.get("security"))
)


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """Puts a real cursor in the place of a made-up one of the right form, which is a 400 by design."""
    query = case.query
    if not isinstance(query, dict) or "cursor" not in query or not wants_to_be_right(case):
        return
    cursor = next(cursors(case), None)
    if cursor is None:
        del query["cursor"]
    else:
        query["cursor"] = cursor


def wants_to_be_right(case: schemathesis.Case) -> bool:
    """Whether nothing of the request's address is wrong on purpose."""
    meta = case.meta
    places = (ParameterLocation.QUERY, ParameterLocation.PATH)
    return meta is not None and not any(meta.is_negative_at(place) for place in places)


def cursors(case: schemathesis.Case) -> Iterator[str]:
    """The cursor of the second page of the same query, where there is one."""
    query = {name: value for name, value in (case.query or {}).items() if name != "cursor"} | {"limit": 1}
    url = requests.Request("GET", case.operation.base_url + case.formatted_path, params=query).prepare().url
    answer = requests.get(url, auth=Signed(), timeout=DEADLINE)
    if answer.status_code == requests.codes.ok and (cursor := answer.json()["next"]):
        yield cursor


@schemathesis.hook
def after_call(context: schemathesis.HookContext, case: schemathesis.Case, response: schemathesis.Response) -> None:
    """Notes the answer, so that the test can see that each operation was reached."""
    with COUNTS.open("a") as counts:
        counts.write(f"{case.operation.label}\t{response.status_code}\n")
