"""The scenarios end to end, and the mutants that must turn it red."""

import pytest
from conftest import Cloud


def failed_checks(report: dict) -> list[str]:
    return [check["name"] for check in report["verdict"]["checks"] if not check["ok"]]


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_a_scenario_passes_twice_in_a_row(cloud: Cloud, number: int) -> None:
    for _ in range(2):
        code, report = cloud.scenario(number)
        assert (code, failed_checks(report)) == (0, [])


@pytest.mark.parametrize("mutant", ["double-notification", "dropped-booking", "wrong-gate"])
@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_a_mutant_turns_it_red(cloud: Cloud, number: int, mutant: str) -> None:
    cloud.control("PUT", "mutant", {"kind": mutant})
    try:
        code, report = cloud.scenario(number)
    finally:
        cloud.control("PUT", "mutant", {"kind": "none"})
    assert code == 1
    assert failed_checks(report)
