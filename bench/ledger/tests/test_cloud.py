"""What the loads ask the deployed stack."""

from __future__ import annotations

from typing import Any

from ledger.play.cloud import MACHINES, Cloud


class Workflows:
    """An execution of each end, of every machine."""

    def list_executions(self, statusFilter: str, **_: Any) -> dict[str, Any]:
        return {"executions": [{"status": statusFilter}]}


def test_an_execution_that_runs_out_of_time_or_is_stopped_has_failed_too() -> None:
    cloud = Cloud.__new__(Cloud)
    cloud.outputs = {f"{name}StateMachineArn": name for name in MACHINES}
    cloud._clients = {"stepfunctions": Workflows()}
    assert cloud.failed() == 3 * len(MACHINES)
