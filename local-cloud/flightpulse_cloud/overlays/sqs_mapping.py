"""What a function answers to a batch from SQS, as AWS reads it.

Upstream today (1.5.33): batches of ten, `MaximumConcurrency`, a function error and a partial answer
(`ReportBatchItemFailures`) that names messages of the batch are played. An answer that names a message wrongly is taken
for success, and what failed is deleted; a list that is null leaves the batch to come again. AWS takes the former for a
failure of the whole batch, and the latter for success:
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html

Not played: that a batch ends at 6 MB (ten messages of up to 1 MiB go in one), the batching window, batches of more than
ten, and that AWS lowers the concurrency while the function fails. A mapping pauses for a second after a function error.
"""

from __future__ import annotations

import contextvars
import json
from typing import Any

PARTIAL = "ReportBatchItemFailures"

# The ids of the messages that the function is invoked with; None outside such a batch.
_batch: contextvars.ContextVar[list[str] | None] = contextvars.ContextVar("batch", default=None)


def apply() -> None:
    """Puts the answer into words that upstream reads as AWS does, on its way from the function to the mapping."""
    from ministack.services import lambda_svc

    run, execute = lambda_svc._run_sqs_batch, lambda_svc._execute_function

    def run_batch(esm: dict[str, Any], func_rec: Any, event: Any, batch: list[dict[str, Any]], *rest: Any) -> None:
        partial = PARTIAL in (esm.get("FunctionResponseTypes") or [])
        token = _batch.set([message["id"] for message in batch] if partial else None)
        try:
            run(esm, func_rec, event, batch, *rest)
        finally:
            _batch.reset(token)

    def execute_function(func: Any, event: Any) -> dict[str, Any]:
        result = execute(func, event)
        ids = _batch.get()
        if ids is None or result.get("error"):
            return result
        return {**result, "body": {"batchItemFailures": [{"itemIdentifier": one} for one in failed(ids, result)]}}

    lambda_svc._run_sqs_batch = run_batch
    lambda_svc._execute_function = execute_function


def failed(ids: list[str], result: dict[str, Any]) -> list[str]:
    """Which messages come again: those that the answer names; all of them when it names one that is none of them.

    Nothing, and a list that is empty, null or left out, say that all is done. An answer of another shape is taken for
    the opposite; AWS says so of one that is not JSON.
    """
    answer = result.get("body")
    if isinstance(answer, str | bytes):
        try:
            answer = json.loads(answer or "null")
        except ValueError:
            return ids
    if answer is None:
        return []
    if not isinstance(answer, dict):
        return ids
    failures = answer.get("batchItemFailures") or []
    if not isinstance(failures, list):
        return ids
    named = [one.get("itemIdentifier") if isinstance(one, dict) else None for one in failures]
    return named if all(one in ids for one in named) else ids
