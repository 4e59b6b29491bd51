"""The invocation record of stream records that are given up, and its way to the mapping's on-failure destination.

Form and S3 key: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html. A bucket gets the records
too, as `payload`; a queue gets metadata only.
"""

from __future__ import annotations

import json
import logging
import uuid
from datetime import UTC, datetime
from typing import Any

from .stream_mapping import GivenUp, created, number

log = logging.getLogger("flightpulse.stream-failures")


def invocation_record(mapping: dict[str, Any], shard: str, given_up: GivenUp, now: datetime) -> dict[str, Any]:
    """The metadata of a failed batch, as a queue gets them."""
    records = given_up.records
    response = {"statusCode": 200, "executedVersion": mapping.get("Qualifier") or "$LATEST"}
    if given_up.function_failed:
        response["functionError"] = "Unhandled"
    return {
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": mapping["FunctionArn"],
            "condition": given_up.condition,
            "approximateInvokeCount": given_up.invocations,
        },
        # Null where the function was never called with the records; AWS does not say.
        "responseContext": response if given_up.invocations else None,
        "version": "1.0",
        "timestamp": _iso(now, "milliseconds"),
        "DDBStreamBatchInfo": {
            "shardId": shard,
            "startSequenceNumber": number(records[0]),
            "endSequenceNumber": number(records[-1]),
            "approximateArrivalOfFirstRecord": _iso(datetime.fromtimestamp(created(records[0]), UTC), "seconds"),
            "approximateArrivalOfLastRecord": _iso(datetime.fromtimestamp(created(records[-1]), UTC), "seconds"),
            "batchSize": len(records),
            "streamArn": mapping["EventSourceArn"],
        },
    }


def object_key(mapping: dict[str, Any], shard: str, now: datetime) -> str:
    """Where a bucket gets it."""
    return f"aws/lambda/{mapping['UUID']}/{shard}/{now:%Y/%m/%d}/{now:%Y-%m-%dT%H.%M.%S}-{uuid.uuid4()}"


def _iso(time: datetime, precision: str) -> str:
    return time.isoformat(timespec=precision).replace("+00:00", "Z")


def deliver(mapping: dict[str, Any], shard: str, given_up: GivenUp) -> None:
    """Hands what is given up to the destination, if there is one. What cannot be delivered is lost, as on AWS."""
    arn = ((mapping.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination") or ""
    numbers = f"{number(given_up.records[0])} to {number(given_up.records[-1])}"
    log.warning("%s: records %s are given up (%s)", mapping["FunctionArn"], numbers, given_up.condition)
    now = datetime.now(UTC)
    record = invocation_record(mapping, shard, given_up, now)
    if arn.startswith("arn:aws:s3:::"):
        record["payload"] = json.dumps({"Records": list(given_up.records)}, default=str)
        _to_bucket(arn.removeprefix("arn:aws:s3:::"), object_key(mapping, shard, now), json.dumps(record))
    elif ":sqs:" in arn:
        _to_queue(arn, json.dumps(record))
    elif arn:
        log.error("records %s are lost: %s is no destination that is played here", numbers, arn)


def _to_bucket(bucket: str, key: str, body: str) -> None:
    from ministack.services import s3

    status = s3._put_object(bucket, key, body.encode(), {"content-type": "application/json"})[0]
    if status != 200:
        log.error("records are lost: the bucket %s answered %s", bucket, status)


def _to_queue(arn: str, body: str) -> None:
    from ministack.services import sqs

    url = sqs._queue_url(arn.rsplit(":", 1)[1])
    if url in sqs._queues:
        sqs._act_send_message({"MessageBody": body}, url)
    else:
        log.error("records are lost: there is no queue %s", arn)
