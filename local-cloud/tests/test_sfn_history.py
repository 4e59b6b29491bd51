"""What an execution's history says of tasks that fail, are tried again and wait in between."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from conftest import Cloud
from test_sfn import execute

# A queue is looked for that is there; the retries wait for seven minutes in all.
TASK = {
    "Type": "Task",
    "Resource": "arn:aws:states:::aws-sdk:sqs:listQueues",
    "Arguments": {},
    "TimeoutSeconds": 30,
    "Retry": [{"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 3, "IntervalSeconds": 60}],
    "End": True,
}
EACH = {
    "Type": "Map",
    "Items": "{% [1, 2] %}",
    "ItemProcessor": {"StartAt": "Inner", "States": {"Inner": TASK}},
    "Next": "Last",
}


def history(cloud: Cloud, states: dict[str, Any]) -> list[dict[str, Any]]:
    execution = execute(cloud, states, {"id": "e-1"})["executionArn"]
    found: list[dict[str, Any]] = cloud.client("stepfunctions").get_execution_history(executionArn=execution)["events"]
    return found


@pytest.fixture
def hasty(ours: Cloud) -> Iterator[Cloud]:
    """Without pauses; afterwards as it was, without faults."""
    assert ours.control("pauses", "PUT", {"share": 0}) == (200, {"share": 0})
    yield ours
    assert ours.control("pauses", "DELETE") == (200, {"share": 1})
    ours.control("fault", "DELETE")


def of_state(events: list[dict[str, Any]], event: dict[str, Any]) -> str:
    """The state that an event belongs to: the way back to where it was entered."""
    while "stateEnteredEventDetails" not in event:
        event = events[event["previousEventId"] - 1]
    name: str = event["stateEnteredEventDetails"]["name"]
    return name


def test_stock_ministack_still_has_no_previous_event(stock: Cloud) -> None:
    assert not any("previousEventId" in event for event in history(stock, {"Last": TASK}))


def test_each_attempt_of_a_task_leads_back_to_its_state(hasty: Cloud) -> None:
    fault = {"state": "Inner", "moment": "before", "error": "Boom", "about": "e-1", "times": 2}
    hasty.control("fault", "PUT", {"faults": [fault, {**fault, "state": "Last", "moment": "after", "times": 3}]})
    events = history(hasty, {"Each": EACH, "Last": TASK})
    assert all(0 < event["previousEventId"] < event["id"] for event in events[1:])
    failed = [event for event in events if event["type"] == "TaskFailed"]
    causes = sorted((of_state(events, event), event["taskFailedEventDetails"]["cause"]) for event in failed)
    before, after = (f"a deliberate fault {moment} the call" for moment in ("before", "after"))
    assert causes == [("Inner", before)] * 2 + [("Last", after)] * 3
    succeeded = [of_state(events, event) for event in events if event["type"] == "TaskSucceeded"]
    assert sorted(succeeded) == ["Inner", "Inner", "Last"]
    # An attempt follows the failure of the one before.
    scheduled = [event for event in events if event["type"] == "TaskScheduled" and of_state(events, event) == "Last"]
    followed = [events[event["previousEventId"] - 1]["type"] for event in scheduled]
    assert followed == ["TaskStateEntered", "TaskFailed", "TaskFailed", "TaskFailed"]


def test_a_wait_passes_as_fast(hasty: Cloud) -> None:
    events = history(hasty, {"Wait": {"Type": "Wait", "Seconds": 86400, "Next": "Last"}, "Last": TASK})
    assert sum(event["type"] == "WaitStateExited" for event in events) == 1


@pytest.mark.parametrize("share", [-0.1, 1.1, "0", None, True])
def test_what_is_no_share_is_refused(ours: Cloud, share: Any) -> None:
    assert ours.control("pauses", "PUT", {"share": share})[0] == 400
    assert ours.control("pauses") == (200, {"share": 1})
