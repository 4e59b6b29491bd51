"""What Schemathesis must be told to try the deployed API: how to sign, cursors that are real, and to count.

`test_openapi.py` runs Schemathesis with this module; FLIGHTPULSE_OPENAPI_COUNTS names the file for the counts,
FLIGHTPULSE_OPENAPI_WEBHOOK_SECRET is the secret of a source of bookings.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import time
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
# On which nobody is booked; test_openapi.py makes it.
EMPTY_FLIGHT = "SW-OPENAPI"
WEBHOOK = "/webhooks/aep-booking"
WEBHOOK_SECRET = os.environ["FLIGHTPULSE_OPENAPI_WEBHOOK_SECRET"].encode()
# Seconds for the request that fetches a cursor.
DEADLINE = 20


class Signed(AuthBase):
    """AWS Signature Version 4 over the method, the address and the body as they are sent."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        signed = AWSRequest(request.method, request.url, data=request.body or b"")
        SigV4Auth(Credentials("test", "test"), "execute-api", "us-east-1").add_auth(signed)
        request.headers.update({name: signed.headers[name] for name in ("Authorization", "X-Amz-Date")})
        return request


class SignedBySource(AuthBase):
    """The signature of a source of bookings over the body as it is sent, in place of any that was made up."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        at = str(int(time.time())).encode()
        over = at + b"." + (body.encode() if isinstance(body, str) else body)
        digest = hmac.new(WEBHOOK_SECRET, over, hashlib.sha256).hexdigest()
        request.headers["x-flightpulse-signature"] = f"t={at.decode()},v1={digest}"
        return request


schemathesis.auth.set_from_requests(SignedBySource()).apply_to(path=WEBHOOK, method="POST")
schemathesis.auth.set_from_requests(Signed()).apply_to(
    lambda context: bool(context.operation.definition.raw.get("security"))
)


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """Makes right what is meant to be right and cannot be made up."""
    leave_passengers_alone(case)
    leave_out_zeros(case)
    if "cursor" in (case.query or {}) and means_well(case, ParameterLocation.QUERY, ParameterLocation.PATH):
        give_real_cursor(case)


def leave_passengers_alone(case: schemathesis.Case) -> None:
    """What operators would do to a flight with passengers is done to one without: ids come out of answers too."""
    flight = (case.path_parameters or {}).get("flight_id")
    if case.operation.path.startswith("/admin/") and str(flight).startswith("SW"):
        case.path_parameters["flight_id"] = EMPTY_FLIGHT


def leave_out_zeros(case: schemathesis.Case) -> None:
    """Drops a header of zeros from a request that is about something else.

    For want of a right value of a header with a pattern, Schemathesis 4.32 fills in one of its wrong ones, which is as
    many zeros and one more as it may have. Left in, it would be why a right request is refused, or a wrong one.
    """
    about = getattr(case.meta.phase.data, "parameter_location", None) if case.meta else None
    if about is not ParameterLocation.HEADER:
        for name in [name for name, value in (case.headers or {}).items() if not str(value).strip("0")]:
            del case.headers[name]


def give_real_cursor(case: schemathesis.Case) -> None:
    """A made-up cursor is a 400, however right its form: here is that of the query's second page, if it has one."""
    query = {name: value for name, value in case.query.items() if name != "cursor"} | {"limit": 1}
    url = requests.Request("GET", case.operation.base_url + case.formatted_path, params=query).prepare().url
    answer = requests.get(url, auth=Signed(), timeout=DEADLINE)
    del case.query["cursor"]
    if answer.status_code == requests.codes.ok and (cursor := answer.json()["next"]):
        case.query["cursor"] = cursor


def means_well(case: schemathesis.Case, *places: ParameterLocation) -> bool:
    """Whether nothing in these parts of the request is wrong on purpose."""
    meta = case.meta
    return meta is not None and not any(meta.is_negative_at(place) for place in places)


@schemathesis.hook
def after_call(context: schemathesis.HookContext, case: schemathesis.Case, response: schemathesis.Response) -> None:
    """Notes the answer, so that the test can see that each operation was reached."""
    with COUNTS.open("a") as counts:
        counts.write(f"{case.operation.label}\t{response.status_code}\n")
