"""A Distributed Map in a JSONata workflow, as the reconciliation has one."""

from __future__ import annotations

import json
from typing import Any

from conftest import Cloud
from test_sfn import execute

# A variable of the workflow, which the iterations get by the selector or not at all.
GIVEN = {"Type": "Pass", "Assign": {"factor": 10, "items": "{% $states.input.items %}"}, "Next": "Each"}
SELECTED = {"nth": "{% $states.context.Map.Item.Index %}", "item": "{% $states.context.Map.Item.Value %}"}


def distributed(inner: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A Map over `$items`, whose iterations are one state each."""
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Inner",
        "States": {"Inner": inner},
    }
    return {"Type": "Map", "Items": "{% $items %}", "Label": "Parts", "ItemProcessor": processor, **more}


def over(cloud: Cloud, items: list[Any]) -> dict[str, Any]:
    """An execution whose iterations give what they were given."""
    states = {"Given": GIVEN, "Each": distributed({"Type": "Pass", "End": True}, ItemSelector=SELECTED, End=True)}
    return execute(cloud, states, {"items": items})


def test_stock_ministack_still_runs_it_as_jsonpath(stock: Cloud) -> None:
    # One iteration, over what came in, with the expressions as they are written.
    assert json.loads(over(stock, [{"a": 1}, {"a": 2}])["output"]) == [SELECTED]


def test_an_iteration_knows_what_it_was_given_and_its_execution_is_its_own(ours: Cloud) -> None:
    execution = over(ours, [{"a": 1}, {"a": 2}])
    assert json.loads(execution["output"]) == [{"nth": 0, "item": {"a": 1}}, {"nth": 1, "item": {"a": 2}}]
    client = ours.client("stepfunctions")
    (run,) = client.list_map_runs(executionArn=execution["executionArn"])["mapRuns"]
    assert client.describe_map_run(mapRunArn=run["mapRunArn"])["executionCounts"]["succeeded"] == 2
    children = client.list_executions(mapRunArn=run["mapRunArn"])["executions"]
    assert all("/Parts:" in child["executionArn"] for child in children)


def test_nothing_to_run_over_is_no_failure(ours: Cloud) -> None:
    assert json.loads(over(ours, [])["output"]) == []


def test_what_jsonata_says_of_it_is_evaluated(ours: Cloud) -> None:
    each = distributed(
        {"Type": "Pass", "Output": "{% $states.input.item * $states.input.factor %}", "End": True},
        ItemSelector={**SELECTED, "factor": "{% $factor %}"},
        MaxConcurrency="{% 1 + 1 %}",
        Output={"last": "{% $states.result[-1] %}"},
        Assign={"all": "{% $states.result %}"},
        Next="Done",
    )
    done = {"Type": "Pass", "Output": {"all": "{% $all %}", "last": "{% $states.input.last %}"}, "End": True}
    execution = execute(ours, {"Given": GIVEN, "Each": each, "Done": done}, {"items": [1, 2, 3]})
    assert json.loads(execution["output"]) == {"all": [10, 20, 30], "last": 30}


def test_without_a_selector_an_iteration_gets_the_item_and_without_items_the_input_is_what_it_runs_over(
    ours: Cloud,
) -> None:
    each = distributed({"Type": "Pass", "End": True}, End=True)
    del each["Items"]
    states = {"Given": {**GIVEN, "Output": "{% $states.input.items %}"}, "Each": each}
    assert json.loads(execute(ours, states, {"items": ["a", "b"]})["output"]) == ["a", "b"]


def failed(cloud: Cloud, inner: dict[str, Any]) -> tuple[str, int]:
    """What the Map's Catch assigns when its iterations fail, and how often the task of the only one was tried."""
    failure = "{% $states.errorOutput.Error %}"
    catch = [{"ErrorEquals": ["States.ALL"], "Assign": {"failure": failure}, "Next": "Done"}]
    each = distributed(inner, ItemSelector=SELECTED, Catch=catch, Next="Done")
    done = {"Type": "Pass", "Output": "{% $failure %}", "End": True}
    execution = execute(cloud, {"Given": GIVEN, "Each": each, "Done": done}, {"items": [1]})
    client = cloud.client("stepfunctions")
    (run,) = client.list_map_runs(executionArn=execution["executionArn"])["mapRuns"]
    (child,) = client.list_executions(mapRunArn=run["mapRunArn"])["executions"]
    history = client.get_execution_history(executionArn=child["executionArn"])["events"]
    return json.loads(execution["output"]), sum(event["type"] == "TaskFailed" for event in history)


def test_a_task_is_tried_again_within_and_its_failure_is_caught_by_the_map(ours: Cloud) -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": "nobody", "Payload": "{% $states.input %}"},
        "TimeoutSeconds": 30,
        "Retry": [{"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 1, "IntervalSeconds": 1}],
        "End": True,
    }
    assert failed(ours, task) == ("States.ExceedToleratedFailureThreshold", 2)


def test_an_iteration_sees_no_variable_of_the_workflow(ours: Cloud) -> None:
    inner = {"Type": "Pass", "Output": "{% $factor %}", "End": True}
    assert failed(ours, inner) == ("States.ExceedToleratedFailureThreshold", 0)
