"""What takes more than a failing task: executions that meet at a claim, a hold that lasts, a file that is no export."""

from __future__ import annotations

import json
import time

from conftest import PAUSES, WORKFLOWS
from definitions import attempts, no_execution_is_stuck
from reconciling import Reconciling
from runs import Telling, entered
from stage import Stage

WHO = {"operator": "e2e", "reason": "a test"}


def taken_over(stage: Stage) -> None:
    """Two executions of one event: the second waits at the claim, takes it over, and both tell; each is told once."""
    cloud, since, runs = stage.cloud, time.time(), _runs(stage)
    assert cloud.admin("POST", "/admin/notifications/hold", WHO)[0] == 200
    try:
        stage.begin(runs)
        for run in runs:
            entered(cloud, run.arn, "DispatchPage")
        seconds = [run.again(run.event) for run in runs]
        for run, second in zip(runs, seconds, strict=True):
            entered(cloud, second, "WaitForClaim")
            run.an_hour_goes_by()
        for second in seconds:
            entered(cloud, second, "DispatchPage")
    finally:
        assert cloud.admin("POST", "/admin/notifications/release", WHO)[0] == 200
    for run, first, second in zip(runs, stage.ended(runs), seconds, strict=True):
        assert (first["status"], json.loads(first["output"])["outcome"]) == ("SUCCEEDED", "TAKEN_OVER"), first
        assert cloud.ended(second)["status"] == "SUCCEEDED"
        for arn in (run.arn, second):
            assert stage.history(run.workflow, arn).deliberate == {}
    _same_end(stage, runs, since)


def held_for_too_long(stage: Stage) -> None:
    """A page that is held as often as it is tried fails its event, and is told once the letter is sent again."""
    cloud, since, runs = stage.cloud, time.time(), _runs(stage)
    held = {"state": "DispatchPage", "moment": "before", "error": "Held", "times": 1_000_000}
    cloud.control("PUT", "fault", {"faults": [{**held, "about": run.about} for run in runs]})
    # There are more pauses than even a fiftieth of each would bear.
    cloud.control("PUT", "pauses", {"share": 0})
    stage.begin(runs)
    for run, told in zip(runs, stage.ended(runs), strict=True):
        assert told["status"] == "FAILED", told
        of_run = stage.history(run.workflow, run.arn)
        tries = attempts(run.workflow, "DispatchPage", "Held") * of_run.entered["DispatchPage"]
        assert of_run.deliberate == {"DispatchPage": {"Held": tries}}, f"{run}: {of_run}"
        assert of_run.entered["HeldTooLong"] >= 1 and run.claim() == "RELEASED"
    cloud.control("DELETE", "fault")
    cloud.control("PUT", "pauses", {"share": PAUSES})
    letters = {letter["event_id"]: letter["event"] for letter in stage.letters()}
    for arn in [run.again(letters[run.about]) for run in runs]:
        assert cloud.ended(arn)["status"] == "SUCCEEDED"
    _same_end(stage, runs, since)


def claim_that_never_ends(stage: Stage) -> None:
    """Whoever waits for a claim that does not end gives up, with a letter, and leaves the claim alone."""
    cloud, since, runs = stage.cloud, time.time(), _runs(stage)
    cloud.control("PUT", "pauses", {"share": 0})
    for run in runs:
        run.is_claimed_by("another-execution")
    stage.begin(runs)
    for run, told in zip(runs, stage.ended(runs), strict=True):
        assert (told["status"], told["error"]) == ("FAILED", "ClaimStuck")
        assert stage.history(run.workflow, run.arn).entered["WaitForClaim"] > 120
        assert run.claim() == "IN_PROGRESS"
        run.an_hour_goes_by()
    cloud.control("PUT", "pauses", {"share": PAUSES})
    letters = {letter["event_id"]: letter["event"] for letter in stage.letters()}
    for arn in [run.again(letters[run.about]) for run in runs]:
        assert cloud.ended(arn)["status"] == "SUCCEEDED"
    _same_end(stage, runs, since)


def run_that_is_made_again_twice(stage: Stage) -> None:
    """Of two attempts at one run the one that began last ends it; the other, which is through later, ends quietly."""
    cloud, run = stage.cloud, Reconciling(stage.cloud)
    fails = {"state": "ReconcilePart", "moment": "before", "error": "Defect", "times": 1_000_000, "about": run.about}
    cloud.control("PUT", "fault", fails)
    run.begin()
    Reconciling.find(cloud, [run])
    stage.ended([run])
    (letter,) = stage.letters()
    # It is held up at its end until the other is through.
    marked = {**letter["event"]["detail"], "correlation_id": f"first-{run.pnr}"}
    waits = {"state": "Conclude", "moment": "before", "error": "Lambda.TooManyRequestsException", "times": 1_000_000}
    cloud.control("PUT", "fault", {**waits, "about": marked["correlation_id"]})
    first = run.again({**letter["event"], "detail": marked})
    entered(cloud, first, "Conclude")
    assert cloud.ended(run.again(letter["event"]))["status"] == "SUCCEEDED"
    cloud.control("DELETE", "fault")
    assert cloud.ended(first)["status"] == "SUCCEEDED"
    assert stage.history(run.workflow, first).entered["Superseded"] == 1
    run.is_whole()
    assert stage.letters() == []
    no_execution_is_stuck(cloud)


def what_is_no_export(stage: Stage) -> None:
    """A file that is none makes no run."""
    run = Reconciling(stage.cloud)
    run.exports.put("_SUCCESS", b"")
    Reconciling.find(stage.cloud, [run])
    assert [told["status"] for told in stage.ended([run])] == ["SUCCEEDED"]
    assert stage.history(run.workflow, run.arn).entered["NoExport"] == 1
    assert stage.letters() == []


SCENES = {
    "a claim is taken over": taken_over,
    "a page is held for too long": held_for_too_long,
    "a claim never ends": claim_that_never_ends,
    "a run is made again twice": run_that_is_made_again_twice,
    "a file is no export": what_is_no_export,
}


def _runs(stage: Stage) -> list[Telling]:
    stage.tell_undisturbed()
    runs = [Telling(stage.cloud, workflow) for workflow in WORKFLOWS]
    stage.prepare(runs)
    return runs


def _same_end(stage: Stage, runs: list[Telling], since: float) -> None:
    stage.same_end(runs, since)
    assert stage.letters() == []
    no_execution_is_stuck(stage.cloud)
