"""`Output` of a JSONata Succeed state.

Upstream today (1.5.33): a Succeed state hands its input on and ignores `Output`. AWS evaluates it (States Language,
"Succeed state": fields of a JSONata Succeed are Type, Output, Comment), and our workflows end with an outcome.
"""

from __future__ import annotations

from typing import Any


def apply() -> None:
    """Evaluates `Output` where upstream applies the JSONPath-only OutputPath of a Succeed state."""
    from ministack.services import stepfunctions

    upstream = stepfunctions._apply_output_path

    def output_of(state: dict[str, Any], value: Any, ctx: Any = None) -> Any:
        if (
            state.get("Type") == "Succeed"
            and "Output" in state
            and stepfunctions._state_query_language(state, ctx) == "JSONata"
        ):
            return stepfunctions._apply_jsonata_output(state, value, ctx)
        return upstream(state, value, ctx)

    stepfunctions._apply_output_path = output_of
