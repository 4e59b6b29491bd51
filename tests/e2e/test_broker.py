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
    back = threading.Event()

    def operations_centre() -> None:
        """Tells of a delay until Kafka has it, as any producer does; stops some events after the broker is back."""
        minutes, after = 30, 0
        while after < len(FLIGHTS):
            # So much that passengers are told of each.
            minutes += 30
            for flight in FLIGHTS:
                event = delay_event(new_id(), minutes, flight)
                while (run := produce(cloud, event, tmp_path)).returncode != 0:
                    assert run.returncode == CANNOT_RUN, run.stderr
                    refused.append(run.stderr)
                written.append(event)
                after += back.is_set()

    centre = meanwhile(operations_centre)
    wait_for("records from before", lambda: len(written) >= 2 * len(FLIGHTS))
    kafka("kill")
    # It is away long enough for a record to be refused.
    wait_for("a record that is not taken", lambda: refused)
    kafka("start")
    back.set()
    wait_for("the end of writing", lambda: not centre.is_alive())
    # Of a producer that was started while the broker was away, mostly; each says who has not taken what.
    assert all(f"Kafka at {os.environ['KAFKA_BROKERS']} has not taken the record" in said for said in refused)
    assert len(written) > 2 * len(FLIGHTS)
    ends_well(cloud, written)


def mapping() -> dict[str, Any]:
    """What the mapping says of itself."""
    return json.loads((STATE / "kafka.status.json").read_text())


def processes_of(function: str) -> list[int]:
    """The running instances of a function of this stack."""
    wanted = {f"AWS_LAMBDA_FUNCTION_NAME={function}".encode(), f"FLIGHTPULSE_PROCESS={STATE}:cloud".encode()}
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if wanted <= set((process / "environ").read_bytes().split(b"\0")):
                found.append(int(process.name))
        except OSError:
            continue
    return found


def test_a_broker_that_is_killed_between_the_work_and_the_commit_loses_none(
    cloud: Cloud, broker: None, tmp_path: Path
) -> None:
    before = mapping()
    events = [delay_event(new_id(), minutes, flight) for minutes in (60, 90, 120) for flight in FLIGHTS]
    cloud.invoke_consumer({"records": {}})
    consumers = processes_of(cloud.outputs["KafkaConsumerName"])
    assert consumers
    for pid in consumers:
        os.kill(pid, signal.SIGSTOP)
    try:
        for event in events:
            run = produce(cloud, event, tmp_path)
            assert run.returncode == 0, run.stderr
        wait_for("an invocation that does not end", lambda: mapping()["in_flight"])
        kafka("kill")
    finally:
        for pid in consumers:
            os.kill(pid, signal.SIGCONT)
    # The function does its work; that it is done cannot be noted until the broker is back.
    cloud.execution_of(events[0]["event_id"])
    kafka("start")
    ends_well(cloud, events)
    assert mapping()["pid"] == before["pid"]
    assert mapping()["discarded_records"] == before["discarded_records"]


def test_brokers_that_are_away_are_said_before_the_local_cloud_is_touched(cloud: Cloud) -> None:
    away = f"127.0.0.1:{free_port()}"
    start = subprocess.run(
        [REPO / "scripts" / "start-local.sh"], env={**os.environ, "KAFKA_BROKERS": away},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (start.returncode, f"No broker of KAFKA_BROKERS can be reached ({away}" in start.stdout) == (1, True)
    assert cloud.ask("/health").status == 200
