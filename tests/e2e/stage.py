"""Where workflows fail side by side: a task in every way, in each workflow that has it, each run on its own things."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from conftest import PAUSES, WORKFLOWS, Cloud
from definitions import (
    FOR_GOOD,
    MACHINES,
    MOMENTS,
    NEVER_HEARD,
    ONCE,
    RUN_TWICE,
    attempts,
    history,
    no_execution_is_stuck,
    tasks,
    transient,
)
from reconciling import Reconciling
from runs import Flights, Telling, delivered, ended, entered, queued

AGAIN_AND_AGAIN = 10_000
WAY_OUT = ("AbandonTelling", "DeadLetter", "ReleaseClaim")
# Reached only on the way out of a failure. What fails first:
AFTER_A_FAILURE = {
    **{(workflow, state): "RecordTold" for workflow in WORKFLOWS for state in WAY_OUT},
    ("reconciliation", "NoteFailure"): "ReconcilePart",
    ("reconciliation", "DeadLetter"): "ReconcilePart",
}
# Reached only by an event that there is nothing to tell of, and by one that is done already.
QUIET, DONE_BEFORE = "CompleteQuietly", "ReadClaim"
# What goes on without: the template serves where there is no text.
DISPENSABLE = "ComposeText"
# What is tried for long has no pauses to speak of.
OF_THE_PATIENT = {"DeadLetter": 0.001}


class Stage:
    """Where the runs are played, and what came of them."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.flights = Flights(cloud)
        self.entered: dict[str, Counter[str]] = {workflow: Counter() for workflow in MACHINES}
        self._undisturbed: dict[tuple[str, bool], Any] = {}
        self._played: set[str] = set()

    def once(self, name: str, play: Callable[[], None]) -> None:
        """Plays what has not been played."""
        if name not in self._played:
            play()
            self._played.add(name)

    def history(self, workflow: str, arn: str) -> Any:
        """Of an execution; the states that it entered count for the workflow."""
        told = history(self.cloud, arn)
        self.entered[workflow] += told.entered
        return told

    def tell_undisturbed(self) -> None:
        """What all others are held against."""
        if not self._undisturbed:
            since = time.time()
            runs = [Telling(self.cloud, workflow, quiet=quiet) for workflow in WORKFLOWS for quiet in (False, True)]
            self.prepare(runs)
            self.begin(runs)
            for run, told in zip(runs, self.ended(runs), strict=True):
                assert told["status"] == "SUCCEEDED", told
                self.history(run.workflow, run.arn)
            lines, asked = delivered(self.cloud, since), self.rebookings()
            self._undisturbed = {(run.workflow, run.quiet): run.end(lines, asked) for run in runs}
            for (_, quiet), end in self._undisturbed.items():
                assert (end["told"] == [], end["claim"]) == (quiet, "DONE"), end
                assert set(end["notifications"]) == (set() if quiet else {"SENT"}), end

    def prepare(self, runs: list[Any]) -> None:
        """Each has its own flight; an export is put there when it begins."""
        self.flights.make([run for run in runs if isinstance(run, Telling)])

    def begin(self, runs: list[Any]) -> None:
        """Starts them all."""
        for run in runs:
            run.begin()
        Reconciling.find(self.cloud, [run for run in runs if isinstance(run, Reconciling)])

    def ended(self, runs: list[Any]) -> list[dict[str, Any]]:
        """Their executions, once all of them have ended."""
        return ended(self.cloud, [run.arn for run in runs])

    def rebookings(self) -> list[dict[str, Any]]:
        return [one["detail"] for one in queued(self.cloud, "RebookingQueueUrl")]

    def letters(self) -> list[dict[str, Any]]:
        return queued(self.cloud, "DeadLetterQueueUrl")

    def fail(self, state: str) -> None:
        """A state of all workflows, in every way: all ends are the undisturbed one, at once or after the remedy."""
        self.tell_undisturbed()
        since, cloud = time.time(), self.cloud
        runs = [
            run_of(cloud, workflow, state, moment)
            for workflow in MACHINES
            if state in tasks(workflow)
            for moment in MOMENTS
        ]
        self.prepare(runs)
        if state == DONE_BEFORE:
            self.begin(runs)
            self.ended(runs)
        cloud.control("PUT", "fault", {"faults": [fault for run in runs for fault in faults_of(run)]})
        cloud.control("PUT", "pauses", {"share": OF_THE_PATIENT.get(state, PAUSES)})
        self.begin(runs)
        firsts = self.ended(runs)
        cloud.control("DELETE", "fault")
        cloud.control("PUT", "pauses", {"share": PAUSES})
        letters = self.letters()
        own = [[letter for letter in letters if run.about in json.dumps(letter)] for run in runs]
        assert sum(len(some) for some in own) == len(letters), letters
        for run, first, some in zip(runs, firsts, own, strict=True):
            self._as_promised(run, first, some)
        # The remedy: what the letters hold is sent again; without one the execution is started again with its input.
        again = [
            (run, run.again(event))
            for run, first, some in zip(runs, firsts, own, strict=True)
            if first["status"] == "FAILED"
            # A third of the same letters would show no more than the second.
            for event in ([letter["event"] for letter in some[:2]] or [json.loads(first["input"])])
        ]
        for run, arn in again:
            if (state, run.moment) == ("ReleaseClaim", FOR_GOOD):
                entered(cloud, arn, "WaitForClaim")
                run.an_hour_goes_by()
        for (run, arn), told in zip(again, ended(cloud, [arn for _, arn in again]), strict=True):
            assert told["status"] == "SUCCEEDED", f"{run}: {told}"
            self.history(run.workflow, arn)
        self.same_end([run for run in runs if isinstance(run, Telling)], since)
        for run in runs:
            if isinstance(run, Reconciling):
                run.is_whole()
        assert self.letters() == []
        no_execution_is_stuck(cloud)

    def same_end(self, runs: list[Telling], since: float) -> None:
        """All that came of each run is what comes of it without a fault."""
        lines, asked = delivered(self.cloud, since), self.rebookings()
        for run in runs:
            end, undisturbed = run.end(lines, asked), self._undisturbed[run.workflow, run.quiet]
            if run.state == DISPENSABLE and run.moment in (FOR_GOOD, NEVER_HEARD):
                end, undisturbed = without_texts(end), without_texts(undisturbed)
            other = {name: (end[name], undisturbed[name]) for name in end if end[name] != undisturbed[name]}
            assert not other, f"{run}: another end: {other}"

    def _as_promised(self, run: Any, execution: dict[str, Any], letters: list[Any]) -> None:
        """How the execution ended, why, and what it left."""
        told = self.history(run.workflow, execution["executionArn"])
        error = transient(run.workflow, run.state)
        for_good = run.moment in (FOR_GOOD, NEVER_HEARD)
        # A release is refused once it is done: whoever did not hear of it is told then.
        often = for_good and (run.state, run.moment) != ("ReleaseClaim", NEVER_HEARD)
        tries = attempts(run.workflow, run.state, error) * told.entered[run.state] if often else 1
        deliberate = {run.state: {error: tries}}
        first = AFTER_A_FAILURE.get((run.workflow, run.state))
        if first:
            first_error = transient(run.workflow, first)
            deliberate[first] = {first_error: attempts(run.workflow, first, first_error)}
        assert told.deliberate == deliberate, f"{run}: {told}"
        # Beside them nothing failed but conditions, which is an answer, and a Map's iterations.
        refused = {error for errors in told.failed.values() for error in errors}
        assert refused <= {"DynamoDB.ConditionalCheckFailedException"}, f"{run}: {told}"
        fails = first or (for_good and run.state != DISPENSABLE)
        assert execution["status"] == ("FAILED" if fails else "SUCCEEDED"), f"{run}: {execution}"
        assert len(letters) == letters_of(run, bool(fails), tries), f"{run}: {letters}"
        if isinstance(run, Telling):
            assert run.claim() == claim_of(run, bool(fails)), f"{run}: {told}"
            # Whoever has no claim has told nobody, and there is no doubt to be noted.
            way = WAY_OUT[1:] if run.state in ("Claim", DONE_BEFORE) else WAY_OUT
            assert {state for state in WAY_OUT if told.entered[state]} == set(way if fails else ()), f"{run}: {told}"


