"""Bookings by the feeds beside the webhook, on real servers: Apache Kafka over SASL_SSL in the place of Azure Event
Hubs, PostgreSQL over TLS in the place of Adobe's Query Service. The local stack does not have their functions: the real
binaries are made into functions as the CDK app would make them."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import ENDPOINT, REPO, Cloud, wait_for
from functions import kill_a_function, made
from kafka_records import variables, write
from test_bookings import DAY, QUEUES, new_pnr, purchase
from test_bookings import record as record_of

sys.path.insert(0, str(REPO / "local-cloud"))

from flightpulse_cloud.apache_kafka import wire as kafka_wire
from flightpulse_cloud.postgres import wire as sql

CONSUMER, READER = "FlightPulse-BookingConsumer", "FlightPulse-QueryService"
# Of these tests alone, so that a page has all of its records.
NUMBER = "TL955"


@pytest.fixture
def cloud(deployed: Cloud) -> Iterator[Cloud]:
    """The stack as it is, with empty queues: no test here needs the sample data."""
    for queue in QUEUES:
        deployed.drain(queue)
    yield deployed
    for queue in QUEUES:
        deployed.drain(queue)


def bought(pnr: str, party: int = 1) -> dict[str, Any]:
    return purchase(pnr, party, NUMBER)


def record(cloud: Cloud, pnr: str) -> dict[str, Any] | None:
    return record_of(cloud, pnr, NUMBER)


def told(cloud: Cloud, **more: str) -> dict[str, str]:
    """What both functions are told."""
    outputs = cloud.outputs
    return {
        "BOOKING_QUEUE_URL": outputs["BookingQueueUrl"], "DEAD_LETTER_QUEUE_URL": outputs["DeadLetterQueueUrl"],
        "DEAD_LETTER_BUCKET": outputs["DeadLetterBucketName"], **more,
    }  # fmt: skip


def source_of(cloud: Cloud, pnr: str) -> str | None:
    """By which feed a reservation came, as the API says of its flight's records."""
    answer = cloud.ask(f"/flights/{NUMBER}-{DAY}-DEL/operations?limit=100", signed=True)
    assert answer.status in (200, 404), answer.body
    return next((one["source"] for one in answer.json().get("records", []) if one["pnr"] == pnr), None)


