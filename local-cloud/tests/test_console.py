"""What a step prints, to a file and to a terminal."""

from __future__ import annotations

import io
import re

import pytest
from conftest import eventually
from flightpulse_cloud import console as module
from flightpulse_cloud.console import Console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_file_gets_a_line_at_the_start_and_one_at_the_end() -> None:
    out = io.StringIO()
    with Console(out).step("building") as notes:
        assert out.getvalue() == "... building\n"
        notes.append("3 files")
    assert re.fullmatch(r"\.\.\. building\n +ok building \(\d+\.\d s, 3 files\)\n", out.getvalue())


def test_a_terminal_sees_the_elapsed_time_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TICK", 0.01)
    out = Terminal()
    with Console(out).step("building"):
        eventually(lambda: out.getvalue().count("... building") > 2, "the time ticks")
    # Nothing is printed after the last line: the ticker has ended.
    assert re.search(r"\r\033\[K +ok building \([^)]*\)\n$", out.getvalue())


def test_a_failure_says_so() -> None:
    out = io.StringIO()
    with pytest.raises(ValueError, match="broken"), Console(out).step("building"):
        raise ValueError("broken")
    assert "FAILED building" in out.getvalue()
