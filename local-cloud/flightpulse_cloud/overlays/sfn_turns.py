"""How many executions go on at once.

Upstream today (1.5.33): each begins as it is started, in a thread of its own, and each of its tasks has a process of a
function. Some thousands at once take the machine's memory, and the endpoint answers nobody in time. AWS throttles state
transitions: what is beyond waits, as RUNNING, and nothing fails
(https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html, "Quotas related to state throttling").
"""

from __future__ import annotations

import threading
from typing import Any

# Some twenty keep two cores busy; more are needed where executions wait, for a claim or while notifications are held.
MOST = 100


def apply() -> None:
    """Lets an execution begin when it is its turn. One that runs has its turn until it ends, so whatever another waits
    for has begun."""
    from ministack.services import stepfunctions

    upstream, turns = stepfunctions._run_execution, threading.BoundedSemaphore(MOST)

    def run(execution: Any) -> Any:
        with turns:
            return upstream(execution)

    stepfunctions._run_execution = run
