"""Settings of a single method in a stage that CloudFormation makes: its throttle, above all.

Upstream today (1.5.33): the path of such a setting is taken as the template writes it, with `~1` for its slashes
(`/~1webhooks~1aep-booking`), and is never found when a request comes; the method has the stage's settings. The API's
own UpdateStage does decode it, as AWS does for both.
"""

from __future__ import annotations

from typing import Any

EVERY_METHOD = "/*"


def apply() -> None:
    """Writes the paths as upstream looks for them."""
    from ministack.services.cloudformation import provisioners

    upstream = provisioners._apigw_method_settings

    def method_settings(raw: Any) -> Any:
        if isinstance(raw, list):
            raw = [_decoded(item) if isinstance(item, dict) else item for item in raw]
        return upstream(raw)

    provisioners._apigw_method_settings = method_settings


def _decoded(item: dict[str, Any]) -> dict[str, Any]:
    from ministack.services.apigateway_v1 import _decode_json_pointer_token

    path = item.get("ResourcePath", EVERY_METHOD)
    if not path.startswith("/~1"):
        return item
    return {**item, "ResourcePath": _decode_json_pointer_token(path.removeprefix("/"))}