def run_of(cloud: Cloud, workflow: str, state: str, moment: str) -> Any:
    if workflow == "reconciliation":
        return Reconciling(cloud, state, moment)
    return Telling(cloud, workflow, state, moment, quiet=state == QUIET)


def faults_of(run: Any) -> list[dict[str, Any]]:
    """What makes the run come to the state, and fail there."""

    def fault(state: str, moment: str, times: int) -> dict[str, Any]:
        error = transient(run.workflow, state)
        return {"state": state, "moment": moment, "error": error, "times": times, "about": run.about}

    often = 1 if run.moment in (ONCE, RUN_TWICE) else AGAIN_AND_AGAIN
    first = AFTER_A_FAILURE.get((run.workflow, run.state))
    faults = [fault(run.state, MOMENTS[run.moment], often)]
    return [fault(first, "before", AGAIN_AND_AGAIN), *faults] if first else faults


def letters_of(run: Any, fails: bool, tries: int) -> int:
    """How many dead letters there are: one of whatever fails, and one more each time that one is written again."""
    if run.state != "DeadLetter" or run.moment == ONCE:
        return int(fails)
    return {RUN_TWICE: 2, FOR_GOOD: 0, NEVER_HEARD: tries}[run.moment]


def claim_of(run: Telling, fails: bool) -> str | None:
    """The claim of the event after the first execution."""
    if run.state == DONE_BEFORE or not fails:
        return "DONE"
    if run.moment == FOR_GOOD and run.state in ("Claim", "ReleaseClaim"):
        return None if run.state == "Claim" else "IN_PROGRESS"
    # Its end is written and never heard of.
    return "DONE" if run.moment == NEVER_HEARD and run.state in ("Complete", QUIET) else "RELEASED"


def without_texts(end: dict[str, Any]) -> dict[str, Any]:
    """Of an end all but the words, which are the template's."""
    return {**end, "told": [(booking, channel) for booking, channel, _ in end["told"]]}
