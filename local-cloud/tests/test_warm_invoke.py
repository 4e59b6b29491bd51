"""Warm invokes. What upstream waits for is read from its code: a test that timed it would fail on a busy machine."""

from __future__ import annotations

import json
import subprocess
import sys

from conftest import PACKAGE_ROOT

# In a process of its own, so that this one's modules stay as they are.
PROBE = """
import inspect, json, queue, sys
from flightpulse_cloud.overlays import warm_invoke
if sys.argv[1] == "ours":
    warm_invoke.apply()
from ministack.core.lambda_runtime import ProvidedWorker
worker = ProvidedWorker.__new__(ProvidedWorker)
handler = worker._build_handler_class(1, queue.Queue())
drain = inspect.signature(ProvidedWorker._drain_stderr_bounded).parameters
waits = [drain[name].default for name in ("first_line_wait", "idle_confirm", "hard_cap")]
worker._stderr_queue = queue.Queue()
worker._stderr_queue.put("a line")
print(json.dumps({"nodelay": handler.disable_nagle_algorithm, "waits": waits, "log": worker._drain_stderr_bounded()}))
"""


def probe(which: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, which], cwd=PACKAGE_ROOT, capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_stock_ministack_still_waits() -> None:
    assert probe("stock") == {"nodelay": False, "waits": [0.05, 0.005, 0.25], "log": "a line"}


def test_the_overlay_waits_less_and_loses_no_line() -> None:
    assert probe("ours") == {"nodelay": True, "waits": [0.005, 0.002, 0.25], "log": "a line"}
