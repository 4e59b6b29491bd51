"""Scenario 2 end to end, and the mutants that must turn it red."""

import pytest
from conftest import Cloud


def failed_checks(report: dict) -> list[str]:
    return [check["name"] for check in report["verdict"]["checks"] if not check["ok"]]


def test_the_scenario_passes_twice_in_a_row(cloud: Cloud) -> None:
    for _ in range(2):
        code, report = cloud.scenario()
        assert (code, failed_checks(report)) == (0, [])


@pytest.mark.parametrize("mutant", ["double-notification", "dropped-booking", "wrong-gate"])
def test_a_mutant_turns_it_red(cloud: Cloud, mutant: str) -> None:
    cloud.control("PUT", "mutant", {"kind": mutant})
    try:
        code, report = cloud.scenario()
    finally:
        cloud.control("PUT", "mutant", {"kind": "none"})
    assert code == 1
    assert failed_checks(report)


def test_no_personal_data_is_in_a_prompt(cloud: Cloud) -> None:
    code, _ = cloud.scenario()
    assert code == 0
    asked = str(cloud.control("GET", "bedrock")["requests"])
    assert "SW5678" in asked
    for personal in ("@example.com", "+1303", "Mar", "B00"):
        assert personal not in asked, personal


@pytest.mark.parametrize("mode", ["slow", "throttled", "wrong_fact", "obeys_injection"])
def test_whatever_the_model_does_passengers_are_told_the_truth(cloud: Cloud, mode: str) -> None:
    cloud.control("PUT", "bedrock", {"mode": mode})
    try:
        _, report = cloud.scenario()
    finally:
        cloud.control("DELETE", "bedrock")
    told = [one["notification"] for one in report["observation"]["notifications"]]
    assert len(told) == 8
    assert {one["author"] for one in told} == {"TEMPLATE"}
    for one in told:
        assert "3:40 PM" in one["text"], one
        assert "http" not in one["text"], one
