"""`previousEventId` in an execution's history.

Upstream today (1.5.33): an event has no `previousEventId`, and those of a task do not name their state either, on AWS
no more than here. So nobody can tell which of two states that ran at once, in the iterations of a Map, has failed. On
AWS each event names the one that it follows; from a task's failure the way back leads to the entry into its state:
https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html

The first event of all, an execution's start, has none, where AWS says 0. That of an iteration or a branch follows the
entry into its Map or Parallel, and so does that state's exit: AWS has events between them that tell of the iterations.
"""

from __future__ import annotations

import contextvars
from typing import Any

# The execution, and the last event of this line of it. Iterations and branches run in copies of their Map's context.
_last: contextvars.ContextVar[tuple[str, int]] = contextvars.ContextVar("last_event", default=("", 0))


def apply() -> None:
    """Has each event name the last one of its own line, and whoever adds one from elsewhere the last of all."""
    from ministack.services import stepfunctions

    upstream = stepfunctions._add_event

    def add(execution: dict[str, Any], event_type: str, details: dict[str, Any] | None = None) -> Any:
        owner, last = _last.get()
        arn = execution.get("executionArn", "")
        previous = last if owner == arn else len(execution["events"])
        event = upstream(execution, event_type, {"previousEventId": previous, **(details or {})})
        _last.set((arn, event["id"]))
        return event

    stepfunctions._add_event = add
