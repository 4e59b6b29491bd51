"""Functions, workflows, events, logs and the queue's poller: each counted where all of its kind pass."""

from __future__ import annotations

import contextvars
import json
from collections.abc import Callable
from typing import Any

from .book import BOOK, steps

# What EventBridge and SQS bill one of.
CHUNK = 64 * 1024
# Beside an event's texts EventBridge counts its time, and CloudWatch Logs something for each entry of a log.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/API_PutLogEvents.html
TIME_BYTES, ENTRY_BYTES = 14, 26

# The log group that is written to just now.
_group: contextvars.ContextVar[str] = contextvars.ContextVar("group", default="")


def apply() -> None:
    """Stands around these places."""
    from ministack.services import cloudwatch_logs, eventbridge, lambda_svc, sqs, stepfunctions

    lambda_svc._execute_function_dispatch = _invoked(lambda_svc._execute_function_dispatch)
    lambda_svc._emit_lambda_logs = _of_function(lambda_svc._emit_lambda_logs)
    cloudwatch_logs._put_log_events = _of_request(cloudwatch_logs._put_log_events)
    cloudwatch_logs._append_log_events = _logged(cloudwatch_logs._append_log_events)
    stepfunctions._add_event = _entered(stepfunctions._add_event)
    stepfunctions._run_execution = _begun(stepfunctions._run_execution)
    eventbridge._put_events = _published(eventbridge._put_events)
    eventbridge._dispatch_event = _of_a_bucket(eventbridge._dispatch_event)
    eventbridge._dispatch_to_sqs = _to_a_queue(eventbridge._dispatch_to_sqs)
    sqs._receive_messages_for_esm = _polled(sqs._receive_messages_for_esm)


def _invoked(upstream: Callable[..., Any]) -> Callable[..., Any]:
    def execute(func: Any, config: Any, event: Any, request_id: str, started: float) -> Any:
        BOOK.add("lambda.requests", config.get("FunctionName", ""))
        return upstream(func, config, event, request_id, started)

    return execute


def _within(group: str, call: Callable[[], Any]) -> Any:
    token = _group.set(group)
    try:
        return call()
    finally:
        _group.reset(token)


def _of_function(upstream: Callable[..., Any]) -> Callable[..., Any]:
    def emit(func: Any, request_id: str, log_text: str, *rest: Any, **named: Any) -> Any:
        name = (func.get("config") or func).get("FunctionName", "")
        for line in (log_text or "").splitlines():
            _metrics(line)
        return _within(f"/aws/lambda/{name}", lambda: upstream(func, request_id, log_text, *rest, **named))

    return emit


def _metrics(line: str) -> None:
    """The metrics of a line in the embedded metric format: each of another name or dimension is billed by month."""
    if '"_aws"' not in line:
        return
    try:
        entry = json.loads(line)
        for directive in entry["_aws"]["CloudWatchMetrics"]:
            for dimensions in directive["Dimensions"]:
                of = "/".join(str(entry[name]) for name in dimensions)
                for metric in directive["Metrics"]:
                    BOOK.add("cloudwatch.points", f"{of}/{metric['Name']}")
    except (ValueError, KeyError, TypeError):
        BOOK.add("cloudwatch.points", "cannot be read")


def _of_request(upstream: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda data: _within(data.get("logGroupName", ""), lambda: upstream(data))


def _logged(upstream: Callable[..., Any]) -> Callable[..., Any]:
    def append(stream: Any, events: list[dict[str, Any]]) -> Any:
        size = sum(len(event["message"].encode()) + ENTRY_BYTES for event in events)
        BOOK.add("logs.bytes", _group.get(), size)
        return upstream(stream, events)

    return append


def _entered(upstream: Callable[..., Any]) -> Callable[..., Any]:
    def add(execution: dict[str, Any], event_type: str, details: Any = None) -> Any:
        machine = str(execution.get("stateMachineArn", "")).rpartition(":")[2]
        if event_type.endswith("StateEntered"):
            BOOK.add("states.transitions", machine)
            # What an entry is followed by in the log of a workflow depends on what it enters.
            BOOK.add("states.entered", event_type.removesuffix("StateEntered"))
        return upstream(execution, event_type, details)

    return add


def _begun(upstream: Callable[[str], Any]) -> Callable[[str], Any]:
    def run(arn: str) -> Any:
        # arn:aws:states:<region>:<account>:execution:<state machine>:<name>
        BOOK.add("states.executions", arn.split(":")[6])
        return upstream(arn)

    return run


def _published(upstream: Callable[..., Any]) -> Callable[..., Any]:
    def put(data: Any, allow_aws_source: bool = False) -> Any:
        # What AWS's own services publish of themselves costs nothing.
        if not allow_aws_source:
            BOOK.add("events.requests", "PutEvents")
            for entry in data.get("Entries", []):
                texts = (str(entry.get(name, "")) for name in ("Source", "DetailType", "Detail"))
                size = sum(len(text.encode()) for text in texts) + TIME_BYTES
                BOOK.add("events.published", str(entry.get("DetailType", "")), steps(size, CHUNK))
        return upstream(data, allow_aws_source)

    return put


def _of_a_bucket(upstream: Callable[..., Any]) -> Callable[..., Any]:
    def dispatch(event: Any, view: Any = None) -> Any:
        # A bucket tells of its objects because it was asked to: that is billed as an event of one's own.
        if event.get("Source") == "aws.s3":
            BOOK.add("events.published", str(event.get("DetailType", "")))
        return upstream(event, view)

    return dispatch


def _to_a_queue(upstream: Callable[..., Any]) -> Callable[..., Any]:
    def dispatch(spec: Any, payload: str, parameters: Any = None) -> Any:
        BOOK.add("sqs.requests", "SendMessage of a rule", steps(len(payload.encode()), CHUNK))
        return upstream(spec, payload, parameters)

    return dispatch


def _polled(upstream: Callable[..., Any]) -> Callable[..., Any]:
    def receive(queue_url: str, most: int) -> Any:
        found = upstream(queue_url, most)
        if found:
            size = sum(len(str(message.get("body", "")).encode()) for message in found)
            BOOK.add("sqs.requests", "ReceiveMessage of the mapping", steps(size, CHUNK))
            # Done with, they are deleted in one call.
            BOOK.add("sqs.requests", "DeleteMessageBatch of the mapping")
        return found

    return receive