def letters(cloud: Cloud, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    wait_for(f"{count} dead letters", lambda: found.extend(cloud.drain_dead_letters()) or len(found) >= count)
    return found


@pytest.fixture
def topic(cloud: Cloud, tmp_path: Path) -> Iterator[str]:
    """A topic of bookings with its mapping and its function, all of this test's own."""
    known = variables("kafka.env")
    name = f"bookings-{uuid.uuid4().hex[:8]}"
    assert kafka_wire.create_topic(int(known["KAFKA_BROKERS"].rpartition(":")[2]), name, 2)
    mapping = Path(os.environ.get("CARGO_TARGET_DIR") or REPO / "target") / "debug" / "flightpulse-kafka-mapping"
    env = {
        "PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": ENDPOINT, "AWS_REGION": "us-east-1", "RUST_LOG": "info",
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "KAFKA_SASL_MECHANISM": "PLAIN",
        **{name: known[name] for name in ("KAFKA_USERNAME", "KAFKA_PASSWORD", "KAFKA_CA_FILE")},
    }  # fmt: skip
    line = [
        mapping, "serve", "--brokers", known["KAFKA_TLS_BROKERS"], "--topic", name, "--function", CONSUMER,
        "--group", f"flightpulse-{name}", "--batch-size", "100", "--batching-window-ms", "200",
        "--report-batch-item-failures", "--status-file", tmp_path / "status.json",
    ]  # fmt: skip
    with made(cloud, CONSUMER, "flightpulse-booking-consumer", told(cloud), timeout=60):
        with (tmp_path / "mapping.log").open("wb") as log:
            process = subprocess.Popen([str(part) for part in line], env=env, stderr=log)
        try:
            yield name
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise


def test_a_record_of_event_hubs_becomes_a_reservation(cloud: Cloud, topic: str) -> None:
    alone, first, second = new_pnr(), new_pnr(), new_pnr()
    write(topic, [json.dumps(bought(alone)).encode()])
    write(topic, [json.dumps({"events": [bought(first, 2), bought(second, 3)]}).encode()], partition=1)
    for pnr in (alone, first, second):
        wait_for(f"the record of {pnr}", lambda pnr=pnr: record(cloud, pnr))
        assert source_of(cloud, pnr) == "aep-event-hubs"


def test_a_poison_record_is_a_dead_letter_and_its_neighbours_proceed(cloud: Cloud, topic: str) -> None:
    before, after, poison = new_pnr(), new_pnr(), b"\xff no json"
    offset = write(topic, [json.dumps(bought(before)).encode(), poison, json.dumps(bought(after)).encode()])
    for pnr in (before, after):
        wait_for(f"the record of {pnr}", lambda pnr=pnr: record(cloud, pnr))
    (letter,) = letters(cloud, 1)
    assert (letter["kind"], letter["topic"], letter["partition"]) == ("kafka_record", topic, 0)
    assert letter["offset"] == offset + 1
    assert base64.b64decode(letter["bytes_base64"]) == poison


class Dataset:
    """A table of the server, as Query Service has one of a dataset, and the function that asks for it."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud, self.known = cloud, variables("postgres.env")
        self.table = f"bookings_{uuid.uuid4().hex[:8]}"
        self.execute(
            f'CREATE TABLE {self.table} (_id text, timestamp timestamp, "eventType" text, commerce jsonb, '
            f'"productListItems" jsonb, _tlpairways text); '
            f"GRANT SELECT ON {self.table} TO {self.known['POSTGRES_USERNAME']}"
        )

    def execute(self, statement: str) -> list[list[str | None]]:
        known = self.known
        return sql.execute(
            Path(known["POSTGRES_SOCKETS"]), int(known["POSTGRES_PORT"]), known["POSTGRES_DATABASE"], statement
        )

    def secret(self, **changed: str | None) -> str:
        known = self.known
        secret = {
            "username": known["POSTGRES_USERNAME"], "password": known["POSTGRES_PASSWORD"],
            "ca": Path(known["POSTGRES_CA_FILE"]).read_text(), **changed,
        }  # fmt: skip
        return json.dumps(secret)

    def add(self, event: dict[str, Any], minutes_ago: float) -> None:
        """A row of the dataset: nested fields as JSON."""
        at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
        event = {**event, "timestamp": at.strftime("%Y-%m-%d %H:%M:%S.%f")}
        values = [value if isinstance(value, str) else json.dumps(value) for value in event.values()]
        names = ", ".join(f'"{name}"' for name in event)
        self.execute(f"INSERT INTO {self.table} ({names}) VALUES ({', '.join(map(sql.literal, values))})")

    def pull(self) -> dict[str, Any]:
        """Has the function read; what it answers."""
        answer = self.invoke()
        assert "errorType" not in answer, answer
        return answer

    def invoke(self) -> dict[str, Any]:
        answer = self.cloud.client("lambda").invoke(FunctionName=READER)
        return json.loads(answer["Payload"].read())


@pytest.fixture
def dataset(cloud: Cloud) -> Iterator[Dataset]:
    """An empty one."""
    made_up = Dataset(cloud)
    secrets = cloud.client("secretsmanager")
    arn = secrets.create_secret(Name=made_up.table, SecretString=made_up.secret())["ARN"]
    settings = told(
        cloud, TABLE_NAME=cloud.outputs["TableName"], QUERY_SERVICE_SECRET_ARN=arn, QUERY_SERVICE_TABLE=made_up.table,
        QUERY_SERVICE_HOST=f"127.0.0.1:{made_up.known['POSTGRES_PORT']}",
        QUERY_SERVICE_DATABASE=made_up.known["POSTGRES_DATABASE"], QUERY_SERVICE_MAX_ROWS="3",
        QUERY_SERVICE_OVERLAP_MINUTES="120", QUERY_SERVICE_FIRST_MINUTES="1440",
    )  # fmt: skip
    with made(cloud, READER, "flightpulse-query-service", settings, timeout=900):
        yield made_up
    secrets.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    made_up.execute(f"DROP TABLE {made_up.table}")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_rows_become_reservations_late_ones_too_and_repeats_change_nothing(cloud: Cloud, dataset: Dataset) -> None:
    pnrs = [new_pnr() for _ in range(10)]
    for nth, pnr in enumerate(pnrs):
        # More than are read at once, so the span is read in slices.
        dataset.add(bought(pnr), minutes_ago=20 * 60 - 7 * nth)
    new = new_pnr()
    dataset.add(bought(new), minutes_ago=10)
    first = dataset.pull()
    assert (first["events"], first["finished"]) == (11, True)
    for pnr in [*pnrs, new]:
        wait_for(f"the record of {pnr}", lambda pnr=pnr: record(cloud, pnr))
    assert {source_of(cloud, pnr) for pnr in [*pnrs, new]} == {"aep-query-service"}
    cloud.bookings_settled()
    revision = cloud.item(f"RESERVATION#{new}")["revision"]

    # It happened before what was read last, and came into the dataset only now.
    late = new_pnr()
    dataset.add(bought(late), minutes_ago=90)
    second = dataset.pull()
    assert (second["events"], second["from"]) == (2, first["watermark"])
    assert moment(second["until"]) - moment(second["from"]) < timedelta(minutes=125)
    wait_for("the late record", lambda: record(cloud, late))
    cloud.bookings_settled()
    assert cloud.item(f"RESERVATION#{new}")["revision"] == revision
    assert cloud.drain_dead_letters() == []


def test_a_row_that_is_no_event_is_a_dead_letter_and_its_neighbours_proceed(cloud: Cloud, dataset: Dataset) -> None:
    pnr = new_pnr()
    wrong = bought(new_pnr())
    wrong["_tlpairways"]["booking"]["pnr"] = "no locator at all"
    dataset.add(wrong, minutes_ago=12)
    dataset.add(bought(pnr), minutes_ago=11)
    assert dataset.pull()["events"] == 2
    wait_for("the record", lambda: record(cloud, pnr))
    (letter,) = letters(cloud, 1)
    assert (letter["kind"], letter["source"]) == ("booking_event", "query-service")
    assert json.loads(base64.b64decode(letter["bytes_base64"]))["_id"] == wrong["_id"]


def test_who_is_not_let_in_says_so_and_goes_on_where_it_stood(cloud: Cloud, dataset: Dataset) -> None:
    pnr, secrets = new_pnr(), cloud.client("secretsmanager")
    dataset.add(bought(pnr), minutes_ago=30)
    for changed, says in (({"password": "hunter2"}, "password authentication failed"), ({"ca": None}, "UnknownIssuer")):
        secrets.put_secret_value(SecretId=dataset.table, SecretString=dataset.secret(**changed))
        answer = dataset.invoke()
        assert answer["errorType"] == "Defect"
        assert says in answer["errorMessage"] and "hunter2" not in answer["errorMessage"]
    secrets.put_secret_value(SecretId=dataset.table, SecretString=dataset.secret())
    assert dataset.pull()["events"] == 1
    wait_for("the record", lambda: record(cloud, pnr))


def hold(dataset: Dataset) -> None:
    """Keeps everybody from reading the table, until this is ended."""
    with suppress(sql.NoAnswer):
        dataset.execute(f"BEGIN; LOCK TABLE {dataset.table}; SELECT pg_sleep({int(sql.TIMEOUT)})")


def test_a_reading_that_is_killed_loses_nothing(cloud: Cloud, dataset: Dataset) -> None:
    pnrs = [new_pnr() for _ in range(5)]
    for nth, pnr in enumerate(pnrs):
        dataset.add(bought(pnr), minutes_ago=600 - nth)
    waiting = (
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'flightpulse' "
        f"AND query LIKE '%{dataset.table}%'"
    )
    # The table is held until the function, which waits for it, is dead.
    held = threading.Thread(target=hold, args=(dataset,))
    held.start()
    reading = threading.Thread(target=dataset.invoke)
    reading.start()
    wait_for("a reading that waits", lambda: dataset.execute(waiting))
    kill_a_function(READER)
    reading.join(60)
    assert not reading.is_alive(), "the reading goes on though its function was killed"
    dataset.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK TABLE%'")
    held.join(60)
    assert not held.is_alive(), "the table is still held"
    assert dataset.pull()["events"] == 5
    for pnr in pnrs:
        wait_for(f"the record of {pnr}", lambda pnr=pnr: record(cloud, pnr))
