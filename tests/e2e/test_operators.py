"""What operators do, on the deployed stack: hold, release, tell again, correct; and the log of it."""

from __future__ import annotations

import pytest
from conftest import TABLE, Cloud, new_id, wait_for

WHO = {"operator": "e2e", "reason": "a test"}
FLIGHT = "SW5678"
TOLD = 8


def test_nobody_gets_in_unsigned(cloud: Cloud) -> None:
    routes = [("GET", "/admin/notifications"), ("GET", "/admin/actions")]
    routes += [("POST", f"/admin/notifications/{turn}") for turn in ("hold", "release")]
    routes += [("POST", f"/admin/flights/{FLIGHT}/{what}") for what in ("resend", "correction")]
    for method, path in routes:
        body = WHO if method == "POST" else None
        status, problem = cloud.admin(method, path, body, signed=False)
        assert (status, problem["status"]) == (403, 403)
        assert cloud.admin(method, path, body)[0] in (200, 202, 400, 409), path
    assert cloud.admin("GET", "/admin/notifications")[1]["held"] is False


def test_what_is_held_is_not_lost_and_goes_out_once_it_is_released(cloud: Cloud) -> None:
    event_id = new_id()
    status, body = cloud.admin("POST", "/admin/notifications/hold", WHO)
    assert (status, body["held"], body["changed_by"]) == (200, True, "e2e")
    try:
        cloud.put_delay(event_id, 90)
        wait_for("the delay on the flight", lambda: cloud.get(f"/flights/{FLIGHT}")[2]["delay_minutes"] == 90)
        # The texts are written, and nothing goes out.
        wait_for("the texts", lambda: cloud.control("GET", "bedrock")["calls"] == 5)
        assert cloud.notifications(event_id) == []
    finally:
        assert cloud.admin("POST", "/admin/notifications/release", WHO)[0] == 200
    assert cloud.outcome(event_id)["sent"] == TOLD
    assert len(cloud.notifications(event_id)) == TOLD


def test_a_claim_that_was_taken_over_during_a_hold_ends_quietly(cloud: Cloud) -> None:
    event_id = new_id()
    assert cloud.admin("POST", "/admin/notifications/hold", WHO)[0] == 200
    try:
        cloud.put_delay(event_id, 90)
        wait_for("the texts", lambda: cloud.control("GET", "bedrock")["calls"] == 5)
        # What a second execution does once the claim has expired.
        cloud.client("dynamodb").update_item(
            TableName=TABLE, Key={"PK": {"S": f"EVENT#{event_id}"}, "SK": {"S": f"CLAIM#{FLIGHT}"}},
            UpdateExpression="SET #o = :o", ExpressionAttributeNames={"#o": "owner"},
            ExpressionAttributeValues={":o": {"S": "another-execution"}},
        )  # fmt: skip
    finally:
        assert cloud.admin("POST", "/admin/notifications/release", WHO)[0] == 200
    assert cloud.outcome(event_id)["outcome"] == "TAKEN_OVER"
    assert len(cloud.notifications(event_id)) == TOLD
    assert cloud.drain_dead_letters() == []


def test_passengers_are_told_again_what_is_true(cloud: Cloud) -> None:
    event_id = new_id()
    cloud.put_delay(event_id, 90)
    assert cloud.outcome(event_id)["sent"] == TOLD
    status, body = cloud.admin("POST", f"/admin/flights/{FLIGHT}/resend", WHO)
    assert (status, [one["detail_type"] for one in body["events"]]) == (202, ["flight.resend.schedule"])
    resend = body["events"][0]["event_id"]
    assert cloud.outcome(resend)["sent"] == TOLD
    # The notifications name the event that they tell of; ids tell the two broadcasts apart.
    ids = [one["notification_id"] for one in cloud.notifications(event_id)]
    assert len(ids) == len(set(ids)) == 2 * TOLD


