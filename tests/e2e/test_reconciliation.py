"""Files of exports held against the table, on the deployed stack: every form, every fault, every state tried twice."""

from __future__ import annotations

import gzip
import json
import random
import uuid
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from conftest import REPO, Cloud, wait_for

SAMPLES = REPO / "sample-data/aep/exports"
PARQUET = sorted(path.name for path in SAMPLES.glob("*.parquet"))
WRITES = ("TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem")
# The tasks on the way of a run that succeeds; NoteFailure and DeadLetter are on that of one that fails.
ON_THE_WAY = ("Plan", "ReconcilePart", "Conclude")
# Each test takes a flight number off the list, so that no two count the same passengers; the day keeps apart
# the runs of these tests against one stack.
FLIGHTS = [f"XX{number}" for number in random.sample(range(1000, 10_000), 9000)]
DEPARTURE = date.today() + timedelta(days=random.randrange(14, 300))


class Exports:
    """The bucket of exports, and the runs of what is put there. Each test has a folder of its own."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.bucket = cloud.outputs["ExportBucketName"]
        self.folder = f"exports/{uuid.uuid4().hex[:12]}/exportTime=202611300600"

    def put(self, name: str, content: bytes) -> str:
        key = f"{self.folder}/{name}"
        self.cloud.client("s3").put_object(Bucket=self.bucket, Key=key, Body=content)
        return key

    def read(self, prefix: str) -> list[Any]:
        """What is in the files under a prefix, a line each."""
        s3 = self.cloud.client("s3")
        found = s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix).get("Contents", [])
        bodies = [s3.get_object(Bucket=self.bucket, Key=one["Key"])["Body"].read() for one in found]
        return [json.loads(line) for body in bodies for line in body.decode().splitlines()]

    def runs(self, key: str) -> list[dict[str, Any]]:
        """The runs of a file that have ended, newest first, as the API lists them."""
        answer = self.cloud.ask("/reconciliations?limit=100", signed=True)
        assert answer.status == 200, answer.body
        runs = [run for run in answer.json()["reconciliations"] if run["key"] == key]
        return [run for run in runs if run["status"] != "RUNNING"]

    def ended(self, key: str, but: str | None = None) -> dict[str, Any]:
        """The newest run of a file that has ended, other than this: two that began in one second have no order."""

        def others() -> list[dict[str, Any]]:
            return [run for run in self.runs(key) if run["reconciliation_id"] != but]

        return wait_for(f"a run of {key}, other than {but}", others)[0]

    def executions(self, key: str) -> list[dict[str, Any]]:
        """The executions about a file, once all have ended."""
        sfn, machine = self.cloud.client("stepfunctions"), self.cloud.outputs["ReconciliationStateMachineArn"]

        def all_ended() -> list[dict[str, Any]]:
            arns = [one["executionArn"] for one in sfn.list_executions(stateMachineArn=machine)["executions"]]
            told = [sfn.describe_execution(executionArn=arn) for arn in arns]
            ours = [one for one in told if key in one["input"]]
            return ours if ours and all(one["status"] != "RUNNING" for one in ours) else []

        return wait_for(f"the executions for {key}", all_ended)

    def letters(self) -> list[str]:
        """The dead letters about this folder, by their ids. Another test's may lie beside them."""
        queues = json.loads(self.cloud.simulator("dlq", "list", "--json").stdout)["queues"]
        return [one["id"] for queue in queues for one in queue["letters"] if self.folder in (one.get("file") or "")]

    def redrive(self) -> None:
        """Sends these letters again."""
        done = self.cloud.simulator("dlq", "redrive", *self.letters())
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def exports(cloud: Cloud) -> Exports:
    return Exports(cloud)


