"""Step Functions: the output of a Succeed state, and what our workflows rely on besides."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from typing import Any

from conftest import Cloud, eventually

OUTCOME = {"Type": "Succeed", "Output": {"outcome": "Superseded", "event": "{% $states.input.event_id %}"}}


def execute(cloud: Cloud, states: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    client = cloud.client("stepfunctions")
    definition = {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states}
    machine = client.create_state_machine(
        name=f"t{uuid.uuid4().hex[:12]}", definition=json.dumps(definition), roleArn="arn:aws:iam::000000000000:role/r"
    )["stateMachineArn"]
    execution = client.start_execution(stateMachineArn=machine, input=json.dumps(given))["executionArn"]

    def ended() -> dict[str, Any] | None:
        found: dict[str, Any] = client.describe_execution(executionArn=execution)
        return None if found["status"] == "RUNNING" else found

    found = eventually(ended, "the execution ends")
    assert found["status"] == "SUCCEEDED", found
    return dict(found)


def run(cloud: Cloud, states: dict[str, Any], given: dict[str, Any]) -> Any:
    return json.loads(execute(cloud, states, given)["output"])


def test_stock_ministack_still_ignores_the_output(stock: Cloud) -> None:
    assert run(stock, {"Done": OUTCOME}, {"event_id": "e1"}) == {"event_id": "e1"}


def test_a_succeed_state_gives_its_output(ours: Cloud) -> None:
    assert run(ours, {"Done": OUTCOME}, {"event_id": "e1"}) == {"outcome": "Superseded", "event": "e1"}


def test_a_succeed_state_within_a_map_gives_its_output(ours: Cloud) -> None:
    processor = {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "Done", "States": {"Done": OUTCOME}}
    states = {"Each": {"Type": "Map", "Items": "{% $states.input.events %}", "ItemProcessor": processor, "End": True}}
    assert run(ours, states, {"events": [{"event_id": "a"}]}) == [{"outcome": "Superseded", "event": "a"}]


def test_a_succeed_state_without_output_hands_its_input_on(ours: Cloud) -> None:
    assert run(ours, {"Done": {"Type": "Succeed"}}, {"event_id": "e1"}) == {"event_id": "e1"}


def entered(cloud: Cloud) -> Counter[tuple[str, str]]:
    """What the history says was entered in a run of a Map over two items and of a Parallel with two branches."""
    inner = {"StartAt": "Choose", "States": {
        "Choose": {"Type": "Choice", "Choices": [{"Condition": "{% true %}", "Next": "Inner"}]},
        "Inner": {"Type": "Pass", "Next": "Done"},
        "Done": {"Type": "Succeed"},
    }}  # fmt: skip
    branch = {"StartAt": "Branch", "States": {"Branch": {"Type": "Pass", "End": True}}}
    each = {"Type": "Map", "Items": "{% [1, 2] %}", "ItemProcessor": inner, "Next": "Both"}
    states = {"Each": each, "Both": {"Type": "Parallel", "Branches": [branch, branch], "End": True}}
    execution = execute(cloud, states, {})["executionArn"]
    events = cloud.client("stepfunctions").get_execution_history(executionArn=execution)["events"]
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    return Counter(
        (event["type"].removesuffix("StateEntered"), event["stateEnteredEventDetails"]["name"])
        for event in events
        if event["type"].endswith("StateEntered")
    )


OUTER = Counter({("Map", "Each"): 1, ("Parallel", "Both"): 1})


def test_stock_ministack_still_leaves_inner_states_out(stock: Cloud) -> None:
    assert entered(stock) == OUTER


def test_the_history_has_every_state_entered(ours: Cloud) -> None:
    inner = {("Choice", "Choose"): 2, ("Pass", "Inner"): 2, ("Succeed", "Done"): 2, ("Pass", "Branch"): 2}
    assert entered(ours) == OUTER + Counter(inner)
