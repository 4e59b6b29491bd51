"""Secrets that CloudFormation generates.

Upstream today (1.5.33): of `GenerateSecretString`, the length and `ExcludeCharacters` are heeded; a secret that is to
have no punctuation has it all the same, and whoever writes one into a command line or a header is surprised. Upstream's
own `GetRandomPassword` heeds every choice, as AWS does for both alike.
"""

from __future__ import annotations

import json
from typing import Any


def apply() -> None:
    """Has the service make what the template asks for."""
    from ministack.services.cloudformation import provisioners

    upstream = provisioners._sm_secret_string

    def secret_string(props: dict[str, Any]) -> str:
        wanted = props.get("GenerateSecretString")
        if not wanted or props.get("SecretString"):
            return upstream(props)
        password = _generate(wanted)
        template = wanted.get("SecretStringTemplate")
        if template is None:
            return password
        return json.dumps({**json.loads(template), wanted["GenerateStringKey"]: password})

    provisioners._sm_secret_string = secret_string


def _generate(wanted: dict[str, Any]) -> str:
    from ministack.services import secretsmanager

    status, _headers, body = secretsmanager._get_random_password(wanted)
    if status != 200:
        raise ValueError(f"AWS::SecretsManager::Secret cannot be generated: {body!r}")
    return str(json.loads(body)["RandomPassword"])