def event(pnr: str, flight: str, second: int = 1, party: int = 2) -> dict[str, Any]:
    return {
        "_id": f"{pnr}-{second}", "eventType": "commerce.purchases", "timestamp": f"2026-11-20T10:00:{second:02}Z",
        "commerce": {"order": {"purchaseID": pnr, "priceTotal": 300, "currencyCode": "INR"}},
        "productListItems": [{
            "SKU": "F", "quantity": party, "priceTotal": 300,
            "_tlpairways": {
                "flightNumber": flight, "origin": "DEL", "destination": "BOM", "departureDate": f"{DEPARTURE}",
            },
        }],
        "_tlpairways": {"booking": {"pnr": pnr, "passengerCount": party}},
    }  # fmt: skip


def lines(*events: Any) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in events).encode()


def names() -> tuple[str, str]:
    """Record locators and a flight that no other test has."""
    return f"R{uuid.uuid4().hex[:6].upper()}", FLIGHTS.pop()


def passengers(cloud: Cloud, flight: str) -> int:
    answer = cloud.ask(f"/flights/{flight}-{DEPARTURE}-DEL/operations", signed=True)
    return answer.json()["totals"]["passengers"] if answer.status == 200 else 0


def test_every_form_of_an_export_is_read_and_says_the_same(cloud: Cloud, exports: Exports) -> None:
    plain = (SAMPLES / "events.ndjson").read_bytes()
    keys = [exports.put(f"part-00000.{name}", (SAMPLES / name).read_bytes()) for name in PARQUET]
    rows = [json.loads(line) for line in plain.splitlines()]
    keys += [
        exports.put("part-00001.json", plain),
        exports.put("part-00002.json.gz", gzip.compress(plain)),
        exports.put("part-00003.json", json.dumps(rows).encode()),
        exports.put("part 00004 + x.ndjson.gz", gzip.compress(plain)),
    ]
    runs = [exports.ended(key) for key in keys]
    assert len(PARQUET) >= 9
    for run in runs:
        assert run["status"] == "COMPLETED", run
        assert (run["rows"], run["booking_events"], run["ignored"], run["rejected"]) == (6, 5, 1, 0), run
    # Three reservations, however many files have them at once; another run of this test may have brought them.
    assert sum(run["missing"] for run in runs) in (0, 3)
    assert {exports.ended(key)["reconciliation_id"] for key in keys} == {run["reconciliation_id"] for run in runs}
    one = cloud.ask(f"/reconciliations/{runs[0]['reconciliation_id']}", signed=True)
    assert one.json() == runs[0]
    assert cloud.drain_dead_letters() == []


def test_a_file_that_is_reconciled_again_writes_nothing_but_its_report(cloud: Cloud, exports: Exports) -> None:
    pnr, flight = names()
    events = [event(f"{pnr}{nth:03}", flight) for nth in range(150)]
    key = exports.put("part-0.json.gz", gzip.compress(lines(*events)))
    first = exports.ended(key)
    assert (first["missing"], first["different"], passengers(cloud, flight)) == (150, 0, 300)
    found = exports.read(first["report"].replace("report.json", "discrepancies-"))
    assert sorted(one["pnr"] for one in found) == [f"{pnr}{nth:03}" for nth in range(150)]

    cloud.control("DELETE", "requests")
    exports.put("part-0.json.gz", gzip.compress(lines(*events)))
    second = exports.ended(key, but=first["reconciliation_id"])
    exports.executions(key)
    assert (second["missing"], second["different"], second["rows"]) == (0, 0, 150)
    counts = cloud.control("GET", "requests")["services"]["dynamodb"]
    # The run, noted when it is planned and when it ends, and its part.
    assert {name: counts[name] for name in WRITES if name in counts} == {"PutItem": 3}
    assert passengers(cloud, flight) == 300


