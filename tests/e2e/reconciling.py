"""A run of the reconciliation about an export of its own."""

from __future__ import annotations

from typing import Any

from conftest import Cloud, wait_for
from definitions import FOR_GOOD, MACHINES
from runs import started
from test_reconciliation import Exports, event, lines, names, passengers


class Reconciling:
    """An export of one reservation that the table does not have."""

    workflow = "reconciliation"

    def __init__(self, cloud: Cloud, state: str = "", moment: str = "") -> None:
        self.cloud, self.state, self.moment = cloud, state, moment
        self.exports = Exports(cloud)
        self.about = self.exports.folder
        self.pnr, self.flight = names()
        self.key = self.arn = ""

    def __str__(self) -> str:
        return f"{self.workflow}, {self.state} {self.moment}"

    def begin(self) -> None:
        self.key = self.exports.put("part-0.json", lines(event(f"{self.pnr}1", self.flight)))

    @staticmethod
    def find(cloud: Cloud, runs: list[Reconciling]) -> None:
        """The executions of these, which the bucket has started."""
        sfn, machine = cloud.client("stepfunctions"), cloud.outputs[MACHINES["reconciliation"]]
        inputs: dict[str, str] = {}

        def found() -> bool:
            for one in sfn.list_executions(stateMachineArn=machine, maxResults=100)["executions"]:
                if (arn := one["executionArn"]) not in inputs:
                    inputs[arn] = sfn.describe_execution(executionArn=arn)["input"]
            for run in runs:
                run.arn = next((arn for arn, given in inputs.items() if run.about in given), "")
            return all(run.arn for run in runs)

        wait_for("the executions of the exports", found)

    def again(self, event: Any) -> str:
        """Another execution, of what came first or as a dead letter has it."""
        return started(self.cloud, MACHINES["reconciliation"], event)

    def is_whole(self) -> None:
        """The reservation counts once, and a run says that it was found missing."""
        answer = self.cloud.ask("/reconciliations?limit=100", signed=True).json()["reconciliations"]
        under_way = [run for run in answer if run["key"] == self.key and run["status"] == "RUNNING"]
        assert under_way == [], f"{self}: runs that nobody ends: {under_way}"
        runs = self.exports.runs(self.key)
        # The same run is made again, unless no letter says which one.
        unsaid = (self.state, self.moment) == ("DeadLetter", FOR_GOOD)
        assert len(runs) == 1 + int(unsaid), f"{self}: {runs}"
        assert runs[0]["status"] == "COMPLETED" and runs[0]["rows"] == 1, f"{self}: {runs}"
        assert sum(run["missing"] for run in runs) == 1, f"{self}: {runs}"
        assert passengers(self.cloud, self.flight) == 2, f"{self}: {runs}"
