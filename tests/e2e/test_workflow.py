"""The delay workflow's semantics on the deployed stack."""

import json

from conftest import TABLE, Cloud, delay_event, kafka_record, new_id, wait_for


def test_the_same_event_again_tells_nobody_again(cloud: Cloud) -> None:
    event_id = new_id()
    cloud.put_delay(event_id, 90)
    first = cloud.outcome(event_id)
    assert first["outcome"] == "TELL" and first["sent"] > 0
    told = len(cloud.notifications(event_id))
    assert told == first["sent"]

    again = cloud.client("stepfunctions").start_execution(
        stateMachineArn=cloud.outputs["DelayStateMachineArn"], input=cloud.execution_of(event_id)["input"]
    )["executionArn"]
    assert json.loads(cloud.ended(again)["output"]) == {"outcome": "DONE_BEFORE", "event_id": event_id}
    assert len(cloud.notifications(event_id)) == told


def test_a_change_of_a_few_minutes_is_not_told_and_a_shrinking_delay_is_a_correction(cloud: Cloud) -> None:
    ids = [new_id() for _ in range(3)]
    steps = zip(ids, (90, 95, 30), ("TELL", "NOT_MATERIAL", "TELL"), range(3), strict=True)
    for event_id, minutes, expected, second in steps:
        # Said, since the envelope's time has whole seconds only and a tie is decided by the ids.
        cloud.put_delay(event_id, minutes, occurred_at=f"2026-11-01T00:00:0{second}Z")
        assert cloud.outcome(event_id)["outcome"] == expected
    assert cloud.notifications(ids[1]) == []
    assert cloud.get("/flights/SW5678")[2]["delay_minutes"] == 30


def test_an_older_event_is_superseded(cloud: Cloud) -> None:
    newer, older = new_id(), new_id()
    cloud.put_delay(newer, 90, occurred_at="2026-11-01T10:00:00Z")
    assert cloud.outcome(newer)["outcome"] == "TELL"
    cloud.put_delay(older, 30, occurred_at="2026-11-01T09:00:00Z")
    assert cloud.outcome(older)["outcome"] == "SUPERSEDED"
    assert cloud.get("/flights/SW5678")[2]["delay_minutes"] == 90


def test_an_event_about_no_flight_fails_by_name_and_is_dead_lettered(cloud: Cloud) -> None:
    event_id = new_id()
    cloud.put_delay(event_id, 90, flight_id="SW0000")
    execution = cloud.execution_of(event_id)
    assert (execution["status"], execution["error"]) == ("FAILED", "UnknownFlight")
    letters = cloud.drain_dead_letters()
    assert [(one["kind"], one["event_id"]) for one in letters] == [("workflow", event_id)]
    claim = cloud.client("dynamodb").get_item(
        TableName="FlightPulseTable", Key={"PK": {"S": f"EVENT#{event_id}"}, "SK": {"S": "CLAIM#SW0000"}}
    )["Item"]
    assert claim["state"]["S"] == "RELEASED"


def test_a_booking_without_its_passenger_is_set_aside_and_the_others_are_told(cloud: Cloud) -> None:
    dynamodb = cloud.client("dynamodb")
    entries = dynamodb.query(
        TableName="FlightPulseTable", KeyConditionExpression="PK = :f AND begins_with(SK, :b)",
        ExpressionAttributeValues={":f": {"S": "FLIGHT#SW5678"}, ":b": {"S": "BOOKING#"}},
    )["Items"]  # fmt: skip
    passenger = entries[0]["passenger_id"]["S"]
    dynamodb.delete_item(
        TableName="FlightPulseTable", Key={"PK": {"S": f"PASSENGER#{passenger}"}, "SK": {"S": "METADATA"}}
    )
    event_id = new_id()
    cloud.put_delay(event_id, 90)
    told = cloud.outcome(event_id)
    assert told["dead_lettered"] >= 1 and told["sent"] >= 1
    letters = cloud.drain_dead_letters()
    assert {one["kind"] for one in letters} == {"booking"}
    assert passenger in letters[0]["reason"]


def test_an_event_by_hand_without_an_id_takes_the_envelopes(cloud: Cloud) -> None:
    marker = new_id()
    detail = {"flight_id": "SW1234", "delay_minutes": 25, "comment": marker}
    cloud.client("events").put_events(
        Entries=[{
            "EventBusName": "flightpulse-bus", "Source": "flightpulse.kafka-consumer",
            "DetailType": "flight.delay.minor", "Detail": json.dumps(detail),
        }]
    )  # fmt: skip
    execution = cloud.execution_of(marker)
    assert execution["status"] == "SUCCEEDED", execution
    assert json.loads(execution["output"])["event_id"] == json.loads(execution["input"])["id"]


def test_one_id_on_two_flights_is_two_events(cloud: Cloud) -> None:
    event_id = new_id()
    for flight_id in ("SW5678", "SW1234"):
        cloud.put_delay(event_id, 90, flight_id=flight_id)
        execution = cloud.execution_of(event_id, f'"{flight_id}"')
        assert json.loads(execution["output"])["outcome"] == "TELL"


def test_an_entry_that_cannot_be_read_is_set_aside_and_the_others_are_told(cloud: Cloud) -> None:
    key = {"PK": {"S": "FLIGHT#SW5678"}, "SK": {"S": "BOOKING#A-bad"}}
    cloud.client("dynamodb").put_item(TableName="FlightPulseTable", Item=key)
    try:
        event_id = new_id()
        cloud.put_delay(event_id, 90)
        told = cloud.outcome(event_id)
    finally:
        cloud.client("dynamodb").delete_item(TableName="FlightPulseTable", Key=key)
    assert (told["sent"], told["dead_lettered"]) == (8, 1)
    assert [one["booking_id"] for one in cloud.drain_dead_letters()] == ["A-bad"]


def test_an_entry_that_names_another_passenger_is_set_aside(cloud: Cloud) -> None:
    key = {"PK": {"S": "FLIGHT#SW5678"}, "SK": {"S": "BOOKING#B001"}}
    dynamodb = cloud.client("dynamodb")
    before = dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
    dynamodb.put_item(TableName=TABLE, Item={**before, "passenger_id": {"S": "not an id"}})
    event_id = new_id()
    cloud.put_delay(event_id, 90)
    told = cloud.outcome(event_id)
    assert (told["sent"], told["cancelled"], told["dead_lettered"]) == (6, 0, 1)
    assert [one["booking_id"] for one in cloud.drain_dead_letters()] == ["B001"]


def test_the_same_record_twice_in_one_batch_is_told_once(hasty: Cloud) -> None:
    # The second execution looks at the claim again after half a minute.
    cloud = hasty
    event = json.dumps(delay_event(new_id())).encode()
    batch = {"records": {"flight-operations-0": [kafka_record(n, event) for n in (1, 2)]}}
    assert cloud.invoke_consumer(batch) == {"batchItemFailures": []}
    event_id = json.loads(event)["event_id"]
    sfn = cloud.client("stepfunctions")

    def both() -> list[str]:
        arn = cloud.outputs["DelayStateMachineArn"]
        recent = sfn.list_executions(stateMachineArn=arn, maxResults=20)["executions"]
        told = [sfn.describe_execution(executionArn=one["executionArn"]) for one in recent]
        ours = [one for one in told if event_id in one["input"] and one["status"] != "RUNNING"]
        return [json.loads(one["output"])["outcome"] for one in ours] if len(ours) == 2 else []

    assert sorted(wait_for("both executions", both)) == ["DONE_BEFORE", "TELL"]
    assert len(cloud.notifications(event_id)) == 8
