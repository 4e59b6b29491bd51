"""Every task of every workflow fails once, runs twice, and fails for good, on the deployed stack.

The states are read from the workflows' definitions, so one that is added is tried too.
"""

from __future__ import annotations

import json
from collections import Counter

import pytest
from conftest import REPO, WORKFLOWS, Cloud, new_id

# Reached only when something else fails, or when two executions meet: tried by tests of their own.
NOT_ON_THE_WAY = {"ReadClaim", "AbandonTelling", "DeadLetter", "ReleaseClaim", "CompleteQuietly"}
# What starts each workflow, about which flight (another for each, so that they can run at once), and how many
# notifications that is.
STARTED_BY = {
    "delay-notification": ("flight.delay.major", "SW5678", {"delay_minutes": 90}, 8),
    "cancellation": ("flight.cancelled", "SW9012", {"reason": "WEATHER"}, 8),
    "gate-change": ("flight.gate_change", "SW3456", {"new_gate": "D15", "terminal_change": True}, 9),
}


def tasks(workflow: str) -> dict[str, str]:
    """Every Task state and the service that it calls, Map's inner ones too."""
    found: dict[str, str] = {}

    def collect(states: dict) -> None:
        for name, state in states.items():
            if state["Type"] == "Task":
                found[name] = state["Resource"].split(":")[5]
            if state["Type"] == "Map":
                collect(state["ItemProcessor"]["States"])

    collect(json.loads((REPO / f"statemachines/{workflow}.asl.json").read_text())["States"])
    return found


TASKS = {workflow: tasks(workflow) for workflow in WORKFLOWS}
ON_THE_WAY = [(workflow, name) for workflow in WORKFLOWS for name in TASKS[workflow] if name not in NOT_ON_THE_WAY]
# The workflows that have each state.
FOR_GOOD = {
    name: [workflow for workflow, other in ON_THE_WAY if other == name]
    for name in sorted({name for _, name in ON_THE_WAY if name != "ComposeText"})
}
TRANSIENT = {"lambda": "Unavailable", "dynamodb": "DynamoDB.ThrottlingException", "sqs": "SQS.SqsException"}


def test_no_task_is_forgotten() -> None:
    # That of reconciliations is tried in test_reconciliation.py.
    others = {path.name.removesuffix(".asl.json") for path in (REPO / "statemachines").iterdir()} - {"reconciliation"}
    assert set(STARTED_BY) == others
    assert all(set(TASKS[workflow]) >= NOT_ON_THE_WAY for workflow in WORKFLOWS)
    assert len(ON_THE_WAY) >= 22


def start(cloud: Cloud, workflow: str, event_id: str) -> None:
    detail_type, flight_id, detail, _ = STARTED_BY[workflow]
    cloud.put(detail_type, event_id, flight_id, **detail)


@pytest.fixture
def fault(cloud: Cloud):  # noqa: ANN201
    yield lambda **wanted: cloud.control("PUT", "fault", wanted)
    cloud.control("DELETE", "fault")


def told_once(cloud: Cloud, workflow: str, event_id: str) -> None:
    counts = Counter(one["notification_id"] for one in cloud.notifications(event_id))
    assert (len(counts), set(counts.values())) == (STARTED_BY[workflow][3], {1}), counts
    if workflow == "cancellation":
        statuses = Counter(cloud.bookings(STARTED_BY[workflow][1]).values())
        assert statuses == {"NEEDS_REBOOKING": 7, "CANCELLED": 1}
        # A repeat may travel, always under the same id.
        assert len({one["rebooking_id"] for one in cloud.rebookings(event_id)}) == 7


def claim_of(cloud: Cloud, workflow: str, event_id: str) -> str | None:
    item = cloud.item(f"EVENT#{event_id}", f"CLAIM#{STARTED_BY[workflow][1]}")
    return item["state"] if item else None


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(("workflow", "state"), ON_THE_WAY)
def test_a_task_that_fails_once_or_runs_twice_ends_the_same(
    cloud: Cloud,
    fault,  # noqa: ANN001
    workflow: str,
    state: str,
    moment: str,
) -> None:
    fault(state=state, moment=moment, error=TRANSIENT[TASKS[workflow][state]])
    event_id = new_id()
    start(cloud, workflow, event_id)
    execution = cloud.execution_of(event_id)
    assert cloud.control("GET", "fault")["hits"] == 1
    assert execution["status"] == "SUCCEEDED", execution
    told_once(cloud, workflow, event_id)
    assert claim_of(cloud, workflow, event_id) == "DONE"
    assert cloud.drain_dead_letters() == []


@pytest.mark.parametrize("state", FOR_GOOD)
def test_a_task_that_fails_for_good_loses_nothing(cloud: Cloud, fault, state: str) -> None:  # noqa: ANN001
    # In every workflow that has it at once: some retry for half a minute.
    events = {workflow: new_id() for workflow in FOR_GOOD[state]}
    fault(state=state, moment="before", error="Defect", times=1000)
    for workflow, event_id in events.items():
        start(cloud, workflow, event_id)
    for event_id in events.values():
        assert cloud.execution_of(event_id)["status"] == "FAILED"
    letters = cloud.drain_dead_letters()
    told = sorted((one["kind"], one["event_id"]) for one in letters)
    assert told == [("workflow", event_id) for event_id in sorted(events.values())]
    for workflow, event_id in events.items():
        assert claim_of(cloud, workflow, event_id) in (None, "RELEASED")

    # What the dead letters hold, put on the bus again, is told: each passenger once over both.
    cloud.control("DELETE", "fault")
    event_of = {one["event_id"]: one["event"] for one in letters}
    again = [
        cloud.client("stepfunctions").start_execution(
            stateMachineArn=cloud.outputs[WORKFLOWS[workflow]], input=json.dumps(event_of[event_id])
        )["executionArn"]
        for workflow, event_id in events.items()
    ]
    for arn in again:
        assert cloud.ended(arn)["status"] == "SUCCEEDED"
    for workflow, event_id in events.items():
        told_once(cloud, workflow, event_id)


def test_a_cohort_whose_text_fails_for_good_gets_the_template(cloud: Cloud, fault) -> None:  # noqa: ANN001
    event_id = new_id()
    fault(state="ComposeText", moment="before", error="Defect", times=1)
    cloud.put_delay(event_id, 90)
    assert cloud.execution_of(event_id)["status"] == "SUCCEEDED"
    told_once(cloud, "delay-notification", event_id)
    authors = Counter(one["author"] for one in cloud.notifications(event_id))
    assert authors["TEMPLATE"] >= 1 and authors["MODEL"] >= 1


def test_after_a_failure_whatever_comes_next_is_told(cloud: Cloud, fault) -> None:  # noqa: ANN001
    failed, back = new_id(), new_id()
    fault(state="RecordTold", moment="before", error="Defect", times=100)
    cloud.put_delay(failed, 90, occurred_at="2026-11-01T00:00:00Z")
    assert cloud.execution_of(failed)["status"] == "FAILED"
    told_once(cloud, "delay-notification", failed)
    cloud.control("DELETE", "fault")
    # They have read of 90 minutes; that it is none after all must reach them.
    cloud.put_delay(back, 0, occurred_at="2026-11-01T00:05:00Z")
    assert cloud.execution_of(back)["status"] == "SUCCEEDED"
    told_once(cloud, "delay-notification", back)
