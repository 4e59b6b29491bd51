"""The deliberate failures of a workflow's tasks."""

import pytest
from flightpulse_cloud.faults import Fault


def test_a_fault_strikes_its_state_as_often_as_said() -> None:
    fault = Fault()
    fault.set("Claim", "after", "Boom", times=2)
    assert [fault.strikes("Other"), fault.strikes("Claim"), fault.strikes("Claim")] == [
        None, ("after", "Boom"), ("after", "Boom"),
    ]  # fmt: skip
    assert fault.strikes("Claim") is None
    assert fault.report()["hits"] == 2


def test_no_fault_strikes_nothing() -> None:
    fault = Fault()
    assert fault.strikes("") is None
    assert fault.strikes("Claim") is None


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"state": "Claim"},
        {"state": "Claim", "moment": "during", "error": "Boom"},
        {"state": "Claim", "moment": "after", "error": ""},
        {"state": "Claim", "moment": "after", "error": "Boom", "times": 0},
        {"state": "Claim", "moment": "after", "error": "Boom", "times": True},
    ],
)
def test_what_is_no_fault_is_refused(wanted: dict) -> None:
    with pytest.raises(ValueError):
        Fault().set(**wanted)
