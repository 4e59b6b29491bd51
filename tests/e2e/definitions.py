"""The workflows as they are defined, and what an execution's history says that it did."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

from conftest import REPO, WORKFLOWS, Cloud, wait_for

MACHINES = {**WORKFLOWS, "reconciliation": "ReconciliationStateMachineArn"}
# What a service says when it can do nothing just now.
TRANSIENT = {"lambda": "Unavailable", "dynamodb": "DynamoDB.ThrottlingException", "sqs": "SQS.SqsException"}
# How a task fails, and how often: once, or each time that it is tried.
ONCE, RUN_TWICE = "fails once", "runs twice"
FOR_GOOD, NEVER_HEARD = "fails for good", "is never heard of"
MOMENTS = {ONCE: "before", RUN_TWICE: "after", FOR_GOOD: "before", NEVER_HEARD: "after"}
DELIBERATE = "a deliberate fault "


@cache
def states(workflow: str) -> dict[str, dict[str, Any]]:
    """Every state by its name, Map's inner ones too."""
    found: dict[str, dict[str, Any]] = {}

    def collect(some: dict[str, dict[str, Any]]) -> None:
        for name, state in some.items():
            found[name] = state
            if state["Type"] == "Map":
                collect(state["ItemProcessor"]["States"])

    collect(json.loads((REPO / f"statemachines/{workflow}.asl.json").read_text())["States"])
    return found


def tasks(workflow: str) -> list[str]:
    """Every Task state, Map's inner ones too."""
    return [name for name, state in states(workflow).items() if state["Type"] == "Task"]


def transient(workflow: str, state: str) -> str:
    """The error of a service that can do nothing just now, as a task that calls it sees it."""
    return TRANSIENT[states(workflow)[state]["Resource"].split(":")[5]]


def attempts(workflow: str, state: str, error: str) -> int:
    """How often a task is tried that always fails like this: the first rule for the error decides."""
    for rule in states(workflow)[state]["Retry"]:
        if error in rule["ErrorEquals"] or "States.TaskFailed" in rule["ErrorEquals"]:
            return 1 + rule["MaxAttempts"]
    return 1


@dataclass(frozen=True)
class History:
    """What happened in an execution, and in those of its distributed Map; each task by its state."""

    entered: Counter[str]
    # Errors of attempts that faults made fail, and those of all other attempts that failed.
    deliberate: dict[str, Counter[str]]
    failed: dict[str, Counter[str]]


def history(cloud: Cloud, arn: str) -> History:
    """Reads it. Events of tasks do not name their state: the way back leads to where it was entered."""
    sfn, told = cloud.client("stepfunctions"), History(Counter(), {}, {})
    children = [
        child["executionArn"]
        for run in sfn.list_map_runs(executionArn=arn)["mapRuns"]
        for child in sfn.list_executions(mapRunArn=run["mapRunArn"])["executions"]
    ]
    for execution in [arn, *children]:
        events = _events(sfn, execution)
        for event in events:
            if "stateEnteredEventDetails" in event:
                told.entered[event["stateEnteredEventDetails"]["name"]] += 1
            if event["type"] == "TaskFailed":
                details = event["taskFailedEventDetails"]
                errors = told.deliberate if details["cause"].startswith(DELIBERATE) else told.failed
                errors.setdefault(_state_of(events, event), Counter())[details["error"]] += 1
    return told


def _events(sfn: Any, arn: str) -> list[dict[str, Any]]:
    pages = sfn.get_paginator("get_execution_history").paginate(executionArn=arn, maxResults=1000)
    return [event for page in pages for event in page["events"]]


def _state_of(events: list[dict[str, Any]], event: dict[str, Any]) -> str:
    while "stateEnteredEventDetails" not in event:
        assert 0 < event["previousEventId"] < event["id"], event
        event = events[event["previousEventId"] - 1]
    return event["stateEnteredEventDetails"]["name"]


def no_execution_is_stuck(cloud: Cloud) -> None:
    """Waits until no workflow of any kind runs."""
    sfn = cloud.client("stepfunctions")

    def idle() -> bool:
        running = (
            sfn.list_executions(stateMachineArn=cloud.outputs[output], statusFilter="RUNNING")["executions"]
            for output in MACHINES.values()
        )
        return not any(running)

    wait_for("the end of every execution", idle)
