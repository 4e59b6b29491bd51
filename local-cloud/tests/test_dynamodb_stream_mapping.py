"""DynamoDB stream → Lambda, on servers: what stock MiniStack does not play, and that it is played here."""

from __future__ import annotations

import io
import json
import re
import time
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import Cloud, eventually

ACCOUNT = "000000000000"

# Writes down each invocation, then does as the mode says about items whose id begins with "bad".
HANDLER = """
import json, os

def handler(event, context):
    records = event["Records"]
    ids = [record["dynamodb"]["Keys"]["id"]["S"] for record in records]
    with open(os.environ["WITNESS"], "a") as witness:
        witness.write(json.dumps(ids) + "\\n")
    bad = [at for at, one in enumerate(ids) if one.startswith("bad")]
    if not bad:
        return {"batchItemFailures": []}
    # As our stream handler does: isolate what is bad, then say so.
    if os.environ["MODE"] == "isolates" and bad[0] == 0 and len(ids) > 1:
        raise ValueError("bad one at the head")
    if os.environ["MODE"] == "raises":
        raise ValueError("bad one")
    return {"batchItemFailures": [{"itemIdentifier": records[bad[0]]["dynamodb"]["SequenceNumber"]}]}
"""


@dataclass
class Stream:
    """A table with a stream, and a function that a mapping may invoke."""

    cloud: Cloud
    name: str
    witness: Path

    def put(self, *ids: str) -> None:
        for one in ids:
            self.cloud.client("dynamodb").put_item(TableName=self.name, Item={"id": {"S": one}, "text": {"S": "x"}})

    def map(self, **settings: Any) -> str:
        """Makes the mapping, from the oldest record on; its id."""
        arn = self.cloud.client("dynamodb").describe_table(TableName=self.name)["Table"]["LatestStreamArn"]
        usual = {"FunctionResponseTypes": ["ReportBatchItemFailures"], "BatchSize": 100}
        made = self.cloud.client("lambda").create_event_source_mapping(
            FunctionName=self.name, EventSourceArn=arn, StartingPosition="TRIM_HORIZON", **{**usual, **settings}
        )
        return str(made["UUID"])

    def invocations(self) -> list[list[str]]:
        return [json.loads(line) for line in self.witness.read_text().splitlines()]

    def delivered(self) -> list[str]:
        return [one for ids in self.invocations() for one in ids]

    def invoked_with(self, *ids: str) -> bool:
        return list(ids) in self.invocations()

    def objects(self) -> dict[str, Any]:
        s3 = self.cloud.client("s3")
        found = s3.list_objects_v2(Bucket=self.name).get("Contents", [])
        return {one["Key"]: json.load(s3.get_object(Bucket=self.name, Key=one["Key"])["Body"]) for one in found}


def stream(cloud: Cloud, tmp_path: Path, mode: str) -> Stream:
    name = f"t{uuid.uuid4().hex[:12]}"
    tmp_path.mkdir(exist_ok=True)
    witness = tmp_path / "invocations"
    witness.touch()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.py", HANDLER)
    cloud.client("dynamodb").create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )  # fmt: skip
    cloud.client("lambda").create_function(
        FunctionName=name, Runtime="python3.12", Handler="index.handler", Code={"ZipFile": archive.getvalue()},
        Role=f"arn:aws:iam::{ACCOUNT}:role/r", Timeout=30,
        Environment={"Variables": {"WITNESS": str(witness), "MODE": mode}},
    )  # fmt: skip
    cloud.client("s3").create_bucket(Bucket=name)
    return Stream(cloud, name, witness)


def to(arn: str) -> dict[str, Any]:
    return {"OnFailure": {"Destination": arn}}


def bucket(of: Stream) -> dict[str, Any]:
    return to(f"arn:aws:s3:::{of.name}")


def test_stock_ministack_still_takes_a_partial_answer_for_success(stock: Cloud, tmp_path: Path) -> None:
    one = stream(stock, tmp_path, "answers")
    one.put("a", "bad", "c")
    one.map()
    eventually(lambda: one.invoked_with("a", "bad", "c"), "the batch is delivered")
    one.put("later")
    eventually(lambda: one.invoked_with("later"), "it has gone on")
    assert one.invocations() == [["a", "bad", "c"], ["later"]]


