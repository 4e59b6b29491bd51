"""The broker is killed and comes back: what it took is told, once, and each flight ends as it was told last.

On a real Apache Kafka only: the embedded broker's data go with it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import REPO, STATE, Cloud, delay_event, new_id, wait_for
from test_readme import free_port

FLIGHTS = ("SW1234", "SW5678", "SW9012", "SW3456")
# Exit status of the simulator when it could not run.
CANNOT_RUN = 3
# The notification's numbers are counted for one flight of the sample: 8 passengers can be reached.
COUNTED, TOLD = "SW5678", 8


def kafka(command: str) -> None:
    done = subprocess.run([REPO / "scripts" / "kafka.sh", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def broker(cloud: Cloud) -> Iterator[None]:
    """The Apache Kafka that the stack reads; it runs again afterwards, whatever a test did."""
    known = (STATE / "kafka.env").read_text() if (STATE / "kafka.env").exists() else ""
    named = f"KAFKA_BROKERS={os.environ.get('KAFKA_BROKERS')}\n"
    assert named in known, "scripts/kafka.sh start; export KAFKA_BROKERS as it says; scripts/start-local.sh"
    caught_up(cloud)
    yield
    kafka("start")


def caught_up(cloud: Cloud) -> None:
    """Waits until the mapping has read everything and the brokers know."""

    def lag() -> bool:
        view = json.loads(cloud.simulator("watch", "--once", "--json").stdout)
        known = view["lag"].get("known", [])
        return bool(known) and not any(partition["lag"] for partition in known)

    wait_for("the end of the topic", lag)


def produce(cloud: Cloud, event: dict[str, Any], folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / f"{event['event_id']}.json"
    file.write_text(json.dumps(event))
    return cloud.simulator("produce", "--raw", str(file), "--flight-id", event["payload"]["flight_id"])


def ends_well(cloud: Cloud, events: list[dict[str, Any]]) -> None:
    """Every event has its execution, none is set aside, flights have what they were told last, nobody reads twice."""
    caught_up(cloud)
    last: dict[str, int] = {}
    for event in events:
        execution = cloud.execution_of(event["event_id"])
        assert execution["status"] == "SUCCEEDED", execution
        last[event["payload"]["flight_id"]] = event["payload"]["delay_minutes"]
    cloud.settled()
    assert {flight: int(cloud.item(f"FLIGHT#{flight}")["delay_minutes"]) for flight in last} == last
    for event in events:
        counts = Counter(one["notification_id"] for one in cloud.notifications(event["event_id"]))
        assert set(counts.values()) <= {1}, event
    final = next(event for event in reversed(events) if event["payload"]["flight_id"] == COUNTED)
    assert len(cloud.notifications(final["event_id"])) == TOLD
    assert cloud.drain_dead_letters() == []


def meanwhile(what: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=what, daemon=True)
    thread.start()
    return thread


def test_a_broker_that_is_killed_while_records_are_written_loses_none(
    cloud: Cloud, broker: None, tmp_path: Path
) -> None:
    written: list[dict[str, Any]] = []
    refused: list[str] = []
    killed, back = threading.Event(), threading.Event()

    def operations_centre() -> None:
        """Tells of a delay until Kafka has it, as any producer does; stops some events after the broker is back."""
        minutes, after = 60, 0
        while after < len(FLIGHTS):
            minutes += 5
            for flight in FLIGHTS:
                event = delay_event(new_id(), minutes, flight)
                while (run := produce(cloud, event, tmp_path)).returncode != 0:
                    assert run.returncode == CANNOT_RUN, run.stderr
                    refused.append(run.stderr)
                written.append(event)
                after += back.is_set()
            if len(written) >= 2 * len(FLIGHTS):
                # Enough to have a middle; the next record meets a broker that is away.
                killed.wait(60)

    centre = meanwhile(operations_centre)
    wait_for("records from before", lambda: len(written) >= 2 * len(FLIGHTS))
    kafka("kill")
    killed.set()
    # It is away long enough for a record to be refused.
    wait_for("a record that is not taken", lambda: refused)
    kafka("start")
    back.set()
    wait_for("the end of writing", lambda: not centre.is_alive())
    assert "has not taken the record" in refused[0]
    assert len(written) > 2 * len(FLIGHTS)
    ends_well(cloud, written)


def test_a_broker_that_is_killed_while_records_are_read_loses_none(cloud: Cloud, broker: None, tmp_path: Path) -> None:
    mapping = json.loads((STATE / "kafka.status.json").read_text())["pid"]
    events = [delay_event(new_id(), minutes, flight) for minutes in (60, 75, 90) for flight in FLIGHTS]
    # Written while nobody reads, so that they are read at once.
    os.kill(mapping, signal.SIGSTOP)
    try:
        for event in events:
            run = produce(cloud, event, tmp_path)
            assert run.returncode == 0, run.stderr
    finally:
        os.kill(mapping, signal.SIGCONT)
    try:
        # The function has done some of it. The mapping does not get to say so before the broker is dead.
        cloud.execution_of(events[0]["event_id"])
        os.kill(mapping, signal.SIGSTOP)
        kafka("kill")
    finally:
        os.kill(mapping, signal.SIGCONT)
    kafka("start")
    ends_well(cloud, events)
    assert json.loads((STATE / "kafka.status.json").read_text())["pid"] == mapping


def test_brokers_that_are_away_are_said(cloud: Cloud, tmp_path: Path) -> None:
    away = f"127.0.0.1:{free_port()}"
    run = cloud.simulator(
        "produce", "--event-type", "FLIGHT_REINSTATED", "--flight-id", "SW1234", "--brokers", away
    )  # fmt: skip
    assert (run.returncode, f"Kafka at {away} has not taken the record" in run.stderr) == (CANNOT_RUN, True), run.stderr
    # And before the local cloud is touched.
    start = subprocess.run(
        [REPO / "scripts" / "start-local.sh"], env={**os.environ, "KAFKA_BROKERS": away},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (start.returncode, f"No broker of KAFKA_BROKERS can be reached ({away}" in start.stdout) == (1, True)
    assert cloud.ask("/health").status == 200
