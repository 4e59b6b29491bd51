"""Deliberate failures of a workflow's tasks: proof that each state may run twice and may fail.

A fault strikes the first attempts of one state, in one of two ways: `before` (the call is never made: a throttle or
a refused connection), `after` (the call is made and its answer lost: the state runs twice), each with the error that
the state then sees.
"""

from __future__ import annotations

import contextvars
import threading
from typing import Any

MOMENTS = ("before", "after")

_state_name: contextvars.ContextVar[str] = contextvars.ContextVar("state_name", default="")


class Fault:
    """The one fault that is set, and how often it has struck."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """No fault."""
        with self._lock:
            self._state, self._moment, self._error, self._times, self._hits = "", "before", "", 0, 0

    def set(self, state: Any = None, moment: Any = None, error: Any = None, times: Any = 1) -> None:
        """Chooses the fault; a ValueError says what it must be."""
        if not isinstance(state, str) or not state:
            raise ValueError("state must be the name of a Task state")
        if moment not in MOMENTS:
            raise ValueError(f"moment must be one of {', '.join(MOMENTS)}")
        if not isinstance(error, str) or not error:
            raise ValueError("error must be the name of an error")
        if not isinstance(times, int) or isinstance(times, bool) or times < 1:
            raise ValueError("times must be a whole number from 1 on")
        with self._lock:
            self._state, self._moment, self._error, self._times, self._hits = state, moment, error, times, 0

    def report(self) -> dict[str, Any]:
        """What `GET /_flightpulse/fault` answers; `hits` 0 means that it has not struck yet."""
        with self._lock:
            return {
                "state": self._state, "moment": self._moment, "error": self._error, "times": self._times,
                "hits": self._hits,
            }  # fmt: skip

    def strikes(self, state: str) -> tuple[str, str] | None:
        """The moment and the error, when the fault strikes this attempt of this state."""
        with self._lock:
            if state != self._state or self._hits >= self._times:
                return None
            self._hits += 1
            return self._moment, self._error


FAULT = Fault()


def apply() -> None:
    """Puts the fault between MiniStack's Step Functions and what its tasks call."""
    from ministack.services import stepfunctions

    execute, invoke = stepfunctions._execute_task, stepfunctions._invoke_resource

    def execute_task(state_def: Any, raw_input: Any, execution: Any, ctx: Any) -> Any:
        token = _state_name.set(ctx.get("State", {}).get("Name", ""))
        try:
            return execute(state_def, raw_input, execution, ctx)
        finally:
            _state_name.reset(token)

    def invoke_resource(resource: Any, data: Any) -> Any:
        struck = FAULT.strikes(_state_name.get())
        if struck is None:
            return invoke(resource, data)
        moment, error = struck
        if moment == "after":
            invoke(resource, data)
        raise stepfunctions._ExecutionError(error, f"a deliberate fault {moment} the call")

    stepfunctions._execute_task = execute_task
    stepfunctions._invoke_resource = invoke_resource
