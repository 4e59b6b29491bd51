"""The deployed API against its document: Schemathesis makes requests out of `docs/openapi.json`, right and wrong ones.

Nothing that it finds is accepted: no answer of the 500s, none that the document does not have, no wrong request that is
let through and no right one that is refused. Settings and the reason for each are in `openapi/schemathesis.toml`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from conftest import REPO, TABLE, Cloud

DOCUMENT = REPO / "docs" / "openapi.json"
FOLDER = Path(__file__).parent / "openapi"
# Seconds; it takes a quarter of that.
DEADLINE = 600
# On which nobody is booked: what operators do to it, nobody hears of. Also in openapi/.
FLIGHT = "SW-OPENAPI"


@pytest.fixture
def quiet(cloud: Cloud) -> Iterator[Cloud]:
    """The sample airline with one more flight; afterwards nothing is held and no workflow runs."""
    flight = {
        "PK": f"FLIGHT#{FLIGHT}", "SK": "METADATA", "flight_id": FLIGHT, "status": "SCHEDULED", "origin": "DEN",
        "destination": "PHX", "scheduled_departure": "2035-11-22T21:10:00Z",
        "scheduled_arrival": "2035-11-22T23:05:00Z", "gate": "B7",
    }  # fmt: skip
    dynamodb = cloud.client("dynamodb")
    dynamodb.put_item(TableName=TABLE, Item={name: {"S": value} for name, value in flight.items()})
    try:
        yield cloud
    finally:
        cloud.admin("POST", "/admin/notifications/release", {"operator": "e2e", "reason": "the end of a test"})
        cloud.settled()
        # What was made up as bookings is none, and ends there.
        cloud.bookings_settled()
        cloud.client("sqs").purge_queue(QueueUrl=cloud.outputs["DeadLetterQueueUrl"])
        dynamodb.delete_item(TableName=TABLE, Key={"PK": {"S": flight["PK"]}, "SK": {"S": "METADATA"}})


def run(cloud: Cloud, document: Path, scratch: Path, *arguments: str) -> tuple[subprocess.CompletedProcess[str], Path]:
    """What Schemathesis finds, and what it counted."""
    counts = scratch / "counts"
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(FOLDER / "schemathesis.toml"),
        "run", str(document), "--url", cloud.outputs["LocalApiUrl"], "--checks", "all", "--no-color", *arguments,
    ]  # fmt: skip
    env = {**os.environ, "FLIGHTPULSE_OPENAPI_COUNTS": str(counts), "PYTHONPATH": str(FOLDER)}
    env["FLIGHTPULSE_OPENAPI_WEBHOOK_SECRET"] = cloud.booking_sources()["forwarder"]
    # In the scratch directory: what it leaves behind goes with it.
    done = subprocess.run(
        command, cwd=scratch, env=env, capture_output=True, text=True, timeout=DEADLINE, check=False
    )  # fmt: skip
    return done, counts


def notifications(cloud: Cloud) -> int:
    """How many lines the notification logs have."""
    pages = cloud.client("logs").get_paginator("filter_log_events")
    return sum(
        len(page["events"])
        for channel in ("email", "sms")
        for page in pages.paginate(logGroupName=f"/flightpulse/notifications/{channel}")
    )


def test_the_document_is_one() -> None:
    schemathesis.openapi.from_path(DOCUMENT).validate()


def test_the_api_does_what_its_document_says(quiet: Cloud, tmp_path: Path) -> None:
    # What an earlier test set off must not be taken for what this one did.
    quiet.settled()
    before = notifications(quiet)
    done, counts = run(quiet, DOCUMENT, tmp_path)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    quiet.settled()
    assert notifications(quiet) == before
    answers: dict[str, Counter[str]] = defaultdict(Counter)
    for line in counts.read_text().splitlines():
        operation, status = line.split("\t")
        answers[operation][status] += 1
    # What was not reached is not proved: each operation has answered what it is for, and refused what it can refuse.
    for path, item in json.loads(DOCUMENT.read_text())["paths"].items():
        methods = item.keys() & {"get", "post"}
        # Another method is of a path: it is asked of one operation of those that share it.
        assert sum(answers[f"{method.upper()} {path}"]["405"] for method in methods) >= 3, (path, answers)
        for method in methods:
            of, documented = answers[f"{method.upper()} {path}"], item[method]["responses"]
            assert of["200"] + of["202"] >= 3, (method, path, of)
            assert of["400"] >= 3 or "400" not in documented or not item[method].get("parameters"), (method, path, of)


def broken(change: str) -> dict[str, Any]:
    """The document with something in it that the API does not do."""
    document = json.loads(DOCUMENT.read_text())
    answers = document["paths"]["/flights/{flight_id}"]["get"]["responses"]
    if change == "a field that is not there":
        schema = answers["200"]["content"]["application/json"]["schema"]
        answers["200"]["content"]["application/json"]["schema"] = {"allOf": [schema, {"required": ["pilot"]}]}
    elif change == "a status left out":
        del answers["404"]
    elif change == "a parameter that is not asked for":
        wanted = {"name": "passport", "in": "query", "required": True, "schema": {"type": "string", "minLength": 9}}
        document["paths"]["/flights/{flight_id}"]["get"]["parameters"].append(wanted)
    return document


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("a field that is not there", '"pilot" is a required property'),
        ("a status left out", "Undocumented status code"),
        ("a parameter that is not asked for", "Valid data should have been accepted"),
    ],
)
def test_a_breach_is_found(quiet: Cloud, tmp_path: Path, change: str, says: str) -> None:
    document = tmp_path / "broken.json"
    document.write_text(json.dumps(broken(change)))
    done, _ = run(quiet, document, tmp_path, "--include-operation-id", "getFlight", "--phases", "examples,coverage")
    assert (done.returncode, says in done.stdout) == (1, True), done.stdout[-5_000:] + done.stderr[-2_000:]
