"""S3, as exports and whoever reads them rely on it. Upstream has it; no overlay is needed."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import Cloud, eventually
from test_cfn import deploy, template

# What Spark and Adobe's layout put into keys, and what a key may have besides.
KEY = "exports/65f1c0/exportTime=202611300600/part 00000+c&é%20.gz.parquet"


@dataclass(frozen=True)
class Exports:
    """A bucket, and a queue with what a rule heard of its exports."""

    bucket: str
    queue: str
    sqs: Any

    def heard(self, count: int) -> list[dict[str, Any]]:
        """The next so many events, and no more than these."""
        events: list[dict[str, Any]] = []

        def complete() -> bool:
            answer = self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10)
            for message in answer.get("Messages", []):
                self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
                events.append(json.loads(message["Body"]))
            return len(events) >= count

        eventually(complete, f"the rule hears of {count} objects")
        assert len(events) == count
        return events


@pytest.fixture(scope="module")
def exports(shared: Cloud) -> Exports:
    """A bucket that tells EventBridge, made as our stack makes its own, with a rule on the bus of the account."""
    pattern = {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [{"Ref": "Bucket"}]}, "object": {"key": [{"prefix": "exports/"}]}},
    }
    rule = {"EventPattern": pattern, "Targets": [{"Id": "queue", "Arn": {"Fn::GetAtt": ["Queue", "Arn"]}}]}
    lifecycle = {"Rules": [{"Status": "Enabled", "Prefix": "exports/", "ExpirationInDays": 30}]}
    bucket = {
        "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
        "LifecycleConfiguration": lifecycle,
    }
    resources = {
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": bucket},
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Rule": {"Type": "AWS::Events::Rule", "Properties": rule},
    }
    outputs = {name: {"Value": {"Ref": name}} for name in ("Bucket", "Queue")}
    name = deploy(shared, template(resources, Outputs=outputs))
    (stack,) = shared.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    made = {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}
    return Exports(made["Bucket"], made["Queue"], shared.client("sqs"))


def test_a_rule_hears_of_an_object_by_its_key_as_it_is(ours: Cloud, exports: Exports) -> None:
    put = ours.client("s3").put_object
    put(Bucket=exports.bucket, Key="reports/a.json", Body=b"{}")
    etag = put(Bucket=exports.bucket, Key=KEY, Body=b"12345")["ETag"]
    (event,) = exports.heard(1)
    assert (event["source"], event["detail-type"]) == ("aws.s3", "Object Created")
    assert uuid.UUID(event["id"])
    assert event["detail"]["bucket"] == {"name": exports.bucket}
    found = event["detail"]["object"]
    assert (found["key"], found["size"], found["etag"]) == (KEY, 5, etag.strip('"'))


def test_it_hears_of_an_upload_in_parts_when_that_is_complete(ours: Cloud, exports: Exports) -> None:
    s3 = ours.client("s3")
    where = {"Bucket": exports.bucket, "Key": "exports/large.parquet"}
    upload = s3.create_multipart_upload(**where)["UploadId"]
    # All but the last part must have 5 MiB.
    bodies = [b"a" * (5 << 20), b"b"]
    parts = [
        {"PartNumber": nth, "ETag": s3.upload_part(**where, UploadId=upload, PartNumber=nth, Body=body)["ETag"]}
        for nth, body in enumerate(bodies, 1)
    ]
    s3.complete_multipart_upload(**where, UploadId=upload, MultipartUpload={"Parts": parts})
    (event,) = exports.heard(1)
    assert event["detail"]["reason"] == "CompleteMultipartUpload"
    assert event["detail"]["object"]["size"] == (5 << 20) + 1
    # A tag of an object in parts says so, and is a condition like any other.
    etag = s3.head_object(**where)["ETag"]
    assert etag.endswith('-2"')
    around = s3.get_object(**where, Range=f"bytes={(5 << 20) - 1}-{5 << 20}", IfMatch=etag)
    assert around["Body"].read() == b"ab"


def test_a_range_is_read_of_the_object_that_is_meant(ours: Cloud, exports: Exports) -> None:
    s3 = ours.client("s3")
    where = {"Bucket": exports.bucket, "Key": "exports/ranges.json"}
    etag = s3.put_object(**where, Body=b"0123456789")["ETag"]
    for asked, body, stands in [("0-3", b"0123", "0-3"), ("6-", b"6789", "6-9"), ("-2", b"89", "8-9")]:
        part = s3.get_object(**where, Range=f"bytes={asked}", IfMatch=etag)
        assert part["Body"].read() == body
        assert part["ContentRange"] == f"bytes {stands}/10"
    assert s3.get_object(**where, Range="bytes=8-99", IfMatch=etag)["ContentLength"] == 2
    assert refused(lambda: s3.get_object(**where, Range="bytes=10-")) == ("InvalidRange", 416)
    s3.put_object(**where, Body=b"another one")
    assert refused(lambda: s3.get_object(**where, Range="bytes=0-3", IfMatch=etag)) == ("PreconditionFailed", 412)
    assert s3.head_object(**where)["ContentLength"] == 11
    exports.heard(2)


def test_what_is_not_there_is_said_to_be_not_there(ours: Cloud, exports: Exports) -> None:
    s3 = ours.client("s3")
    where = {"Bucket": exports.bucket, "Key": "exports/gone.json"}
    assert refused(lambda: s3.get_object(**where, Range="bytes=0-3", IfMatch='"0"')) == ("NoSuchKey", 404)
    assert refused(lambda: s3.head_object(**where)) == ("404", 404)
    assert refused(lambda: s3.head_object(Bucket=f"{exports.bucket}-of-nobody", Key="exports/a")) == ("404", 404)


def test_a_folder_is_listed_page_by_page(ours: Cloud, exports: Exports) -> None:
    s3 = ours.client("s3")
    names = [f"exports/list/exportTime=202611300600/{name}" for name in ("manifest-a b.json", "part-0", "part-1")]
    for name in names:
        s3.put_object(Bucket=exports.bucket, Key=name, Body=b"x")
    s3.put_object(Bucket=exports.bucket, Key="exports/list/exportTime=202611300900/part-0", Body=b"x")
    exports.heard(4)
    asked = {"Bucket": exports.bucket, "Prefix": "exports/list/exportTime=202611300600/", "MaxKeys": 2}
    first = s3.list_objects_v2(**asked)
    assert first["IsTruncated"]
    rest = s3.list_objects_v2(**asked, ContinuationToken=first["NextContinuationToken"])
    assert [one["Key"] for one in (*first["Contents"], *rest["Contents"])] == names


def refused(call: Callable[[], Any]) -> tuple[str, int]:
    """The code and the status of the refusal."""
    with pytest.raises(ClientError) as error:
        call()
    answer = error.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]