def test_a_cancellation_told_again_asks_for_no_second_rebooking(cloud: Cloud) -> None:
    event_id = new_id()
    cloud.put("flight.cancelled", event_id)
    assert cloud.outcome(event_id)["bookings_changed"] == 7
    _, body = cloud.admin("POST", f"/admin/flights/{FLIGHT}/resend", WHO)
    output = cloud.outcome(body["events"][0]["event_id"])
    assert (output["sent"], output["bookings_changed"]) == (TOLD, 7)
    # Asked for again under the same ids: whoever rebooks drops the repeats.
    assert len({one["rebooking_id"] for one in cloud.rebookings(event_id)}) == 7


# What was broadcast, what is true, the event that says so, and what the flight then is.
WRONG = {
    "delay": (
        ("flight.delay.severe", {"delay_minutes": 900}),
        {"kind": "DELAY", "delay_minutes": 90},
        "flight.delay.major",
        {"delay_minutes": 90},
    ),
    "gate": (
        ("flight.gate_change", {"new_gate": "D51"}),
        {"kind": "GATE", "gate": "D15"},
        "flight.gate_change",
        {"gate": "D15"},
    ),
    "cancellation": (
        ("flight.cancelled", {}),
        {"kind": "OPERATES"},
        "flight.reinstated",
        {"status": "SCHEDULED"},
    ),
}


@pytest.mark.parametrize(("wrong", "correction", "route", "right"), WRONG.values(), ids=WRONG)
def test_a_wrong_broadcast_is_taken_back(cloud: Cloud, wrong, correction, route, right) -> None:  # noqa: ANN001
    event_id = new_id()
    cloud.put(wrong[0], event_id, **wrong[1])
    assert cloud.outcome(event_id)["sent"] == TOLD
    status, body = cloud.admin("POST", f"/admin/flights/{FLIGHT}/correction", {**WHO, "correction": correction})
    assert (status, body["events"][0]["detail_type"]) == (202, route)
    corrected = body["events"][0]["event_id"]
    assert cloud.outcome(corrected)["sent"] == TOLD
    flight = cloud.get(f"/flights/{FLIGHT}")[2]
    assert {name: flight[name] for name in right} == right
    english = [one for one in cloud.notifications(corrected) if one["language"] == "en"]
    assert english
    assert all(any(word in one["text"].lower() for word in ("disregard", "correction")) for one in english), english


def test_who_did_what_is_kept(cloud: Cloud) -> None:
    reason = new_id()
    cloud.admin("POST", "/admin/notifications/release", {"operator": "jane", "reason": reason})
    _, log = cloud.admin("GET", "/admin/actions?limit=5")
    action = next(one for one in log["actions"] if one["reason"] == reason)
    assert (action["operator"], action["action"], action["outcome"]) == ("jane", "release", "DONE")
    assert action["identity"].startswith("arn:aws:iam::")
    assert action["at"].endswith("Z")


def test_what_cannot_be_asked_says_why(cloud: Cloud) -> None:
    asked = [
        ("/admin/flights/SW0000/resend", WHO, 404, "There is no flight SW0000."),
        (f"/admin/flights/{FLIGHT}/resend", WHO, 409, "nothing to tell again"),
        ("/admin/notifications/hold", {"operator": "e2e"}, 400, "reason"),
    ]
    for path, body, status, says in asked:
        got, problem = cloud.admin("POST", path, body)
        assert (got, says in problem["detail"]) == (status, True), problem


def test_the_simulator_does_it_all(cloud: Cloud) -> None:
    run = cloud.simulator("ops", "hold", "--reason", "a test", "--by", "e2e")
    assert run.returncode == 0, run.stderr
    assert "held" in cloud.simulator("ops", "status").stdout.lower()
    assert cloud.simulator("ops", "release", "--reason", "done", "--by", "e2e").returncode == 0
    assert "release" in cloud.simulator("ops", "log").stdout
    refused = cloud.simulator("ops", "resend", "SW0000", "--reason", "a test", "--by", "e2e")
    assert (refused.returncode, "There is no flight SW0000." in refused.stderr) == (1, True)
