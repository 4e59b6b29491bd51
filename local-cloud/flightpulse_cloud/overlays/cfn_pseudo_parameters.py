"""Pseudo parameters inside CloudFormation `Conditions`.

Upstream today (1.5.33): a `Ref` to AWS::Region, AWS::AccountId or AWS::Partition in `Conditions` is not resolved, so
a comparison with it is false. CDK writes such conditions by itself (CDKMetadataAvailable, and every construct that
compares the region), so a template may silently leave resources out.
"""

from __future__ import annotations

import sys
from typing import Any


def apply() -> None:
    """Adds the pseudo parameters to the parameters that conditions see, in every module that imported the function."""
    from ministack.core.responses import get_account_id, get_region
    from ministack.services import cloudformation  # noqa: F401  imports all of the package's modules
    from ministack.services.cloudformation import changesets, engine, handlers, provisioners, stacks

    upstream = engine._evaluate_conditions

    def evaluate(template: dict[str, Any], params: dict[str, Any]) -> Any:
        known = {
            "AWS::AccountId": {"Value": get_account_id()},
            "AWS::Region": {"Value": get_region()},
            "AWS::Partition": {"Value": "aws"},
            "AWS::URLSuffix": {"Value": "amazonaws.com"},
        }
        return upstream(template, {**known, **(params or {})})

    for module in (engine, changesets, handlers, provisioners, stacks, *sys.modules.values()):
        name = getattr(module, "__name__", "")
        if name.startswith("ministack.") and getattr(module, "_evaluate_conditions", None) is upstream:
            module._evaluate_conditions = evaluate
