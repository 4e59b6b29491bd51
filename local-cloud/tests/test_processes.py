"""Which processes are ours, and that all of them end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import eventually

from flightpulse_cloud import processes as module
from flightpulse_cloud.processes import Processes, identity

# A leader with a child; both ignore SIGTERM when told to. Says when it is ready.
PARENT = """
import signal, subprocess, sys, time
if sys.argv[1] == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN) if sys.argv[1] == 'stubborn' else 0; "
child += "print('ready', flush=True); time.sleep(600)"
subprocess.Popen([sys.executable, "-c", child, sys.argv[1]])
time.sleep(600)
"""


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    found = Processes(tmp_path)
    yield found
    found.stop("job")


def start(processes: Processes, temper: str = "mild") -> int:
    log = processes.state / "log"
    pid = processes.start("job", [sys.executable, "-c", PARENT, temper], dict(os.environ), log)
    eventually(lambda: "ready" in log.read_text(), "the child runs")
    assert len(processes.members("job")) == 2
    return pid


def test_stopping_ends_the_children_too(processes: Processes) -> None:
    start(processes)
    assert processes.running("job")
    assert processes.stop("job") == 2
    assert processes.members("job") == []
    assert not processes.running("job")


def test_what_ignores_sigterm_is_killed(processes: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TERM_DEADLINE", 0.2)
    start(processes, "stubborn")
    assert processes.stop("job") == 2
    assert processes.members("job") == []


@pytest.mark.skipif(not module.PROC.is_dir(), reason="orphans are recognised by their environment, which needs /proc")
def test_orphans_of_a_killed_leader_are_found(processes: Processes) -> None:
    leader = start(processes)
    os.kill(leader, signal.SIGKILL)
    eventually(lambda: not processes.running("job"), "the leader is dead")
    assert len(processes.members("job")) == 1
    assert processes.stop("job") == 1


@pytest.mark.skipif(not module.PROC.is_dir(), reason="threads are seen in /proc")
def test_a_process_whose_first_thread_has_ended_is_not_dead(processes: Processes) -> None:
    # As a JVM that is killed: for a moment its first thread is a zombie, and the others hold its ports.
    script = (
        "import ctypes, threading, time\n"
        "threading.Thread(target=time.sleep, args=(600,)).start()\n"
        "ctypes.CDLL(None).pthread_exit(None)\n"
    )
    pid = processes.start("job", [sys.executable, "-c", script], dict(os.environ), processes.state / "log")
    eventually(lambda: (module.PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z", "it ends")
    assert processes.running("job")
    assert processes.stop("job") == 1
    assert not processes.running("job")


def test_a_stale_record_spares_the_process_that_has_the_number_now(processes: Processes) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as other:
        record = {"pid": other.pid, "identity": "an earlier process", "key": ""}
        (processes.state / "run").mkdir()
        (processes.state / "run" / "job.json").write_text(json.dumps(record))
        try:
            assert not processes.running("job")
            assert processes.stop("job") == 0
            assert identity(other.pid) is not None
        finally:
            other.kill()


@pytest.mark.parametrize("content", ["", "not json", "[]", '{"pid": "x"}', '{"pid": 1}'])
def test_a_broken_record_is_no_process(processes: Processes, content: str) -> None:
    (processes.state / "run").mkdir()
    (processes.state / "run" / "job.json").write_text(content)
    assert not processes.running("job")
    assert processes.stop("job") == 0


def test_another_key_is_another_process(processes: Processes) -> None:
    processes.start("job", [sys.executable, "-c", "import time; time.sleep(600)"], {}, processes.state / "log", "one")
    assert processes.running("job", "one")
    assert not processes.running("job", "two")


def test_stopping_what_never_ran_is_harmless(processes: Processes) -> None:
    assert processes.stop("never") == 0
