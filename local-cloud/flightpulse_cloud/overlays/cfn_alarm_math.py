"""CloudFormation alarms on metric math: recorded, not evaluated.

Upstream today (1.5.33): an `AWS::CloudWatch::Alarm` with `Metrics` fails its stack ("metric math is not supported").
Here it has a name and an ARN and is in no list of alarms; that its formula is right is proved by template assertions.
"""

from __future__ import annotations

from typing import Any


def apply() -> None:
    """Takes such an alarm out of what upstream hands to its CloudWatch."""
    from ministack.core.responses import get_account_id, get_region
    from ministack.services.cloudformation import provisioners

    upstream = provisioners._cw_metric_alarm_put

    def put(name: str, props: dict[str, Any]) -> tuple[str, dict[str, str]]:
        if not props.get("Metrics"):
            return upstream(name, props)
        # An alarm on one metric that has become one on a formula is the former no more.
        provisioners._cw._alarms.pop(name, None)
        return name, {"Arn": f"arn:aws:cloudwatch:{get_region()}:{get_account_id()}:alarm:{name}"}

    provisioners._cw_metric_alarm_put = put
