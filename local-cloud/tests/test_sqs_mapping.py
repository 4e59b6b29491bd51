"""SQS → Lambda, on servers: what MiniStack plays of a mapping, and what it reads into an answer."""

from __future__ import annotations

import io
import json
import time
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import Cloud, eventually
from flightpulse_cloud.overlays.sqs_mapping import failed

# Writes down when it has which messages, takes its time, and answers as it is told, with `<id>` for the first one's id.
HANDLER = """
import json, os, time

def handler(event, context):
    begun = time.time()
    time.sleep(float(os.environ["SECONDS"]))
    records = event["Records"]
    with open(os.environ["WITNESS"], "a") as witness:
        witness.write(json.dumps([begun, time.time(), [record["body"] for record in records]]) + "\\n")
    return json.loads(os.environ["ANSWER"].replace("<id>", records[0]["messageId"]))
"""
PARTIAL = {"FunctionResponseTypes": ["ReportBatchItemFailures"], "BatchSize": 10}


@dataclass
class Feed:
    """A queue whose messages are hidden for a second, and a function that a mapping hands them to."""

    cloud: Cloud
    name: str
    witness: Path
    url: str

    def send(self, *bodies: str) -> None:
        for body in bodies:
            self.cloud.client("sqs").send_message(QueueUrl=self.url, MessageBody=body)

    def map(self, **settings: Any) -> None:
        self.cloud.client("lambda").create_event_source_mapping(
            FunctionName=self.name, EventSourceArn=self.attribute("QueueArn"), **settings
        )

    def attribute(self, name: str) -> str:
        found = self.cloud.client("sqs").get_queue_attributes(QueueUrl=self.url, AttributeNames=[name])
        return str(found["Attributes"][name])

    def invocations(self) -> list[tuple[float, float, list[str]]]:
        return [tuple(json.loads(line)) for line in self.witness.read_text().splitlines()]

    def delivered(self) -> list[str]:
        return [body for *_, bodies in self.invocations() for body in bodies]

    def left(self) -> int:
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        return sum(int(self.attribute(name)) for name in names)


def feed(cloud: Cloud, tmp_path: Path, answer: Any = None, seconds: float = 0, **attributes: str) -> Feed:
    name = f"t{uuid.uuid4().hex[:12]}"
    witness = tmp_path / name
    witness.touch()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.py", HANDLER)
    variables = {"WITNESS": str(witness), "SECONDS": str(seconds), "ANSWER": json.dumps(answer)}
    cloud.client("lambda").create_function(
        FunctionName=name, Runtime="python3.12", Handler="index.handler", Code={"ZipFile": archive.getvalue()},
        Role="arn:aws:iam::000000000000:role/r", Timeout=30, Environment={"Variables": variables},
    )  # fmt: skip
    queue = cloud.client("sqs").create_queue(QueueName=name, Attributes={"VisibilityTimeout": "1", **attributes})
    return Feed(cloud, name, witness, queue["QueueUrl"])


def naming(identifier: Any, key: str = "itemIdentifier") -> dict[str, Any]:
    return {"batchItemFailures": [{key: identifier}]}


WRONG = [naming(""), naming("another"), naming("<id>", "messageId"), naming(None)]


@pytest.mark.parametrize("answer", WRONG, ids=json.dumps)
def test_stock_ministack_still_deletes_what_is_named_wrongly(stock: Cloud, tmp_path: Path, answer: Any) -> None:
    one = feed(stock, tmp_path, answer)
    one.send("a")
    one.map(**PARTIAL)
    eventually(lambda: one.delivered() == ["a"] and one.left() == 0, "the message is deleted")


@pytest.mark.parametrize("answer", WRONG, ids=json.dumps)
def test_all_of_it_comes_again_when_one_is_named_wrongly(ours: Cloud, tmp_path: Path, answer: Any) -> None:
    one = feed(ours, tmp_path, answer)
    one.send("a")
    one.map(**PARTIAL)
    eventually(lambda: one.delivered() == ["a", "a"], "it comes again")


def test_stock_ministack_still_delivers_again_after_a_list_that_is_null(stock: Cloud, tmp_path: Path) -> None:
    one = feed(stock, tmp_path, {"batchItemFailures": None})
    one.send("a")
    one.map(**PARTIAL)
    eventually(lambda: one.delivered() == ["a", "a"], "it comes again")


@pytest.mark.parametrize("answer", [{"batchItemFailures": None}, {"batchItemFailures": []}, {}, None], ids=json.dumps)
def test_nothing_comes_again_when_nothing_is_named(ours: Cloud, tmp_path: Path, answer: Any) -> None:
    one = feed(ours, tmp_path, answer)
    one.send("a")
    one.map(**PARTIAL)
    eventually(lambda: one.delivered() == ["a"] and one.left() == 0, "the message is deleted")


def test_what_is_no_answer_at_all_is_a_failure() -> None:
    assert failed(["a", "b"], {"body": "no JSON"}) == ["a", "b"]
    assert failed(["a", "b"], {"body": ["b"]}) == ["a", "b"]
    assert failed(["a", "b"], {"body": {"batchItemFailures": "b"}}) == ["a", "b"]
    assert failed(["a", "b"], {"body": json.dumps(naming("b"))}) == ["b"]


def test_the_message_that_is_named_comes_again_alone_and_ends_in_the_dead_letter_queue(
    ours: Cloud, tmp_path: Path
) -> None:
    letters = feed(ours, tmp_path)
    redrive = {"deadLetterTargetArn": letters.attribute("QueueArn"), "maxReceiveCount": 3}
    one = feed(ours, tmp_path, naming("<id>"), RedrivePolicy=json.dumps(redrive))
    one.send("bad", "b", "c")
    one.map(**PARTIAL)
    eventually(lambda: letters.left() == 1 and one.left() == 0, "it is a dead letter")
    assert [bodies for *_, bodies in one.invocations()] == [["bad", "b", "c"], ["bad"], ["bad"]]


def test_a_batch_has_ten_messages_and_no_more_are_under_way_than_allowed(ours: Cloud, tmp_path: Path) -> None:
    one = feed(ours, tmp_path, seconds=1, VisibilityTimeout="60")
    one.send(*(str(number) for number in range(60)))
    one.map(**PARTIAL, ScalingConfig={"MaximumConcurrency": 3})
    eventually(lambda: len(one.delivered()) == 60, "all are delivered")
    invocations = one.invocations()
    assert {len(bodies) for *_, bodies in invocations} == {10}
    assert sorted(one.delivered(), key=int) == [str(number) for number in range(60)]
    most = max(sum(begun <= at < ended for begun, ended, _ in invocations) for at, *_ in invocations)
    assert 1 < most <= 3


def test_a_message_is_delivered_at_once(ours: Cloud, tmp_path: Path) -> None:
    one = feed(ours, tmp_path)
    one.map(**PARTIAL)
    one.send("warm")
    eventually(lambda: one.delivered() == ["warm"], "the function is warm")
    time.sleep(1.5)  # Longer than the poll goes without being woken.
    sent = time.time()
    one.send("a")
    eventually(lambda: len(one.delivered()) == 2, "it is delivered")
    assert one.invocations()[1][0] - sent < 1
