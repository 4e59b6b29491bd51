"""EventBridge rule → CloudWatch Logs, and the mutants of that delivery."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from conftest import Cloud
from flightpulse_cloud.mutants import KINDS, Mutant

ACCOUNT = "000000000000"


@dataclass
class Route:
    """A bus whose rule delivers to a log group and, as a witness that the rule matched, to a queue."""

    cloud: Cloud
    name: str
    queue: str

    def put(self, **detail: Any) -> None:
        entry = {
            "Source": "flightpulse.test",
            "DetailType": "notification.email",
            "EventBusName": self.name,
            "Detail": json.dumps({"event_id": "e1", **detail}),
        }
        assert self.cloud.client("events").put_events(Entries=[entry])["FailedEntryCount"] == 0
        witnessed = self.cloud.client("sqs").receive_message(QueueUrl=self.queue, WaitTimeSeconds=10)["Messages"]
        assert len(witnessed) == 1
        self.cloud.client("sqs").delete_message(QueueUrl=self.queue, ReceiptHandle=witnessed[0]["ReceiptHandle"])

    def delivered(self) -> list[dict[str, Any]]:
        found = self.cloud.client("logs").filter_log_events(logGroupName=f"/{self.name}")["events"]
        return [json.loads(event["message"]) for event in found]


def route(
    cloud: Cloud,
    principal: str = "events.amazonaws.com",
    resource: str | None = None,
    source: str | None = None,
) -> Route:
    name = f"t{uuid.uuid4().hex[:12]}"
    events, logs, sqs = cloud.client("events"), cloud.client("logs"), cloud.client("sqs")
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    logs.create_log_group(logGroupName=f"/{name}")
    group = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/{name}"
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": [principal]},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": resource or f"{group}:*",
    }
    if source is not None:
        rule = f"arn:aws:events:us-east-1:{ACCOUNT}:rule/{name}/{source or name}"
        statement["Condition"] = {"ArnEquals": {"aws:SourceArn": rule}}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    # AWS allows ten policies in an account and so does MiniStack: the tests share one name, each puts its own.
    logs.put_resource_policy(policyName="test", policyDocument=json.dumps(policy))
    events.create_event_bus(Name=name)
    events.put_rule(Name=name, EventBusName=name, EventPattern=json.dumps({"detail-type": ["notification.email"]}))
    targets = [
        {"Id": "logs", "Arn": group},
        {"Id": "witness", "Arn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"},
    ]
    assert events.put_targets(Rule=name, EventBusName=name, Targets=targets)["FailedEntryCount"] == 0
    return Route(cloud, name, queue)


def test_stock_ministack_still_loses_it(stock: Cloud) -> None:
    lost = route(stock)
    lost.put(booking_id="B1")
    assert lost.delivered() == []


def test_the_whole_event_is_one_log_event(ours: Cloud) -> None:
    there = route(ours)
    there.put(booking_id="B1", text="María, gate B12")
    (event,) = there.delivered()
    assert event["detail"] == {"event_id": "e1", "booking_id": "B1", "text": "María, gate B12"}
    assert event["detail-type"] == "notification.email"
    assert event["account"] == ACCOUNT


@pytest.mark.parametrize(
    "policy",
    [
        {"principal": "delivery.logs.amazonaws.com"},
        {"resource": "arn:aws:logs:*:*:log-group:/other:*"},
        {"source": "another-rule"},
    ],
)
def test_without_a_resource_policy_that_allows_it_nothing_arrives(ours: Cloud, policy: dict[str, str]) -> None:
    refused = route(ours, **policy)
    refused.put(booking_id="B1")
    assert refused.delivered() == []


def test_a_policy_may_name_the_rule(ours: Cloud) -> None:
    there = route(ours, source="")
    there.put(booking_id="B1")
    assert len(there.delivered()) == 1


def test_a_doubled_notification(ours: Cloud) -> None:
    there = route(ours)
    ours.control("mutant", "PUT", {"kind": "double-notification"})
    there.put(booking_id="B1")
    there.put(booking_id="B2")
    assert [event["detail"]["booking_id"] for event in there.delivered()] == ["B1", "B1", "B2"]
    assert ours.control("mutant")[1]["hits"] == 1


def test_a_dropped_booking(ours: Cloud) -> None:
    there = route(ours)
    ours.control("mutant", "PUT", {"kind": "dropped-booking"})
    for booking in ("B1", "B2", "B1"):
        there.put(notification={"booking_id": booking})
    assert [event["detail"]["notification"]["booking_id"] for event in there.delivered()] == ["B2"]
    assert ours.control("mutant")[1] == {
        "kind": "dropped-booking", "victims": {"dropped-booking": "B1"}, "hits": 2
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("Your gate B12 is open", "Your gate Z9 is open"),
        ("Nueva puerta: 12, salida a las 12:40", "Nueva puerta: Z9, salida a las 12:40"),
        ("Das Gate ist D15. Gate D15!", "Das Gate ist Z9. Gate Z9!"),
        ("It leaves at 3:40 PM now", "It leaves at 4:40 PM now"),
        ("Abflug um 15:40 heute", "Abflug um 7:40 heute"),
        ("Vuelo SW5678: cancelado", "Vuelo SW5679: cancelado"),
    ],
)
def test_a_wrong_gate_time_or_flight_in_one_text(ours: Cloud, text: str, changed: str) -> None:
    there = route(ours)
    ours.control("mutant", "PUT", {"kind": "wrong-gate"})
    ids = {"flight_id": "SW5678", "new_departure": "2026-11-22T15:40:00Z"}
    there.put(**ids, subject="Nothing in it", text="nothing to change here")
    there.put(**ids, subject=text, text=text)
    there.put(**ids, text=text)
    details = [event["detail"] for event in there.delivered()]
    assert [detail["text"] for detail in details] == ["nothing to change here", changed, text]
    assert details[1] == {**details[1], **ids, "subject": changed}


def test_all_of_them_at_once_have_a_notification_each(ours: Cloud) -> None:
    there = route(ours)
    ours.control("mutant", "PUT", {"kind": "all"})
    for booking in ("B1", "B1", "B2", "B3", "B4"):
        there.put(booking_id=booking, text="Gate B12 is open")
    told = [(event["detail"]["booking_id"], event["detail"]["text"]) for event in there.delivered()]
    right, wrong = "Gate B12 is open", "Gate Z9 is open"
    assert told == [("B2", right), ("B2", right), ("B3", wrong), ("B4", right)]
    report = ours.control("mutant")[1]
    assert (report["hits"], report["victims"]["dropped-booking"]) == (4, "B1")
    assert set(report["victims"]) == set(KINDS) - {"none", "all"}


def test_no_mutant_changes_nothing(ours: Cloud) -> None:
    there = route(ours)
    ours.control("mutant", "PUT", {"kind": "wrong-gate"})
    ours.control("mutant", "PUT", {"kind": "none"})
    there.put(booking_id="B1", text="Gate B12 at 3:40 PM")
    assert [event["detail"]["text"] for event in there.delivered()] == ["Gate B12 at 3:40 PM"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_mutant_leaves_other_events_alone(kind: str) -> None:
    mutant = Mutant()
    mutant.set(kind)
    audited = {"detail-type": "booking.status_changed", "detail": {"booking_id": "B1", "note": "Gate B12 at 3:40 PM"}}
    assert mutant.deliver(audited) == [audited]
    assert mutant.report()["hits"] == 0