def test_stock_ministack_still_retries_for_ever_and_never_splits(stock: Cloud, tmp_path: Path) -> None:
    one = stream(stock, tmp_path, "raises")
    one.put("a", "bad")
    mapping = one.map(MaximumRetryAttempts=0, BisectBatchOnFunctionError=True)
    eventually(lambda: one.invocations() == [["a", "bad"]] * 3, "the whole batch comes three times")
    stock.client("lambda").delete_event_source_mapping(UUID=mapping)


def test_stock_ministack_still_writes_nothing_to_a_bucket(stock: Cloud, tmp_path: Path) -> None:
    one = stream(stock, tmp_path, "raises")
    one.put("bad")
    one.map(MaximumRecordAgeInSeconds=1, DestinationConfig=bucket(one))
    eventually(lambda: one.invoked_with("bad"), "it is tried")

    def goes_on() -> bool:
        # What is put while the bad one is still tried is given up together with it.
        one.put(f"later{uuid.uuid4().hex[:6]}")
        return any(all(name.startswith("later") for name in batch) for batch in one.invocations())

    eventually(goes_on, "what is too old is given up")
    assert one.objects() == {}


def test_stock_ministack_still_does_not_wait_for_its_window(stock: Cloud, tmp_path: Path) -> None:
    one = stream(stock, tmp_path, "answers")
    one.put("a")
    one.map(BatchSize=2, MaximumBatchingWindowInSeconds=300)
    eventually(lambda: one.invoked_with("a"), "it does not wait for a second one")


def test_a_partial_answer_cuts_the_batch(ours: Cloud, tmp_path: Path) -> None:
    one = stream(ours, tmp_path, "answers")
    one.put("a", "b", "bad", "c")
    one.map(MaximumRetryAttempts=1)
    eventually(one.invocations, "the batch is delivered")
    one.put("later")
    eventually(lambda: one.invoked_with("later"), "it goes on after what was given up")
    # The rest from the failed one on has attempts of its own, two of them, and then all of it is given up.
    assert one.invocations() == [["a", "b", "bad", "c"], ["bad", "c"], ["bad", "c"], ["later"]]


def test_without_partial_answers_one_is_success(ours: Cloud, tmp_path: Path) -> None:
    one = stream(ours, tmp_path, "answers")
    one.put("bad", "c")
    one.map(FunctionResponseTypes=[])
    one.put("later")
    eventually(lambda: "later" in one.delivered(), "it goes on")
    assert one.delivered() == ["bad", "c", "later"]


@pytest.mark.parametrize("bad", [[0], [3], [7], [0, 1, 5]])
def test_what_is_bad_is_isolated_and_its_neighbours_are_delivered_in_order(
    ours: Cloud, tmp_path: Path, bad: list[int]
) -> None:
    one = stream(ours, tmp_path, "isolates")
    ids = [f"bad{n}" if n in bad else f"good{n}" for n in range(8)]
    one.put(*ids)
    mapping = one.map(MaximumRetryAttempts=2, BisectBatchOnFunctionError=True, DestinationConfig=bucket(one))
    one.put("later")

    def done() -> list[str]:
        """What is good was done in its batch's only invocation that did not fail."""
        return [
            name
            for batch in one.invocations()
            if not batch[0].startswith("bad")
            for name in batch[: next((at for at, name in enumerate(batch) if name.startswith("bad")), None)]
        ]

    # The last may have been in a batch that failed: delivered is not done.
    eventually(lambda: "later" in done() and len(one.objects()) == len(bad), "all of it is done")
    for n in bad:
        # Alone it is tried once and again twice, whatever it took to isolate it.
        assert one.invocations().count([f"bad{n}"]) == 3
    assert done() == [*(name for name in ids if name.startswith("good")), "later"], "in order, once"
    kept = one.objects()
    assert sorted(alone(document) for document in kept.values()) == [f"bad{n}" for n in bad]
    for key in kept:
        date = r"\d{4}/\d\d/\d\d/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d"
        assert re.fullmatch(rf"aws/lambda/{mapping}/shardId-[\d-]+/{date}-[0-9a-f-]{{36}}", key), key


