"""States inside a Map or a Parallel in an execution's history.

Upstream today (1.5.33): GetExecutionHistory has the events of top-level states only, of inner ones no more than their
tasks'. AWS records the entry into every state, and that is what a state transition, the unit of the bill, is counted
by. Here an inner state's `…StateEntered` is added, with its name; its input and its exit are not.
"""

from __future__ import annotations

import threading
from typing import Any


class Entered(dict[str, Any]):
    """The inner states by name. The runner looks a state up exactly when it enters it."""

    def __init__(self, states: dict[str, Any], execution: dict[str, Any]) -> None:
        super().__init__(states)
        self._execution = execution

    def get(self, name: str, default: Any = None) -> Any:
        """The state; its entry is written into the history."""
        from ministack.services import stepfunctions

        state = super().get(name, default)
        if state is not None:
            details = {"stateEnteredEventDetails": {"name": name}}
            stepfunctions._add_event(self._execution, f"{state.get('Type')}StateEntered", details)
        return state


def apply() -> None:
    """Wraps what runs the states of a Map's iteration and of a Parallel's branch."""
    from ministack.services import stepfunctions

    upstream = stepfunctions._run_sub_machine
    add_event = stepfunctions._add_event
    lock = threading.Lock()

    def add(execution: dict[str, Any], event_type: str, details: dict[str, Any] | None = None) -> Any:
        # An event's id is the length of the history, and iterations run in threads of their own.
        with lock:
            return add_event(execution, event_type, details)

    def run(states: dict[str, Any], start_at: str, input_data: Any, execution: Any, ctx: Any) -> Any:
        if isinstance(execution, dict) and "events" in execution:
            states = Entered(states, execution)
        return upstream(states, start_at, input_data, execution, ctx)

    stepfunctions._add_event = add
    stepfunctions._run_sub_machine = run
