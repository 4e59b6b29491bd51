"""More executions than can go on at once."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import eventually
from ministack.services import stepfunctions

from flightpulse_cloud.overlays import sfn_turns

STARTED = sfn_turns.MOST + 20


class Engine:
    """Executions that go on until they may end."""

    def __init__(self) -> None:
        self.begun: list[Any] = []
        self.ended: list[Any] = []
        self.at_once: list[int] = []
        self.may_end = threading.Event()

    def run(self, execution: Any) -> None:
        self.begun.append(execution)
        self.at_once.append(len(self.begun) - len(self.ended))
        self.may_end.wait(60.0)
        self.ended.append(execution)

    def start(self) -> list[threading.Thread]:
        """As many as there are, as upstream starts them."""
        made = (threading.Thread(target=stepfunctions._run_execution, args=(nth,)) for nth in range(STARTED))
        threads = list(made)
        for thread in threads:
            thread.start()
        return threads


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    engine = Engine()
    # What is patched is put back.
    monkeypatch.setattr(stepfunctions, "_run_execution", engine.run)
    yield engine
    engine.may_end.set()


def test_stock_ministack_still_lets_all_begin(engine: Engine) -> None:
    # That each has a thread of its own is read, since it is nothing that can be asked.
    assert "threading.Thread(" in inspect.getsource(stepfunctions._start_execution)
    engine.start()
    eventually(lambda: len(engine.begun) == STARTED, "all begin at once")


def test_what_is_beyond_waits_for_its_turn(engine: Engine) -> None:
    sfn_turns.apply()
    threads = engine.start()
    eventually(lambda: len(engine.begun) == sfn_turns.MOST, "as many begin as may")
    assert not engine.ended, "none has ended, so none of the others has its turn"
    engine.may_end.set()
    for thread in threads:
        thread.join(60.0)
    assert sorted(engine.ended) == list(range(STARTED)) and len(engine.begun) == STARTED
    # An execution is counted as ended a moment before its turn is another's, so that never more are seen.
    assert max(engine.at_once) == sfn_turns.MOST
