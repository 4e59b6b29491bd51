"""Deliberate failures of workflows' tasks: proof that each state may run twice and may fail.

A fault strikes the first attempts of one state, in one of two ways: `before` (the call is never made: a throttle or
a refused connection), `after` (the call is made and its answer lost: the state runs twice), each with the error that
the state then sees. Several may be set, each for the executions whose input has a text, so that executions that run
at once fail in ways of their own, and one of them in two places.
"""

from __future__ import annotations

import contextvars
import threading
from dataclasses import asdict, dataclass, fields
from typing import Any

MOMENTS = ("before", "after")
# More than a test has reason for: the list is gone through at each attempt of each task.
MAX_FAULTS = 200

# The state that makes a call, and the input of its execution.
_caller: contextvars.ContextVar[tuple[str, str]] = contextvars.ContextVar("caller", default=("", ""))


@dataclass
class Fault:
    """One fault, and how often it has struck. `about` is a text of the executions' input; empty means all of them."""

    state: str
    moment: str
    error: str
    times: int = 1
    about: str = ""
    hits: int = 0

    def strikes(self, state: str, given: str) -> bool:
        """Whether this attempt is one of those that it strikes; if so it is counted."""
        if state != self.state or self.hits >= self.times or self.about not in given:
            return False
        self.hits += 1
        return True


class Faults:
    """The faults that are set."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def clear(self) -> None:
        """No fault."""
        with self._lock:
            self._faults = []

    def set(self, wanted: dict[str, Any]) -> None:
        """One fault or a list of them under `faults`, in place of those of before; a ValueError says what is wrong."""
        listed = wanted.get("faults", [wanted])
        if "faults" in wanted and len(wanted) > 1:
            raise ValueError("beside faults there is nothing")
        if not isinstance(listed, list) or not 1 <= len(listed) <= MAX_FAULTS:
            raise ValueError(f"faults must be a list of 1 to {MAX_FAULTS}")
        faults = [_fault(one) for one in listed]
        with self._lock:
            self._faults = faults

    def report(self) -> dict[str, Any]:
        """What `GET /_flightpulse/fault` answers; `hits` 0 means that it has not struck yet."""
        with self._lock:
            return {"faults": [asdict(one) for one in self._faults], "hits": sum(one.hits for one in self._faults)}

    def strikes(self, state: str, given: str = "") -> tuple[str, str] | None:
        """The moment and the error of the first fault that strikes this attempt of this state, if one does."""
        with self._lock:
            struck = next((one for one in self._faults if one.strikes(state, given)), None)
        return (struck.moment, struck.error) if struck else None


def _fault(wanted: Any) -> Fault:
    """A fault as it was asked for; a ValueError says what it must be."""
    known = {field.name for field in fields(Fault)} - {"hits"}
    if not isinstance(wanted, dict) or wanted.keys() - known:
        raise ValueError(f"a fault has {', '.join(sorted(known))}")
    if not isinstance(wanted.get("state"), str) or not wanted["state"]:
        raise ValueError("state must be the name of a Task state")
    if wanted.get("moment") not in MOMENTS:
        raise ValueError(f"moment must be one of {', '.join(MOMENTS)}")
    if not isinstance(wanted.get("error"), str) or not wanted["error"]:
        raise ValueError("error must be the name of an error")
    times = wanted.get("times", 1)
    if not isinstance(times, int) or isinstance(times, bool) or times < 1:
        raise ValueError("times must be a whole number from 1 on")
    if not isinstance(wanted.get("about", ""), str):
        raise ValueError("about must be a text of the executions' input")
    return Fault(**wanted)


FAULTS = Faults()


def apply() -> None:
    """Puts the faults between MiniStack's Step Functions and what its tasks call."""
    from ministack.services import stepfunctions

    execute, invoke = stepfunctions._execute_task, stepfunctions._invoke_resource

    def execute_task(state_def: Any, raw_input: Any, execution: Any, ctx: Any) -> Any:
        token = _caller.set((ctx.get("State", {}).get("Name", ""), (execution or {}).get("input") or ""))
        try:
            return execute(state_def, raw_input, execution, ctx)
        finally:
            _caller.reset(token)

    def invoke_resource(resource: Any, data: Any) -> Any:
        struck = FAULTS.strikes(*_caller.get())
        if struck is None:
            return invoke(resource, data)
        moment, error = struck
        if moment == "after":
            invoke(resource, data)
        raise stepfunctions._ExecutionError(error, f"a deliberate fault {moment} the call")

    stepfunctions._execute_task = execute_task
    stepfunctions._invoke_resource = invoke_resource