def test_rows_that_cannot_be_understood_are_told_with_their_line(cloud: Cloud, exports: Exports) -> None:
    pnr, flight = names()
    unknown = event(f"{pnr}2", flight)
    unknown["productListItems"][0]["_tlpairways"]["origin"] = "QQQ"
    content = lines(event(f"{pnr}1", flight)) + lines(unknown) + b"{cut\n" + lines(event(f"{pnr}3", flight))
    run = exports.ended(exports.put("part-0.ndjson", content))
    assert (run["status"], run["rows"], run["rejected"], run["missing"]) == ("COMPLETED", 4, 2, 2)
    told = exports.read(f"rejected/{run['reconciliation_id']}/")
    assert [(one["line"], one["content"]) for one in told] == [(2, unknown), (3, "{cut")]
    assert "origin" in told[0]["reason"] and told[1]["reason"].startswith("no JSON")


def manifest(**sizes: int) -> bytes:
    files = [{"sinkPath": "/exports", "name": f"{name}.json", "size": size} for name, size in sizes.items()]
    return json.dumps({"flowRunId": "r", "scheduledTime": "2026-11-30T06:00:00Z", "exportResults": files}).encode()


BAD = {
    "part-0.parquet": (b"PAR1 and what not", "the file is no Parquet"),
    "part-1.parquet": ((SAMPLES / "gzip.parquet").read_bytes()[:-40], "the file is no Parquet"),
    "part-2.json.gz": (gzip.compress(lines(*[{"eventType": "x"}] * 900))[:-12], "the file is no whole gzip"),
    "part-3.json": (b"", "the file is empty"),
    "part-4.json": (lines({"city": "london"}, {"city": "paris"}), "none of its 2 rows has an eventType"),
    "part-5.json": (lines({"eventType": "commerce.purchases", "timestamp": 7}), "none of its 1 rows can be understood"),
    "part-6.csv": (b"a,b\n", "part-6.csv is in no format that is read"),
    "manifest-1.json": (b"[]", "the manifest cannot be read"),
}


def test_bad_files_fail_with_the_reason_and_can_be_made_again(cloud: Cloud, exports: Exports) -> None:
    keys = {name: exports.put(name, content) for name, (content, _) in BAD.items()}
    for name, key in keys.items():
        run = exports.ended(key)
        assert run["status"] == "FAILED" and run["reason"].startswith(BAD[name][1]), run
        report = cloud.client("s3").get_object(Bucket=exports.bucket, Key=run["report"])["Body"].read()
        assert json.loads(report)["reason"] == run["reason"]
    failed = exports.ended(keys["part-2.json.gz"])
    # Mended in its place, and sent again: the same run, and this time all of it.
    pnr, flight = names()
    exports.executions(exports.folder)
    assert len(exports.letters()) == len(BAD)
    for name, key in keys.items():
        if name not in ("part-2.json.gz", "manifest-1.json"):
            cloud.client("s3").delete_object(Bucket=exports.bucket, Key=key)
    content = gzip.compress(lines(event(f"{pnr}1", flight)))
    exports.put("part-2.json.gz", content)
    wait_for("the mended file's own run", lambda: exports.runs(keys["part-2.json.gz"])[0]["status"] == "COMPLETED")
    exports.redrive()

    def again() -> bool:
        runs = {run["reconciliation_id"]: run for run in exports.runs(keys["part-2.json.gz"])}
        # While it is under way it is none that has ended.
        return runs.get(failed["reconciliation_id"], {}).get("status") == "COMPLETED"

    wait_for("the failed run made again", again)
    assert len(exports.runs(keys["part-2.json.gz"])) == 2
    exports.executions(exports.folder)
    gone = exports.ended(keys["part-3.json"])
    assert gone["status"] == "FAILED" and "is not there: it was deleted, or never was" in gone["reason"]
    assert passengers(cloud, flight) == 2
    cloud.drain_dead_letters()


def test_a_manifest_is_held_against_what_was_delivered(cloud: Cloud, exports: Exports) -> None:
    pnr, flight = names()
    content = lines(event(f"{pnr}1", flight))
    exports.ended(exports.put("part-0.json", content))
    whole = exports.ended(exports.put("manifest-a.json", manifest(**{"part-0": len(content)})))
    assert (whole["status"], whole["rows"], whole["kind"]) == ("COMPLETED", 0, "manifest")
    other = exports.ended(exports.put("manifest-b.json", manifest(**{"part-1": 7})))
    assert other["status"] == "FAILED"
    assert other["reason"] == (
        "files of the manifest are not there: part-1.json; files are there that the manifest does not list: part-0.json"
    )
    cloud.drain_dead_letters()


