"""Every task of the delay workflow fails once, runs twice, and fails for good, on the deployed stack.

The states are read from the workflow's definition, so one that is added is tried too.
"""

from __future__ import annotations

import json
from collections import Counter

import pytest
from conftest import REPO, Cloud, new_id

DEFINITION = json.loads((REPO / "statemachines/delay-notification.asl.json").read_text())
# Reached only when something else fails, or when two executions meet: tried by tests of their own.
NOT_ON_THE_WAY = {"ReadClaim", "AbandonTelling", "DeadLetter", "ReleaseClaim"}
EXPECTED = 8


def tasks() -> dict[str, str]:
    """Every Task state and the service that it calls, Map's inner ones too."""
    found: dict[str, str] = {}

    def collect(states: dict) -> None:
        for name, state in states.items():
            if state["Type"] == "Task":
                found[name] = state["Resource"].split(":")[5]
            if state["Type"] == "Map":
                collect(state["ItemProcessor"]["States"])

    collect(DEFINITION["States"])
    return found


TASKS = tasks()
ON_THE_WAY = [name for name in TASKS if name not in NOT_ON_THE_WAY and name != "CompleteQuietly"]
TRANSIENT = {"lambda": "Unavailable", "dynamodb": "DynamoDB.ThrottlingException", "sqs": "SQS.SqsException"}


def test_no_task_is_forgotten() -> None:
    assert set(TASKS) >= NOT_ON_THE_WAY
    assert len(ON_THE_WAY) >= 7


@pytest.fixture
def fault(cloud: Cloud):  # noqa: ANN201
    yield lambda **wanted: cloud.control("PUT", "fault", wanted)
    cloud.control("DELETE", "fault")


def told_once(cloud: Cloud, event_id: str) -> None:
    counts = Counter(one["notification_id"] for one in cloud.notifications(event_id))
    assert (len(counts), set(counts.values())) == (EXPECTED, {1}), counts


def claim_of(cloud: Cloud, event_id: str) -> str | None:
    item = cloud.client("dynamodb").get_item(
        TableName="FlightPulseTable", Key={"PK": {"S": f"EVENT#{event_id}"}, "SK": {"S": "CLAIM#SW5678"}}
    )
    return item["Item"]["state"]["S"] if "Item" in item else None


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("state", ON_THE_WAY)
def test_a_task_that_fails_once_or_runs_twice_ends_the_same(cloud: Cloud, fault, state: str, moment: str) -> None:  # noqa: ANN001
    fault(state=state, moment=moment, error=TRANSIENT[TASKS[state]])
    event_id = new_id()
    cloud.put_delay(event_id, 90)
    execution = cloud.execution_of(event_id)
    assert cloud.control("GET", "fault")["hits"] == 1
    assert execution["status"] == "SUCCEEDED", execution
    told_once(cloud, event_id)
    assert claim_of(cloud, event_id) == "DONE"
    assert cloud.drain_dead_letters() == []


@pytest.mark.parametrize("state", [s for s in ON_THE_WAY if s != "ComposeText"])
def test_a_task_that_fails_for_good_loses_nothing(cloud: Cloud, fault, state: str) -> None:  # noqa: ANN001
    event_id = new_id()
    fault(state=state, moment="before", error="Defect", times=100)
    cloud.put_delay(event_id, 90)
    assert cloud.execution_of(event_id)["status"] == "FAILED"
    letters = cloud.drain_dead_letters()
    assert [(one["kind"], one["event_id"]) for one in letters] == [("workflow", event_id)]
    assert claim_of(cloud, event_id) in (None, "RELEASED")

    # What the dead letter holds, put on the bus again, is told: each passenger once over both.
    cloud.control("DELETE", "fault")
    again = cloud.client("stepfunctions").start_execution(
        stateMachineArn=cloud.outputs["DelayStateMachineArn"], input=json.dumps(letters[0]["event"])
    )["executionArn"]
    assert cloud.ended(again)["status"] == "SUCCEEDED"
    told_once(cloud, event_id)


def test_a_cohort_whose_text_fails_for_good_gets_the_template(cloud: Cloud, fault) -> None:  # noqa: ANN001
    event_id = new_id()
    fault(state="ComposeText", moment="before", error="Defect", times=1)
    cloud.put_delay(event_id, 90)
    assert cloud.execution_of(event_id)["status"] == "SUCCEEDED"
    told_once(cloud, event_id)
    authors = Counter(one["author"] for one in cloud.notifications(event_id))
    assert authors["TEMPLATE"] >= 1 and authors["MODEL"] >= 1


def test_after_a_failure_whatever_comes_next_is_told(cloud: Cloud, fault) -> None:  # noqa: ANN001
    failed, back = new_id(), new_id()
    fault(state="RecordTold", moment="before", error="Defect", times=100)
    cloud.put_delay(failed, 90, occurred_at="2026-11-01T00:00:00Z")
    assert cloud.execution_of(failed)["status"] == "FAILED"
    told_once(cloud, failed)
    cloud.control("DELETE", "fault")
    # They have read of 90 minutes; that it is none after all must reach them.
    cloud.put_delay(back, 0, occurred_at="2026-11-01T00:05:00Z")
    assert cloud.execution_of(back)["status"] == "SUCCEEDED"
    told_once(cloud, back)
