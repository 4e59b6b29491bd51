"""The scenarios end to end, and the mutants that must turn it red."""

from typing import Any

import pytest
from conftest import Cloud

# What each mutant is caught by in scenario 5, which takes half a minute: they come all at once there.
CAUGHT_BY = {
    "double-notification": "no notification is there twice",
    "dropped-booking": "what each reader read last is true",
    "wrong-gate": "no text states anything else",
}


def failed_checks(report: dict) -> list[str]:
    return [check["name"] for check in report["verdict"]["checks"] if not check["ok"]]


def mutated(cloud: Cloud, mutant: str, number: int) -> tuple[int, dict[str, Any]]:
    cloud.control("PUT", "mutant", {"kind": mutant})
    try:
        return cloud.scenario(number)
    finally:
        cloud.control("PUT", "mutant", {"kind": "none"})


@pytest.mark.parametrize("number", [1, 2, 3, 4, 6, 7])
def test_a_scenario_passes_twice_in_a_row(cloud: Cloud, number: int) -> None:
    for _ in range(2):
        code, report = cloud.scenario(number)
        assert (code, failed_checks(report)) == (0, [])


@pytest.mark.parametrize("mutant", CAUGHT_BY)
@pytest.mark.parametrize("number", [1, 2, 3, 4, 6])
def test_a_mutant_turns_it_red(cloud: Cloud, number: int, mutant: str) -> None:
    code, report = mutated(cloud, mutant, number)
    assert code == 1
    assert failed_checks(report)


def test_the_sequence_is_red_with_every_mutant_and_green_after_it(cloud: Cloud) -> None:
    code, report = mutated(cloud, "all", 5)
    assert code == 1
    assert set(CAUGHT_BY.values()) <= set(failed_checks(report))
    code, report = cloud.scenario(5)
    assert (code, failed_checks(report)) == (0, [])