def test_what_is_no_export_makes_no_run(exports: Exports) -> None:
    key = exports.put("_SUCCESS", b"")
    (execution,) = exports.executions(key)
    assert execution["status"] == "SUCCEEDED" and exports.runs(key) == []


@pytest.fixture
def fault(cloud: Cloud):  # noqa: ANN201
    yield lambda **wanted: cloud.control("PUT", "fault", wanted)
    cloud.control("DELETE", "fault")


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("state", ON_THE_WAY)
def test_a_task_that_fails_once_or_runs_twice_ends_the_same(
    cloud: Cloud,
    exports: Exports,
    fault,  # noqa: ANN001
    state: str,
    moment: str,
) -> None:
    pnr, flight = names()
    fault(state=state, moment=moment, error="Unavailable")
    key = exports.put("part-0.json", lines(event(f"{pnr}1", flight), event(f"{pnr}2", flight)))
    run = exports.ended(key)
    (execution,) = exports.executions(key)
    assert cloud.control("GET", "fault")["hits"] == 1
    assert execution["status"] == "SUCCEEDED", execution
    assert (run["status"], run["rows"], run["missing"], run["different"]) == ("COMPLETED", 2, 2, 0)
    assert len(exports.runs(key)) == 1 and passengers(cloud, flight) == 4
    assert cloud.drain_dead_letters() == []


@pytest.mark.parametrize("state", ON_THE_WAY)
def test_a_task_that_fails_for_good_is_told_and_made_again(
    cloud: Cloud,
    exports: Exports,
    fault,  # noqa: ANN001
    state: str,
) -> None:
    pnr, flight = names()
    fault(state=state, moment="before", error="Defect", times=1000)
    key = exports.put("part-0.json", lines(event(f"{pnr}1", flight)))
    (execution,) = exports.executions(key)
    assert execution["status"] == "FAILED", execution
    if state == "ReconcilePart":
        assert exports.ended(key)["reason"].startswith("Defect: ")
    cloud.control("DELETE", "fault")
    exports.redrive()
    wait_for("the run made again", lambda: any(run["status"] == "COMPLETED" for run in exports.runs(key)))
    exports.executions(key)
    (run,) = exports.runs(key)
    assert (run["rows"], passengers(cloud, flight)) == (1, 2)
    assert cloud.drain_dead_letters() == []


def test_a_redrive_that_is_delivered_twice_ends_the_run_once(cloud: Cloud, exports: Exports, fault) -> None:  # noqa: ANN001
    pnr, flight = names()
    fault(state="ReconcilePart", moment="before", error="Defect", times=1000)
    key = exports.put("part-0.json", lines(event(f"{pnr}1", flight)))
    failed = exports.ended(key)
    exports.executions(key)
    cloud.control("DELETE", "fault")
    (request,) = [one["event"] for one in cloud.drain_dead_letters() if exports.folder in json.dumps(one)]
    entry = {
        "EventBusName": "flightpulse-bus", "Source": request["source"], "DetailType": request["detail-type"],
        "Detail": json.dumps(request["detail"]),
    }  # fmt: skip
    assert cloud.client("events").put_events(Entries=[entry, entry])["FailedEntryCount"] == 0
    wait_for("three executions", lambda: len(exports.executions(key)) == 3)
    ends = Counter(one["status"] for one in exports.executions(key))
    assert ends == {"FAILED": 1, "SUCCEEDED": 2}
    (run,) = exports.runs(key)
    assert (run["reconciliation_id"], run["status"]) == (failed["reconciliation_id"], "COMPLETED")
    assert (run["rows"], run["missing"], passengers(cloud, flight)) == (1, 1, 2)
    assert cloud.drain_dead_letters() == []
