"""Bedrock Converse, answered by the local model.

Upstream today (1.5.33): Converse answers a canned text and ignores `toolConfig`; its proxy needs an OpenAI-shaped
server beside it and falls back to the canned text without a word. Requests that are not ours (no JSON object with
`task` and `placeholders` in the newest user message) still get upstream's answer.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from .. import bedrock


def apply() -> None:
    """Takes Converse over at the service's entry point, which runs on the event loop: a slow answer awaits there
    and holds neither the loop nor one of MiniStack's worker threads."""
    from ministack.services import bedrock_runtime

    upstream = bedrock_runtime.handle_request

    async def handle_request(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> Any:
        match = bedrock_runtime._CONVERSE_RE.match(path) if method == "POST" else None
        if match:
            model_id, _arn, error = bedrock_runtime._normalize_model_id(unquote(match[1]))
            request = _parsed(body)
            asked = bedrock.question(request)
            if error is None and asked is not None and bedrock_runtime._validate_converse_request(request) is None:
                return await bedrock.converse(model_id, request, asked)
        return await upstream(method, path, headers, body, query)

    bedrock_runtime.handle_request = handle_request


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body or b"{}")
    except ValueError:
        return None
