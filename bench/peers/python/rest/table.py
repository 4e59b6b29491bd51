"""What the API reads of the table, and the pages that it makes of lists."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from rest.problems import Problem, shown
from rest.queries import utc, whole
from shared import ID, config

TABLE = os.environ["TABLE_NAME"]
# DynamoDB's limit of keys in one BatchGetItem is the largest page's.
dynamodb = boto3.client("dynamodb", config=config(2))
Item = dict[str, Any]
# The items of a page, and the position after it.
Page = tuple[list[Item], str | None]
FAILURES = (BotoCoreError, ClientError)


def metadata(partition: str) -> Item:
    return {"PK": {"S": partition}, "SK": {"S": "METADATA"}}


def item(partition: str) -> Item | None:
    return dynamodb.get_item(TableName=TABLE, Key=metadata(partition), ConsistentRead=True).get("Item")


def totals(flight_ids: list[str]) -> dict[str, int]:
    """Passengers of reservations that came by a feed, by flight, in one call."""
    keys = [{"PK": {"S": f"FLIGHT#{one}"}, "SK": {"S": "OPERATIONS"}} for one in dict.fromkeys(flight_ids)]
    wanted: Any = {TABLE: {"Keys": keys, "ConsistentRead": True}} if keys else None
    passengers = {}
    while wanted:
        answer = dynamodb.batch_get_item(RequestItems=wanted)
        for found in answer["Responses"].get(TABLE, []):
            seats = [int(value["N"]) for name, value in found.items() if name.startswith("passengers#")]
            passengers[found["PK"]["S"].removeprefix("FLIGHT#")] = sum(seats)
        wanted = answer.get("UnprocessedKeys")
    return passengers


def flights(status: str, start: datetime | None, before: datetime | None, after: str | None, limit: int) -> Page:
    """Flights of a status that are planned to leave in a window, the oldest departure first."""
    first, last = whole(start), before and whole(before) - timedelta(seconds=1)
    if first and last and first > last:
        return [], None
    window = {
        (False, False): "", (True, False): " AND GSI1SK >= :from", (False, True): " AND GSI1SK <= :until",
        (True, True): " AND GSI1SK BETWEEN :from AND :until",
    }[bool(first), bool(last)]  # fmt: skip
    values = {":status": {"S": status}}
    values |= {name: {"S": utc(at)} for name, at in ((":from", first), (":until", last)) if at}
    query = {
        "IndexName": "GSI1", "KeyConditionExpression": f"GSI1PK = :status{window}",
        "ExpressionAttributeValues": values,
    }  # fmt: skip
    if after is not None:
        departure, _, flight_id = after.partition("#")
        index = {"GSI1PK": {"S": status}, "GSI1SK": {"S": departure}}
        query["ExclusiveStartKey"] = metadata(f"FLIGHT#{flight_id}") | index
    items, end = page(query, limit)
    return items, end and f"{end['GSI1SK']['S']}#{end['PK']['S'].removeprefix('FLIGHT#')}"


def notifications(flight_id: str, after: str | None, limit: int) -> Page:
    """What the passengers of a flight were told, the newest first."""
    partition = {"S": f"FLIGHT#{flight_id}"}
    query = {
        "IndexName": "GSI1", "KeyConditionExpression": "GSI1PK = :partition",
        "ExpressionAttributeValues": {":partition": partition}, "ScanIndexForward": False,
    }  # fmt: skip
    if after is not None:
        key = {"PK": {"S": f"NOTIFICATION#{after.partition('#')[2]}"}, "SK": {"S": "CLAIM"}}
        query["ExclusiveStartKey"] = key | {"GSI1PK": partition, "GSI1SK": {"S": after}}
    items, end = page(query, limit)
    return items, end and end["GSI1SK"]["S"]


def page(query: dict[str, Any], limit: int) -> tuple[list[Item], Item | None]:
    """Up to so many items. One more is asked for, so that the last page is known to be the last."""
    answer = dynamodb.query(TableName=TABLE, Limit=limit + 1, **query)
    items = answer["Items"]
    if len(items) > limit:
        return items[:limit], items[limit - 1]
    return items, answer.get("LastEvaluatedKey")


def known(item: Item | None, kind: str, named: str) -> Item:
    if item is None:
        raise missing(kind, named)
    return item


def missing(kind: str, named: str) -> Problem:
    return Problem(404, f"There is no {kind} {shown(named)}.")


def checked(kind: str, named: str) -> str:
    """What cannot be an id is the id of nothing."""
    if len(named) > 64 or not ID.fullmatch(named):
        raise missing(kind, named)
    return named
