"""Every task of every workflow fails once, runs twice, fails for good and is never heard of, on the deployed stack.

The states are read from the workflows' definitions, so one that is added is tried too. That a task failed as it was to
is read in the execution's history; the end is that of the same run without a fault.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from conftest import PAUSES, REPO, Cloud, new_id
from definitions import MACHINES, no_execution_is_stuck, states, tasks
from runs import Telling, delivered
from scenes import SCENES
from stage import AFTER_A_FAILURE, Stage

TASKS = sorted({name for workflow in MACHINES for name in tasks(workflow)})


@pytest.fixture(scope="module")
def module_stage(deployed: Cloud) -> Iterator[Stage]:
    deployed.seed()
    stage = Stage(deployed)
    yield stage
    stage.flights.remove()


@pytest.fixture
def stage(module_stage: Stage) -> Iterator[Stage]:
    """Without faults and letters of others; pauses pass fast."""
    cloud = module_stage.cloud
    cloud.control("DELETE", "bedrock")
    cloud.control("PUT", "mutant", {"kind": "none"})
    cloud.control("DELETE", "fault")
    cloud.control("PUT", "pauses", {"share": PAUSES})
    no_execution_is_stuck(cloud)
    module_stage.letters()
    module_stage.rebookings()
    yield module_stage
    cloud.control("DELETE", "fault")
    cloud.control("DELETE", "pauses")


def test_no_workflow_is_forgotten() -> None:
    assert set(MACHINES) == {path.name.removesuffix(".asl.json") for path in (REPO / "statemachines").iterdir()}
    assert all(state in tasks(workflow) for workflow, state in AFTER_A_FAILURE)
    assert len(TASKS) >= 16


@pytest.mark.parametrize("state", TASKS)
def test_a_task_that_fails_in_any_way_loses_nothing_and_delivers_once(stage: Stage, state: str) -> None:
    stage.once(state, lambda: stage.fail(state))


@pytest.mark.parametrize("scene", SCENES)
def test_executions_that_meet_or_are_held_lose_nothing_and_deliver_once(stage: Stage, scene: str) -> None:
    stage.once(scene, lambda: SCENES[scene](stage))


def test_every_state_of_every_workflow_is_entered(stage: Stage) -> None:
    # What the tests above have played is not played again.
    for state in TASKS:
        stage.once(state, lambda state=state: stage.fail(state))
    for scene, play in SCENES.items():
        stage.once(scene, lambda play=play: play(stage))
    missing = {workflow: set(states(workflow)) - set(stage.entered[workflow]) for workflow in MACHINES}
    assert missing == {workflow: set() for workflow in MACHINES}


def test_a_cohort_whose_text_fails_for_good_gets_the_template(stage: Stage) -> None:
    run, cloud = Telling(stage.cloud, "delay-notification"), stage.cloud
    stage.prepare([run])
    fault = {"state": "ComposeText", "moment": "before", "error": "Defect", "about": run.about}
    cloud.control("PUT", "fault", fault)
    since = time.time()
    stage.begin([run])
    assert [told["status"] for told in stage.ended([run])] == ["SUCCEEDED"]
    told = delivered(cloud, since)[run.about]
    assert {one["author"] for one in told} == {"TEMPLATE", "MODEL"}


def test_after_a_failure_whatever_comes_next_is_told(stage: Stage) -> None:
    cloud, failed, back = stage.cloud, Telling(stage.cloud, "delay-notification"), new_id()
    stage.prepare([failed])
    cloud.control("PUT", "fault", {"state": "RecordTold", "moment": "before", "error": "Defect", "times": 100})
    since = time.time()
    stage.begin([failed])
    assert [told["status"] for told in stage.ended([failed])] == ["FAILED"]
    cloud.control("DELETE", "fault")
    assert len(stage.letters()) == 1
    # They have read of 90 minutes; that it is none after all must reach them.
    later = {"event_id": back, "occurred_at": "2026-11-01T09:05:00Z", "delay_minutes": 0}
    again = failed.again({**failed.event, "detail": {**failed.event["detail"], **later}})
    assert cloud.ended(again)["status"] == "SUCCEEDED"
    told = delivered(cloud, since)
    assert len(told[failed.about]) == len(told[back]) > 0
