"""Run-time patches, one module per gap of MiniStack that FlightPulse meets. The installed package is never edited.

Each module says what upstream does today and has `apply()`; `tests/` asserts both that stock MiniStack still has the
gap (the test fails once upstream has caught up: then delete the overlay) and that the overlay closes it.
"""

from __future__ import annotations

from collections.abc import Iterable

from . import (
    apigateway_iam,
    apigateway_settings,
    bedrock_converse,
    cfn_alarm_math,
    cfn_pseudo_parameters,
    cfn_secrets,
    cfn_types,
    dynamodb_stream_mapping,
    rule_to_logs,
    sfn_distributed_map,
    sfn_evaluation_time,
    sfn_map_history,
    sfn_previous_event,
    sfn_succeed_output,
    sfn_turns,
    sqs_mapping,
    warm_invoke,
)

OVERLAYS = {
    "warm-invoke": warm_invoke.apply,
    "rule-to-logs": rule_to_logs.apply,
    "cfn-types": cfn_types.apply,
    "cfn-pseudo-parameters": cfn_pseudo_parameters.apply,
    "cfn-alarm-math": cfn_alarm_math.apply,
    "cfn-secrets": cfn_secrets.apply,
    "apigateway-iam": apigateway_iam.apply,
    "apigateway-settings": apigateway_settings.apply,
    "bedrock-converse": bedrock_converse.apply,
    "dynamodb-stream-mapping": dynamodb_stream_mapping.apply,
    "sqs-mapping": sqs_mapping.apply,
    "sfn-succeed-output": sfn_succeed_output.apply,
    "sfn-map-history": sfn_map_history.apply,
    "sfn-previous-event": sfn_previous_event.apply,
    "sfn-distributed-map": sfn_distributed_map.apply,
    "sfn-evaluation-time": sfn_evaluation_time.apply,
    "sfn-turns": sfn_turns.apply,
}


def apply_all(without: Iterable[str] = ()) -> list[str]:
    """Applies every overlay but those named in `without`; returns the names of those applied."""
    left_out = set(without)
    unknown = left_out - OVERLAYS.keys()
    if unknown:
        raise ValueError(f"no such overlay: {', '.join(sorted(unknown))}; there are {', '.join(OVERLAYS)}")
    applied = [name for name in OVERLAYS if name not in left_out]
    for name in applied:
        OVERLAYS[name]()
    return applied
