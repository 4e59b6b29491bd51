"""A Distributed Map in a JSONata workflow.

Upstream today (1.5.33): a Distributed Map is run as JSONPath has it, in whatever language the workflow is. `Items` and
`Output` are ignored, expressions in `ItemSelector` reach the iterations unevaluated, and `Assign` assigns nothing. AWS
evaluates them as for an inline Map, and an iteration sees none of the workflow's variables, since it is an execution of
its own: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html

Not played: on AWS the first iteration that fails ends those that run; here they end by themselves before the Map fails.
"""

from __future__ import annotations

from typing import Any

# What JSONata has to say of a Map, beside its iterations.
_EVALUATED = ("Items", "ItemSelector", "Output", "Assign")
_NUMBERS = ("MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage")


def apply() -> None:
    """Evaluates these fields around upstream's run, which then has nothing to do but to iterate."""
    from ministack.services import stepfunctions

    upstream = stepfunctions._run_distributed_map

    def run(state: dict[str, Any], given: Any, effective: Any, iterator: Any, execution: Any, ctx: Any) -> Any:
        if stepfunctions._state_query_language(state, ctx) != "JSONata" or "ItemReader" in state:
            return upstream(state, given, effective, iterator, execution, ctx)

        def number(field: str) -> Any:
            return stepfunctions._jsonata_state_field(state, field, "number", given, ctx)

        plain = {name: value for name, value in state.items() if name not in _EVALUATED}
        plain.update({field: number(field) for field in _NUMBERS if field in state})
        items = stepfunctions._jsonata_state_field(state, "Items", "array", given, ctx) if "Items" in state else given
        selected = [_selected(state, item, nth, given, ctx) for nth, item in enumerate(items)]
        results, following = upstream(plain, given, selected, iterator, execution, {**ctx, "variables": {}})
        output = stepfunctions._apply_jsonata_output(state, given, ctx, result=results, default=results)
        stepfunctions._apply_state_assign(state, given, ctx, result=results)
        return output, following

    def _selected(state: dict[str, Any], item: Any, nth: int, given: Any, ctx: dict[str, Any]) -> Any:
        if "ItemSelector" not in state:
            return item
        of_item = {**ctx, "Map": {"Item": {"Index": nth, "Value": item}}}
        return stepfunctions._apply_jsonata_template(state["ItemSelector"], given, of_item)

    stepfunctions._run_distributed_map = run
