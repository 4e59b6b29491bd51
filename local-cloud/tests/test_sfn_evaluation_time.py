"""An expression that waits for its turn is none that has no end."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import jsonata
import pytest
from jsonata.timebox import Timebox
from ministack.services import stepfunctions

from flightpulse_cloud.overlays import sfn_evaluation_time

# Some steps of the evaluation; the clock moves on by so many milliseconds whenever it is looked at.
EXPRESSION, SLOW, ENDLESS = "$sum($states.input.($ + 1))", 100, 10_000


@pytest.fixture
def evaluate(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Any]:
    # What is patched is put back.
    monkeypatch.setattr(jsonata.Jsonata, "jsonata", jsonata.Jsonata.jsonata)

    def evaluated(step: int) -> Any:
        clock = count(0, step)
        monkeypatch.setattr(Timebox, "current_milli_time", staticmethod(lambda: next(clock)))
        return stepfunctions._evaluate_jsonata(EXPRESSION, [1, 2, 3])

    return evaluated


def test_stock_ministack_still_gives_a_second_by_the_clock(evaluate: Callable[[int], Any]) -> None:
    with pytest.raises(stepfunctions._ExecutionError, match="D1012"):
        evaluate(SLOW)


def test_what_waits_for_its_turn_is_evaluated(evaluate: Callable[[int], Any]) -> None:
    sfn_evaluation_time.apply()
    assert evaluate(SLOW) == 9


def test_what_has_no_end_still_ends(evaluate: Callable[[int], Any]) -> None:
    sfn_evaluation_time.apply()
    with pytest.raises(stepfunctions._ExecutionError, match="D1012"):
        evaluate(ENDLESS)
