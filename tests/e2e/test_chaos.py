"""A short history on the deployed stack, while calls of every operation fail in every way and everything is killed once.

`scripts/chaos.sh --deployed` plays longer ones.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest
from conftest import REPO, Cloud

sys.path.insert(0, str(REPO / "local-cloud"))

from flightpulse_cloud.chaos import histories
from flightpulse_cloud.chaos.fates import FAULTS
from flightpulse_cloud.chaos.stack import FUNCTIONS, ProxyControl, Stack
from flightpulse_cloud.settings import Settings

# Every twelfth call goes wrong; each fault once before any a second time.
PLAN = histories.Plan(seed=5, events=60, flights=6, rate=800, pace=4, each=True)


@pytest.fixture
def stack(deployed: Cloud) -> Iterator[Stack]:
    assert os.environ.get("KAFKA_BROKERS"), "the broker is killed too: run this by scripts/test.sh, on Apache Kafka"
    deployed.control("DELETE", "bedrock")
    deployed.control("PUT", "mutant", {"kind": "none"})
    deployed.control("DELETE", "fault")
    deployed.drain_dead_letters()
    yield Stack(Settings.from_environment())
    # What is left is poison, which no other test waits for.
    deployed.drain_dead_letters()


@pytest.fixture
def proxy(stack: Stack) -> Iterator[ProxyControl]:
    with stack.through_proxy() as proxy:
        yield proxy


def test_a_history_ends_as_the_model_says_whatever_fails_and_is_killed(stack: Stack, proxy: ProxyControl) -> None:
    said: list[str] = []
    came = histories.play(stack, proxy, PLAN, said.append)
    assert came["passed"], (came["verdict"], said)
    assert set(came["faults"]) == set(FAULTS), came["faults"]
    assert set(came["killed"]) == {*FUNCTIONS, "mapping", "broker"}
    assert came["poison"] > 0 and came["twice"] > 0 and came["notifications"] > 0, came


def test_a_message_that_is_told_twice_turns_the_verdict_red(
    stack: Stack, proxy: ProxyControl, deployed: Cloud
) -> None:
    """The proof that a verdict can fail: the delivery of notifications doubles one under another id."""
    deployed.control("PUT", "mutant", {"kind": "double-notification"})
    plan = histories.Plan(seed=6, events=10, flights=3, rate=0, pace=10, kills_of=())
    came = histories.play(stack, proxy, plan, lambda _: None)
    deployed.control("PUT", "mutant", {"kind": "none"})
    wrong = {name for name, found in came["verdict"].items() if found}
    assert not came["passed"] and wrong & {"doubled", "unexpected"}, came["verdict"]
