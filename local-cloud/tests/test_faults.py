"""The deliberate failures of workflows' tasks."""

from __future__ import annotations

import pytest

from flightpulse_cloud.faults import MAX_FAULTS, Faults

BOOM = {"state": "Claim", "moment": "after", "error": "Boom"}


def test_a_fault_strikes_its_state_as_often_as_said() -> None:
    faults = Faults()
    faults.set({**BOOM, "times": 2})
    assert [faults.strikes("Other"), faults.strikes("Claim"), faults.strikes("Claim")] == [
        None, ("after", "Boom"), ("after", "Boom"),
    ]  # fmt: skip
    assert faults.strikes("Claim") is None
    assert faults.report()["hits"] == 2


def test_several_strike_each_its_own_executions_and_one_after_the_other() -> None:
    faults = Faults()
    faults.set({"faults": [
        {**BOOM, "about": "e-1"}, {**BOOM, "moment": "before", "about": "e-1"},
        {**BOOM, "error": "Bang", "about": "e-2"},
    ]})  # fmt: skip
    assert faults.strikes("Claim", '{"id": "e-3"}') is None
    assert faults.strikes("Claim", '{"id": "e-2"}') == ("after", "Bang")
    assert [faults.strikes("Claim", '{"id": "e-1"}') for _ in range(3)] == [("after", "Boom"), ("before", "Boom"), None]
    assert ([one["hits"] for one in faults.report()["faults"]], faults.report()["hits"]) == ([1, 1, 1], 3)


def test_no_fault_strikes_nothing() -> None:
    faults = Faults()
    assert faults.strikes("") is None
    faults.set(BOOM)
    faults.clear()
    assert (faults.strikes("Claim"), faults.report()) == (None, {"faults": [], "hits": 0})


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"state": "Claim"},
        {**BOOM, "moment": "during"},
        {**BOOM, "error": ""},
        {**BOOM, "times": 0},
        {**BOOM, "times": True},
        {**BOOM, "about": 7},
        {**BOOM, "hits": 1},
        {"faults": []},
        {"faults": BOOM},
        {"faults": ["Claim"]},
        {"faults": [BOOM, {**BOOM, "state": ""}]},
        {"faults": [BOOM], "state": "Claim"},
        {"faults": [BOOM] * (MAX_FAULTS + 1)},
    ],
)
def test_what_is_no_fault_is_refused(wanted: dict) -> None:
    faults = Faults()
    with pytest.raises(ValueError):
        faults.set(wanted)
    assert faults.report()["faults"] == []
