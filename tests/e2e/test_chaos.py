"""A short history on the deployed stack, while calls fail in every way and everything is killed once.

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
PLAN = histories.Plan(
    seed=5, events=60, flights=6, rate=800, each=True, outage=0.0, kills_of=(*FUNCTIONS, "mapping", "broker")
)


@pytest.fixture(scope="module")
def stack() -> Stack:
    assert os.environ.get("KAFKA_BROKERS"), "the broker is killed too: run this by scripts/test.sh, on Apache Kafka"
    return Stack(Settings.from_environment())


@pytest.fixture(scope="module")
def proxy(stack: Stack) -> Iterator[ProxyControl]:
    with stack.through_proxy() as proxy:
        yield proxy


@pytest.fixture
def cloud(deployed: Cloud) -> Iterator[Cloud]:
    """The stack with an obedient model, no mutant and no dead letters, before and after."""
    for kind in ("bedrock", "mutant", "fault"):
        deployed.control("DELETE", kind)
    deployed.drain_dead_letters()
    yield deployed
    deployed.control("DELETE", "mutant")
    deployed.drain_dead_letters()


def test_a_history_ends_as_the_model_says_whatever_fails_and_is_killed(
    cloud: Cloud, stack: Stack, proxy: ProxyControl
) -> None:
    said: list[str] = []
    came = histories.play(stack, proxy, PLAN, said.append)
    assert came["passed"], (came["verdict"], said)
    assert set(came["faults"]) == set(FAULTS), came["faults"]
    assert set(came["killed"]) == {*FUNCTIONS, "mapping", "broker"}
    assert all(came["killed"].values()), came["killed"]
    assert came["poison"] > 0 and came["twice"] > 0 and came["notifications"] > 0, came


def test_a_message_that_is_lost_turns_the_verdict_red(cloud: Cloud, stack: Stack, proxy: ProxyControl) -> None:
    """The proof that the verdict can fail: what one booking is told gets lost on its way to the logs."""
    cloud.control("PUT", "mutant", {"kind": "dropped-booking"})
    plan = histories.Plan(seed=9, events=10, flights=3, rate=0, outage=0.0, kills_of=())
    came = histories.play(stack, proxy, plan, lambda _: None)
    assert not came["passed"] and came["verdict"]["missing"], came["verdict"]
