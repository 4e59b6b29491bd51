"""EventBridge rule → CloudWatch Logs group.

Upstream today (1.5.33): such a target deploys, and a matching event ends in "unsupported target type". AWS writes the
event as one JSON log event into a stream of its own, if a resource policy of CloudWatch Logs lets EventBridge do so;
without one the event is lost without a word (and goes to the rule's dead-letter queue, if any). So it is here.
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from typing import Any

from ..mutants import MUTANT

log = logging.getLogger("flightpulse.rule-to-logs")

PRINCIPAL = "events.amazonaws.com"
ACTION = "logs:PutLogEvents"
# Ways of changing an event on its way. For log groups AWS has rules of its own for them, which nothing here needs.
TRANSFORMS = ("Input", "InputPath", "InputTransformer")


def apply() -> None:
    """Handles log-group targets and leaves every other to upstream."""
    from ministack.services import eventbridge

    upstream = eventbridge._invoke_target

    def invoke_target(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], view: Any = None) -> None:
        arn = target.get("Arn", "")
        if ":logs:" not in arn or ":log-group:" not in arn:
            upstream(target, event, rule, view)
            return
        if any(target.get(name) for name in TRANSFORMS):
            log.warning(
                "event %s is lost: a log target with any of %s is not played here", event.get("EventId"), TRANSFORMS
            )
            return
        view = view or eventbridge._pattern_event_view(event)
        for delivered in MUTANT.deliver(view.event_with_detail()):
            _write(arn, delivered, rule)

    eventbridge._invoke_target = invoke_target


def _write(arn: str, event: dict[str, Any], rule: dict[str, Any]) -> None:
    from ministack.services import cloudwatch_logs as logs

    group = arn.split(":log-group:", 1)[1].removesuffix(":*")
    if group not in logs._log_groups:
        log.warning("event %s is lost: log group %s does not exist", event.get("id"), group)
        return
    if not _allowed(arn.removesuffix(":*"), rule):
        log.warning("event %s is lost: no resource policy lets %s write to %s", event.get("id"), PRINCIPAL, group)
        return
    stream = str(uuid.uuid4())
    logs._create_log_stream({"logGroupName": group, "logStreamName": stream})
    message = json.dumps(event, ensure_ascii=False)
    entry = {"timestamp": int(time.time() * 1000), "message": message}
    logs._put_log_events({"logGroupName": group, "logStreamName": stream, "logEvents": [entry]})


def _allowed(group_arn: str, rule: dict[str, Any]) -> bool:
    """Whether a resource policy of the account or of the group allows the write."""
    from ministack.core import iam_evaluator
    from ministack.core.responses import get_account_id, get_region
    from ministack.services import cloudwatch_logs as logs

    policies = [*logs._resource_policies.values(), *logs._log_group_policies.values()]
    # A log event is put into a stream of the group, so this is the resource that policies name (":*" or a pattern).
    context = iam_evaluator.EvalContext(
        "*", "Service", "", ACTION, f"{group_arn}:log-stream:any", get_region(),
        service_context={"aws:sourcearn": rule.get("Arn", ""), "aws:sourceaccount": get_account_id()},
    )  # fmt: skip
    return any(
        iam_evaluator.evaluate_resource_policy(policy["policyDocument"], context, service=PRINCIPAL).decision == "Allow"
        for policy in policies
    )