def alone(document: dict[str, Any]) -> str:
    """The id of the one item in an object of the bucket, which must have the form that AWS documents."""
    (record,) = json.loads(document["payload"])["Records"]
    number = record["dynamodb"]["SequenceNumber"]
    info = document["DDBStreamBatchInfo"]
    assert (info["startSequenceNumber"], info["endSequenceNumber"], info["batchSize"]) == (number, number, 1)
    assert info["streamArn"] == record["eventSourceARN"]
    assert document["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert document["requestContext"]["approximateInvokeCount"] >= 3
    assert document["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST"}
    assert document["version"] == "1.0"
    assert re.fullmatch(r"[\d-]{10}T[\d:]{8}\.\d{3}Z", document["timestamp"])
    assert re.fullmatch(r"[\d-]{10}T[\d:]{8}Z", info["approximateArrivalOfFirstRecord"])
    return str(record["dynamodb"]["Keys"]["id"]["S"])


def test_a_queue_gets_the_metadata_and_not_the_records(ours: Cloud, tmp_path: Path) -> None:
    one = stream(ours, tmp_path, "raises")
    queue = ours.client("sqs").create_queue(QueueName=one.name)["QueueUrl"]
    one.put("bad")
    one.map(MaximumRetryAttempts=0, DestinationConfig=to(f"arn:aws:sqs:us-east-1:{ACCOUNT}:{one.name}"))
    (message,) = ours.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=20)["Messages"]
    document = json.loads(message["Body"])
    assert document["responseContext"]["functionError"] == "Unhandled"
    assert document["DDBStreamBatchInfo"]["batchSize"] == 1
    assert document["requestContext"]["approximateInvokeCount"] == 1
    assert "payload" not in document


def test_records_that_are_too_old_are_given_up_without_an_invocation(ours: Cloud, tmp_path: Path) -> None:
    one = stream(ours, tmp_path, "answers")
    one.put("old")
    written = time.time()
    eventually(lambda: time.time() > written + 3, "the record is three seconds old")
    one.map(MaximumRecordAgeInSeconds=2, DestinationConfig=bucket(one))
    one.put("young")
    eventually(lambda: one.invoked_with("young"), "the young one is delivered")
    (document,) = one.objects().values()
    assert document["requestContext"]["condition"] == "RecordAgeExceeded"
    assert document["responseContext"] is None
    assert [ids for ids in one.invocations() if "old" in ids] == []


def test_a_batch_waits_for_its_window_or_until_it_is_full(ours: Cloud, tmp_path: Path) -> None:
    one = stream(ours, tmp_path, "answers")
    one.map(BatchSize=3, MaximumBatchingWindowInSeconds=300)
    one.put("a", "b", "c")
    eventually(lambda: one.invocations(), "it is delivered once it is full")
    assert one.invocations() == [["a", "b", "c"]]
    short = stream(ours, tmp_path / "short", "answers")
    short.put("a")
    short.map(BatchSize=3, MaximumBatchingWindowInSeconds=1)
    eventually(lambda: short.invoked_with("a"), "it is delivered once the window is over")


def test_a_batch_is_filled_with_what_passes_the_filter(ours: Cloud, tmp_path: Path) -> None:
    one = stream(ours, tmp_path, "answers")
    pattern = {"eventName": ["INSERT"], "dynamodb": {"Keys": {"id": {"S": [{"prefix": "F#"}, {"prefix": "B#"}]}}}}
    one.put("F#1", "P#1", "E#1", "F#2", "P#2", "B#1", "P#3", "B#2")
    one.map(BatchSize=3, FilterCriteria={"Filters": [{"Pattern": json.dumps(pattern)}]})
    one.put("F#last")
    eventually(lambda: "F#last" in one.delivered(), "all of it is delivered")
    assert one.invocations()[0] == ["F#1", "F#2", "B#1"]
    assert one.delivered() == ["F#1", "F#2", "B#1", "B#2", "F#last"]


def test_a_mapping_that_is_switched_off_waits_and_one_that_is_deleted_ends(ours: Cloud, tmp_path: Path) -> None:
    one = stream(ours, tmp_path, "raises")
    one.put("bad")
    mapping = one.map()
    eventually(lambda: len(one.invocations()) > 1, "it is tried again and again")
    ours.client("lambda").update_event_source_mapping(UUID=mapping, Enabled=False)
    # One invocation may have been under way.
    seen = len(one.invocations())
    other = stream(ours, tmp_path / "other", "answers")
    other.put("a")
    other.map()
    eventually(lambda: other.invoked_with("a"), "another one is polled meanwhile")
    assert len(one.invocations()) <= seen + 1
    ours.client("lambda").delete_event_source_mapping(UUID=mapping)
