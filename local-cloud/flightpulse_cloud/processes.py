"""Starts, recognises and ends background processes.

A recorded process id alone proves nothing: ids are reused. Ours is the process with the recorded id and start time,
and on Linux every process whose environment carries our mark, which children (Lambda functions) inherit.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROC = Path("/proc")
MARK = "FLIGHTPULSE_PROCESS"
# Seconds that a process gets to end by itself, and to be gone after SIGKILL.
TERM_DEADLINE = 8.0
KILL_DEADLINE = 4.0


class StillRunning(Exception):
    """Processes that SIGKILL did not end."""


@dataclass(frozen=True)
class Processes:
    """The background processes of one state directory."""

    state: Path

    def start(self, name: str, command: list[str], env: dict[str, str], log: Path, key: str = "") -> int:
        """Starts a process in a session of its own, so that it outlives us and its group can be ended as a whole.

        `key` says what it was started with: a different key means that it must be started anew.
        """
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                env={**env, MARK: self._mark(name)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd=self.state,
            )
        record = {"pid": process.pid, "identity": identity(process.pid), "key": key, "command": command}
        path = self._record_file(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".new")
        temporary.write_text(json.dumps(record, indent=1), encoding="utf-8")
        temporary.replace(path)
        return process.pid

    def running(self, name: str, key: str | None = None) -> bool:
        """Whether the recorded process runs (started with this key, if one is given)."""
        record = self._record(name)
        return self._leader(record) is not None and (key is None or record.get("key") == key)

    def members(self, name: str) -> list[int]:
        """Every living process of this name: the recorded one, its group, and what carries its mark."""
        leader = self._leader(self._record(name))
        found = set(_marked(self._mark(name)))
        if leader is not None:
            found |= {leader, *_group(leader)}
        return sorted(pid for pid in found if identity(pid) is not None)

    def stop(self, name: str, patience: float | None = None) -> int:
        """Ends all of them and forgets the record; answers how many there were. Harmless when there are none.

        `patience` is how many seconds they get to end by themselves, if more or less than usual.
        """
        return self._end(name, ((signal.SIGTERM, patience or TERM_DEADLINE), (signal.SIGKILL, KILL_DEADLINE)))

    def kill(self, name: str) -> int:
        """The same without giving them time."""
        return self._end(name, ((signal.SIGKILL, KILL_DEADLINE),))

    def _end(self, name: str, steps: tuple[tuple[signal.Signals, float], ...]) -> int:
        count = len(self.members(name))
        for number, deadline in steps:
            if self._signal_and_wait(name, number, deadline):
                self._record_file(name).unlink(missing_ok=True)
                return count
        raise StillRunning(f"{name}: process {', '.join(map(str, self.members(name)))} does not end")

    def _signal_and_wait(self, name: str, number: signal.Signals, seconds: float) -> bool:
        for pid in self.members(name):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        deadline = time.monotonic() + seconds
        while self.members(name):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def _mark(self, name: str) -> str:
        return f"{self.state}:{name}"

    def _record_file(self, name: str) -> Path:
        return self.state / "run" / f"{name}.json"

    def _record(self, name: str) -> dict[str, Any]:
        try:
            record = json.loads(self._record_file(name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return record if isinstance(record, dict) else {}

    def _leader(self, record: dict[str, Any]) -> int | None:
        pid, known = record.get("pid"), record.get("identity")
        return pid if isinstance(pid, int) and known is not None and identity(pid) == known else None


def identity(pid: int) -> str | None:
    """What tells a process from a later one with the same id; None for a dead one or a zombie."""
    _reap(pid)
    if not PROC.is_dir():
        started = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return started.stdout.strip() or None
    fields = _stat(pid)
    # Where other threads live on, the first one's end is not the process's: its ports are still taken.
    if fields is None or (fields[0] == "Z" and int(fields[17]) <= 1):
        return None
    boot = (PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{boot}:{fields[19]}"  # Field 22 of /proc/<pid>/stat: start time in clock ticks since boot.


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/<pid>/stat from the third on: the second, the name, may hold spaces and brackets."""
    try:
        return (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None


def _pids() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()] if PROC.is_dir() else []


def _group(leader: int) -> list[int]:
    """The members of a process group (field 5 of stat)."""
    if PROC.is_dir():
        return [pid for pid in _pids() if (fields := _stat(pid)) is not None and fields[2] == str(leader)]
    found = subprocess.run(["pgrep", "-g", str(leader)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def _marked(mark: str) -> list[int]:
    wanted = f"{MARK}={mark}".encode()
    found = []
    for pid in _pids():
        try:
            if wanted in (PROC / str(pid) / "environ").read_bytes().split(b"\0"):
                found.append(pid)
        except OSError:  # Another user's, or gone meanwhile.
            continue
    return found


def _reap(pid: int) -> None:
    """Collects a dead child of our own, which would otherwise look alive where there is no /proc."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except (ChildProcessError, OSError):
        return
