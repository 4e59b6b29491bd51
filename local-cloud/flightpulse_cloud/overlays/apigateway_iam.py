"""Signatures of callers of a REST API's methods with `AWS_IAM`.

Upstream today (1.5.33, AUTH off): such a method refuses a request without an `Authorization` header (403, "Missing
Authentication Token") and tells the integration in `requestContext.identity` whose key a signed one names; but it
takes any header, a bearer token as a wrong signature. With AUTH on it verifies, for every service at once, and never
the root key's (`test`), which all of ours are.

AWS checks the signature before the integration runs: 403 with "Missing Authentication Token" for no header, with
a sentence of its own for one that is malformed, expired, of another service, of an unknown key or wrong. So it is
here, with upstream's verification and its wording of AWS's answers. Not played: presigned URLs (refused as unsigned),
policies (`execute-api:Invoke` is granted to every key that is known), a body that is not the one of a given
`x-amz-content-sha256`.
"""

from __future__ import annotations

import contextvars
from typing import Any

INVOKE = "execute-api:Invoke"
SERVICE = "execute-api"

# The path and the body as they arrived: what was signed. The check itself is handed the path within the stage.
_arrived: contextvars.ContextVar[tuple[str, bytes]] = contextvars.ContextVar("arrived", default=("", b""))


def apply() -> None:
    """Verifies where upstream would with AUTH on: after the stage is found, before the method runs."""
    from ministack import app
    from ministack.services import apigateway_v1

    handle, enforce = app._handle_execute_api_request, app._enforce_execute_api

    async def handle_request(
        host: str, path: str, method: str, headers: dict[str, str], body: bytes, query: dict[str, Any],
        raw_path: str | None = None, **rest: Any,
    ) -> Any:  # fmt: skip
        token = _arrived.set((raw_path or path, body))
        try:
            return await handle(host, path, method, headers, body, query, raw_path=raw_path, **rest)
        finally:
            _arrived.reset(token)

    def enforce_request(
        api: str, stage: str, method: str, path: str, headers: dict[str, str], query: dict[str, Any],
        iam_action: str = INVOKE,
    ) -> Any:  # fmt: skip
        signed = iam_action == INVOKE and headers.get("authorization")
        if signed and apigateway_v1.method_authorization_type(api, stage, method, path) == "AWS_IAM":
            failure = _failure(method, headers, query)
            if failure is not None:
                return apigateway_v1.authentication_error_response(api, stage, failure, headers, query)
        return enforce(api, stage, method, path, headers, query, iam_action=iam_action)

    app._handle_execute_api_request = handle_request
    app._enforce_execute_api = enforce_request


def _failure(method: str, headers: dict[str, str], query: dict[str, Any]) -> Any:
    """What is wrong with the request's signature, as upstream's AuthError; None when it is good."""
    from ministack.core import iam_evaluator, sigv4
    from ministack.core.responses import get_account_id

    if not headers["authorization"].startswith("AWS4-HMAC-SHA256 "):
        wrong = sigv4.foreign_authorization_failure(headers)
        return iam_evaluator.AuthError(*(wrong or ("IncompleteSignature", "Unsupported AWS 'algorithm'")))
    signature = sigv4.parse_header_signature(headers)
    if isinstance(signature, tuple):
        return iam_evaluator.AuthError(*signature)
    if signature.service != SERVICE:
        message = f"Credential should be scoped to correct service: '{SERVICE}'. "
        return iam_evaluator.AuthError("SignatureDoesNotMatch", message)
    raw_path, body = _arrived.get()
    key = signature.access_key_id
    # Upstream pins a request for its check as it arrives, with AUTH on; the root key's it would leave out.
    iam_evaluator._signed_request.set(iam_evaluator.SignedRequest(key, method, raw_path, query, headers, body))
    checked = iam_evaluator.authenticate(key, get_account_id())
    return checked if isinstance(checked, iam_evaluator.AuthError) else None
