"""What AWS would bill, counted at the endpoint: units of the table above all, for they follow from the items."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import Cloud, eventually

from flightpulse_cloud.billed import writes

TABLE = "Billed"
KILOBYTE = "x" * 1024


@pytest.fixture
def table(ours: Cloud) -> Any:
    """A table with an index in which an item is that has a `G`."""
    dynamodb = ours.client("dynamodb")
    dynamodb.create_table(
        TableName=TABLE, BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK", "G")],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[{
            "IndexName": "ByG", "KeySchema": [{"AttributeName": "G", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }],
    )  # fmt: skip
    ours.control("billed", "DELETE")
    yield dynamodb
    dynamodb.delete_table(TableName=TABLE)


def key(name: str) -> dict[str, Any]:
    return {"PK": {"S": name}, "SK": {"S": "1"}}


def item(name: str, kilobytes: int = 0, **more: str) -> dict[str, Any]:
    return {**key(name), "body": {"S": KILOBYTE * kilobytes}, **{one: {"S": value} for one, value in more.items()}}


def units(ours: Cloud, kind: str) -> dict[str, float]:
    return ours.control("billed")[1].get(f"dynamodb.{kind}_units", {})


def entered(ours: Cloud, unit: str, *names: str) -> dict[str, float]:
    """What this test is about: what another has set off may be entered later beside it."""
    found = ours.control("billed")[1].get(unit, {})
    return {name: found.get(name, 0) for name in names}


def test_a_write_takes_steps_of_a_kilobyte_of_the_larger_item(ours: Cloud, table: Any) -> None:
    table.put_item(TableName=TABLE, Item=item("a"))
    assert units(ours, "write") == {"PutItem": 1}
    # Three kilobytes and the names beside them.
    table.put_item(TableName=TABLE, Item=item("a", 3))
    assert units(ours, "write") == {"PutItem": 5}
    table.put_item(TableName=TABLE, Item=item("a"))
    assert units(ours, "write") == {"PutItem": 9}
    table.delete_item(TableName=TABLE, Key=key("a"))
    table.delete_item(TableName=TABLE, Key=key("nobody"))
    assert units(ours, "write") == {"PutItem": 9, "DeleteItem": 1, "DeleteItem, in vain": 1}


def test_an_index_takes_its_own_and_twice_when_an_entry_moves(ours: Cloud, table: Any) -> None:
    table.put_item(TableName=TABLE, Item=item("a", G="one"))
    assert units(ours, "write") == {"PutItem": 1, "ByG": 1}
    table.update_item(
        TableName=TABLE, Key=key("a"), UpdateExpression="SET G = :g", ExpressionAttributeValues={":g": {"S": "two"}}
    )
    assert units(ours, "write") == {"PutItem": 1, "UpdateItem": 1, "ByG": 3}
    # The same again: the table takes it, the index has nothing to do.
    table.put_item(TableName=TABLE, Item=item("a", G="two"))
    assert units(ours, "write") == {"PutItem": 2, "UpdateItem": 1, "ByG": 3}


def test_a_transaction_counts_twice_and_so_do_its_conditions(ours: Cloud, table: Any) -> None:
    table.put_item(TableName=TABLE, Item=item("there", 1))
    check = {"ConditionCheck": {"TableName": TABLE, "Key": key("there"), "ConditionExpression": "attribute_exists(PK)"}}
    table.transact_write_items(TransactItems=[{"Put": {"TableName": TABLE, "Item": item("a", G="one")}}, check])
    assert units(ours, "write") == {
        "PutItem": 2, "TransactWriteItems": 2, "ByG": 1, "TransactWriteItems, conditions": 4
    }  # fmt: skip
    refused = {"Put": {"TableName": TABLE, "Item": item("b"), "ConditionExpression": "attribute_exists(PK)"}}
    with pytest.raises(Exception, match="ConditionalCheckFailed"):
        table.transact_write_items(TransactItems=[refused])
    assert units(ours, "write")["TransactWriteItems, in vain"] == 2


def test_a_condition_that_does_not_hold_takes_its_item(ours: Cloud, table: Any) -> None:
    table.put_item(TableName=TABLE, Item=item("a", 2))
    with pytest.raises(Exception, match="ConditionalCheckFailed"):
        table.put_item(TableName=TABLE, Item=item("a"), ConditionExpression="attribute_not_exists(PK)")
    assert units(ours, "write") == {"PutItem": 3, "PutItem, in vain": 3}
    # A put takes the larger one, be it only its own.
    with pytest.raises(Exception, match="ConditionalCheckFailed"):
        table.put_item(TableName=TABLE, Item=item("a", 5), ConditionExpression="attribute_not_exists(PK)")
    assert units(ours, "write") == {"PutItem": 3, "PutItem, in vain": 3 + 6}


def test_a_request_that_is_wrong_takes_nothing(ours: Cloud, table: Any) -> None:
    with pytest.raises(Exception, match="ValidationException"):
        table.put_item(TableName=TABLE, Item={"PK": {"S": "a"}})
    with pytest.raises(Exception, match="ResourceNotFound"):
        table.transact_write_items(TransactItems=[{"Put": {"TableName": "NoSuchTable", "Item": item("a")}}])
    assert units(ours, "write") == {}


def test_members_that_make_no_sense_are_left_to_the_answer() -> None:
    refused = (400, {"x-amzn-errortype": "ValidationException"}, b"{}")
    assert writes._transaction(lambda _: refused)({"TransactItems": ["nonsense", {}]}) == refused


def test_the_bytes_of_indexes_are_apart(ours: Cloud, table: Any) -> None:
    table.put_item(TableName=TABLE, Item=item("a", 1))
    alone = entered(ours, "dynamodb.stored_bytes", "table", "indexes")
    assert alone["table"] > 1024
    assert alone["indexes"] == 0
    table.put_item(TableName=TABLE, Item=item("b", 1, G="one"))
    both = entered(ours, "dynamodb.stored_bytes", "table", "indexes")
    assert both["table"] - alone["table"] == both["indexes"] > 1024


def test_a_read_takes_steps_of_four_kilobytes_and_half_unless_it_is_consistent(ours: Cloud, table: Any) -> None:
    for name in ("a", "b"):
        table.put_item(TableName=TABLE, Item={**item(name, 5), "SK": {"S": "1"}})
    table.get_item(TableName=TABLE, Key=key("a"), ProjectionExpression="SK")
    table.get_item(TableName=TABLE, Key=key("a"), ConsistentRead=True)
    table.get_item(TableName=TABLE, Key=key("nobody"))
    assert units(ours, "read") == {"GetItem": 1 + 2 + 0.5}
    table.batch_get_item(RequestItems={TABLE: {"Keys": [key("a"), key("b"), key("nobody")], "ConsistentRead": True}})
    assert units(ours, "read") == {"GetItem": 3.5, "BatchGetItem": 2 + 2 + 1}


def test_a_query_takes_all_that_it_went_through_together(ours: Cloud, table: Any) -> None:
    for nth in range(10):
        table.put_item(TableName=TABLE, Item={**item("a", 1), "SK": {"S": str(nth)}})
    ours.control("billed", "DELETE")
    table.query(
        TableName=TABLE, KeyConditionExpression="PK = :a", FilterExpression="body = :none",
        ExpressionAttributeValues={":a": {"S": "a"}, ":none": {"S": "none"}},
    )  # fmt: skip
    # Ten times 1 KB and some bytes are three steps, of which half.
    assert units(ours, "read") == {"Query": 1.5}


def test_events_and_messages_count_by_steps_of_64_kilobytes(ours: Cloud) -> None:
    ours.control("billed", "DELETE")
    detail = json.dumps({"text": "x" * 70_000})
    entries = [{"Source": "test", "DetailType": kind, "Detail": text} for kind, text in (("a", "{}"), ("b", detail))]
    ours.client("events").put_events(Entries=entries)
    sqs = ours.client("sqs")
    url = sqs.create_queue(QueueName="billed")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="x" * 70_000)
    assert entered(ours, "events.published", "a", "b") == {"a": 1, "b": 2}
    assert entered(ours, "sqs.requests", "CreateQueue", "SendMessage") == {"CreateQueue": 1, "SendMessage": 2}


def test_a_workflow_counts_by_executions_and_the_states_that_they_enter(ours: Cloud) -> None:
    states = {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}
    sfn = ours.client("stepfunctions")
    arn = sfn.create_state_machine(
        name="Billed", roleArn="arn:aws:iam::000000000000:role/any",
        definition=json.dumps({"StartAt": "A", "States": states}),
    )["stateMachineArn"]  # fmt: skip
    for _ in range(2):
        sfn.start_execution(stateMachineArn=arn)
    eventually(lambda: entered(ours, "states.transitions", "Billed") == {"Billed": 4}, "two executions")
    assert entered(ours, "states.executions", "Billed") == {"Billed": 2}
    # Workflows of other tests may enter such states meanwhile; they are not told apart.
    kinds = ("Pass", "Succeed")
    eventually(lambda: all(count >= 2 for count in entered(ours, "states.entered", *kinds).values()), "their states")


def test_logs_count_by_their_bytes_and_26_an_entry(ours: Cloud) -> None:
    logs = ours.client("logs")
    logs.create_log_group(logGroupName="billed")
    logs.create_log_stream(logGroupName="billed", logStreamName="one")
    ours.control("billed", "DELETE")
    entries = [{"timestamp": 1_700_000_000_000, "message": message} for message in ("ten bytes.", "été")]
    logs.put_log_events(logGroupName="billed", logStreamName="one", logEvents=entries)
    assert ours.control("billed")[1]["logs.bytes"] == {"billed": 10 + 5 + 2 * 26}
