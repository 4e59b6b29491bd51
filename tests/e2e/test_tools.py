"""The tester's tools: a load, a live view, a generated network that is stopped and gone on with."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from conftest import REPO, TABLE, Cloud, wait_for

INTERRUPTED = 130


def started(*arguments: str) -> subprocess.Popen[str]:
    target = Path(os.environ.get("CARGO_TARGET_DIR") or REPO / "target")
    return subprocess.Popen(
        [str(target / "debug" / "flightpulse-simulator"), *arguments],
        cwd=REPO, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def ended(process: subprocess.Popen[str], how: signal.Signals) -> tuple[int, str, str]:
    process.send_signal(how)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


class Network:
    """A generated network of a seed and a day of its own, whatever else is in the table."""

    def __init__(self, cloud: Cloud, flights: int, passengers: int) -> None:
        self.cloud, self.flights, self.passengers = cloud, flights, passengers
        self.seed = random.randrange(2**31)
        self.day = date(2030, 1, 1) + timedelta(days=random.randrange(20_000))
        self.command = (
            "seed", "--flights", str(flights), "--passengers", str(passengers), "--seed", str(self.seed),
            "--date", self.day.isoformat(),
        )  # fmt: skip

    def noted(self) -> dict[str, Any] | None:
        key = f"SEEDING#{self.day.isoformat()}#{self.seed}-{self.flights}-{self.passengers}"
        return self.cloud.item("SEEDINGS", key)

    def written(self) -> int:
        noted = self.noted()
        return int(noted["written"]) if noted else 0

    def has(self, passenger: int) -> bool:
        return self.cloud.item(f"PASSENGER#GEN{self.seed}-{self.day:%Y%m%d}-P{passenger:07}") is not None

    def items(self) -> list[dict[str, Any]]:
        """Its items, found by what their keys have in them."""
        mine = (
            f"GEN{self.seed}-{self.day:%Y%m%d}-",
            f"-{self.day + timedelta(days=1)}-",
            f"-{self.day + timedelta(days=2)}-",
        )
        pages = self.cloud.client("dynamodb").get_paginator("scan").paginate(TableName=TABLE)
        return [item for page in pages for item in page["Items"] if any(part in item["PK"]["S"] for part in mine)]


def test_a_load_is_written_at_its_rate_and_read(cloud: Cloud) -> None:
    network = Network(cloud, flights=10, passengers=20)
    assert cloud.simulator(*network.command).returncode == 0
    run = cloud.simulator("load", "--rate", "20", "--seconds", "2", "--flights-from", "table", "--json")
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    assert (report["written"], report["failed"], report["drain"]["left"]) == (40, 0, 0)
    assert report["latency"]["p50_ms"] <= report["latency"]["p99_ms"] <= report["latency"]["max_ms"]
    # Every event is valid: none is set aside, and each flight that had one knows of it.
    assert cloud.drain_dead_letters() == []

    def changed() -> int:
        return sum("schedule_version" in item or "gate_version" in item for item in network.items())

    wait_for("flights that changed", lambda: changed() > 0)


def test_a_load_ends_in_order_when_it_is_interrupted(cloud: Cloud) -> None:
    process = started("load", "--rate", "2", "--seconds", "600")
    assert process.stdout is not None and process.stdout.readline().startswith("load ")
    status, out, err = ended(process, signal.SIGINT)
    assert (status, "written: " in out, "stopped" in err) == (INTERRUPTED, True, True), out + err


def test_the_view_shows_everything_and_ends_well(cloud: Cloud) -> None:
    run = cloud.simulator("watch", "--once", "--json")
    assert run.returncode == 0, run.stderr
    view = json.loads(run.stdout)
    sources = ("lag", "workflows", "notifications", "held", "dead_letters")
    assert {name: list(view[name]) for name in sources} == {name: ["known"] for name in sources}, view
    assert next(iter(view["changes"])) in ("known", "absent")
    assert [one["partition"] for one in view["lag"]["known"]] == [0, 1, 2, 3]
    assert len(view["workflows"]["known"]) == 3
    process = started("watch", "--interval", "1")
    assert process.stdout is not None and process.stdout.readline().startswith("FlightPulse, the local cloud")
    status, _, err = ended(process, signal.SIGINT)
    assert (status, err) == (0, "")


def test_what_does_not_answer_does_not_end_the_view(cloud: Cloud) -> None:
    run = cloud.simulator("watch", "--once", "--brokers", "127.0.0.1:1")
    assert run.returncode == 0, run.stderr
    assert "does not answer" in run.stdout
    assert "FlightPulse-DeadLetters 0" in run.stdout


def test_a_hold_is_seen(cloud: Cloud) -> None:
    who = ("--reason", "a test", "--by", "e2e")
    assert cloud.simulator("ops", "hold", *who).returncode == 0
    try:
        assert "they are HELD since" in cloud.simulator("watch", "--once").stdout
    finally:
        assert cloud.simulator("ops", "release", *who).returncode == 0


def test_a_network_is_stopped_killed_gone_on_with_and_whole(cloud: Cloud) -> None:
    network = Network(cloud, flights=20, passengers=1500)
    total = 1520
    # One batch at a time, so that there is a middle to stop in.
    slowly = (*network.command, "--concurrency", "1")
    # Each is ended once a passenger early in what is left is there, long before the last.
    for how, status, passenger in ((signal.SIGINT, INTERRUPTED, 50), (signal.SIGKILL, -signal.SIGKILL, 400)):
        process = started(*slowly)
        wait_for("a passenger", lambda passenger=passenger: network.has(passenger))
        ended_as, _, err = ended(process, how)
        assert ended_as == status, err
        # Nobody notes anything more once it is killed: what is noted may be less than what is there.
        assert 50 < network.written() < total
        assert ("the same command goes on from there" in err) == (how == signal.SIGINT)
    run = cloud.simulator(*network.command)
    assert run.returncode == 0, run.stderr
    assert "going on after record" in run.stdout

    items = network.items()
    kinds = Counter((item["PK"]["S"].split("#")[0], item["SK"]["S"].split("#")[0]) for item in items)
    booked = {
        item["flight_id"]["S"]: int(item["booked_passengers"]["N"]) for item in items if "booked_passengers" in item
    }
    under = Counter(
        item["flight_id"]["S"]
        for item in items
        if item["PK"]["S"].startswith("FLIGHT#") and item["SK"]["S"] != "METADATA"
    )
    assert booked == {flight: under[flight] for flight in booked}
    bookings = sum(booked.values())
    assert kinds == {
        ("FLIGHT", "METADATA"): 20, ("FLIGHT", "BOOKING"): bookings, ("BOOKING", "METADATA"): bookings,
        ("PASSENGER", "METADATA"): 1500, ("PASSENGER", "BOOKING"): bookings,
    }  # fmt: skip
    # Done is done; what is asked for anew is written anew.
    again = cloud.simulator(*network.command)
    assert (again.returncode, "it is all there" in again.stdout) == (0, True)
    other = cloud.simulator("seed", "--flights", "2", "--passengers", "2", "--date", network.day.isoformat())
    assert (other.returncode, "take another --date" in other.stderr) == (3, True)


def test_more_passengers_than_seats_are_refused(cloud: Cloud) -> None:
    run = cloud.simulator("seed", "--flights", "2", "--passengers", "2000", "--date", "2029-01-01")
    assert (run.returncode, "at most 792 seats" in run.stderr) == (2, True), run.stderr
