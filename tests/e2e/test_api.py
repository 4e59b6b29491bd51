"""The deployed API: every route of `docs/openapi.json`, what is refused and how, lists, and what clients may keep."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from conftest import REPO, TABLE, Answer, Cloud, new_id

DOCUMENT: dict[str, Any] = json.loads((REPO / "docs" / "openapi.json").read_text())
# Ids of the sample airline and of a run that the tests bring along, and a query where one is needed.
RUN = "20261130T063012Z-3f2a9c1b"
IDS = {"flight_id": "SW5678", "passenger_id": "P002", "booking_id": "B001", "reconciliation_id": RUN}
QUERIES = {"/flights": "?status=SCHEDULED"}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

BOOKINGS = "/flights/SW5678/bookings"
SCHEDULED = "/flights?status=SCHEDULED"


def concrete(template: str) -> str:
    """A path of the document with the sample airline's ids."""
    return re.sub(r"\{(\w+)}", lambda name: IDS[name[1]], template)


def methods(template: str) -> list[str]:
    return [method for method in METHODS if method.lower() in DOCUMENT["paths"][template]]


def reads() -> Iterator[tuple[str, bool]]:
    """The path of every route that reads, and whether it is signed."""
    for template, item in DOCUMENT["paths"].items():
        # A webhook's GET is a handshake, and reads nothing (test_bookings.py).
        if "get" in item and item["get"]["tags"] != ["Webhooks"]:
            yield concrete(template) + QUERIES.get(template, ""), bool(item["get"].get("security"))


READS = dict(reads())
SIGNED = [path for path, signed in READS.items() if signed]
CONDITIONAL = [path for path in READS if path != "/health" and not path.startswith("/admin")]


@pytest.fixture(scope="module")
def api(deployed: Cloud) -> Cloud:
    """The stack with sample data, for tests that change nothing."""
    deployed.seed()
    item = {
        "PK": {"S": "RECONCILIATIONS"}, "SK": {"S": f"RUN#{RUN}"}, "run_id": {"S": RUN}, "status": {"S": "COMPLETED"},
        "bucket": {"S": "exports"}, "key": {"S": "exports/part-0.json"}, "started_at": {"S": "2026-11-30T06:30:12Z"},
        "attempt": {"S": "3f2a9c1b"}, "parts": {"N": "1"},
    }  # fmt: skip
    deployed.client("dynamodb").put_item(TableName=TABLE, Item=item)
    return deployed


def problem(answer: Answer, status: int) -> str:
    """The detail of a problem with this status."""
    assert (answer.status, answer.media_type) == (status, "application/problem+json"), answer
    body = answer.json()
    assert body.keys() <= {"type", "title", "status", "detail"}
    assert body.get("status", status) == status
    return body["detail"]


def test_the_document_is_there_in_full() -> None:
    assert len(DOCUMENT["paths"]) == 21
    assert len(READS) == 16


@pytest.mark.parametrize("path", READS)
def test_every_route_answers(api: Cloud, path: str) -> None:
    answer = api.ask(path, signed=READS[path])
    assert answer.status == 200, answer
    assert answer.media_type == ("text/html" if path == "/docs" else "application/json")
    assert (answer.headers["x-content-type-options"], len(answer.body) > 10) == ("nosniff", True)


@pytest.mark.parametrize("path", SIGNED)
def test_what_names_a_person_is_for_those_who_sign(api: Cloud, path: str) -> None:
    assert "AWS Signature Version 4" in problem(api.ask(path), 403)
    assert "security token" in problem(api.ask(path, signed=True, key="AKIAUNKNOWN"), 403)
    assert "Authorization" in problem(api.ask(path, authorization="Bearer token"), 403)


@pytest.mark.parametrize("template", DOCUMENT["paths"])
def test_a_method_that_is_not_there_is_a_405_that_says_which_are(api: Cloud, template: str) -> None:
    there = methods(template)
    for method in set(METHODS) - set(there):
        answer = api.ask(concrete(template), method, body={} if method == "POST" else None)
        assert (answer.status, answer.headers["allow"]) == (405, ", ".join(there)), method
        if method != "HEAD":
            assert problem(answer, 405) == f"This path takes {' and '.join(there)} only."


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8"])
def test_whatever_the_body_is_called_a_wrong_method_is_a_405(api: Cloud, kind: str) -> None:
    assert api.ask("/flights", "POST", body={"statusCode": 200}, content_type=kind).status == 405


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/nothing/here", "/flights/SW5678/nothing", "/passengers", "/bookings", "/admin"]
)
def test_an_unknown_path_is_a_404_signed_or_not(api: Cloud, path: str) -> None:
    for signed in (False, True):
        for method in ("GET", "POST"):
            assert "no such path" in problem(api.ask(path, method, signed=signed), 404)


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/flights/SW0000", "There is no flight SW0000."),
        ("/flights/SW0000/bookings", "There is no flight SW0000."),
        ("/flights/SW0000/notifications", "There is no flight SW0000."),
        ("/passengers/P000", "There is no passenger P000."),
        ("/passengers/P000/bookings", "There is no passenger P000."),
        ("/bookings/B000", "There is no booking B000."),
        ("/bookings/B000/notifications", "There is no booking B000."),
    ],
)
def test_an_unknown_id_is_a_404_that_names_it(api: Cloud, path: str, detail: str) -> None:
    assert problem(api.ask(path, signed=True), 404) == detail


@pytest.mark.parametrize("path", CONDITIONAL)
def test_what_a_client_has_already_is_not_sent_again(api: Cloud, path: str) -> None:
    signed = READS[path]
    etag = api.ask(path, signed=signed).headers["etag"]
    assert re.fullmatch(r'(W/)?"[^"]+"', etag)
    for condition in (etag, f'"other", {etag}', "*"):
        answer = api.ask(path, signed=signed, if_none_match=condition)
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", etag), condition
    assert api.ask(path, signed=signed, if_none_match='"other"').status == 200


def test_the_etag_changes_with_the_flight(cloud: Cloud) -> None:
    before, event_id = cloud.ask("/flights/SW5678"), new_id()
    cloud.put_delay(event_id, 90)
    cloud.outcome(event_id)
    after = cloud.ask("/flights/SW5678", if_none_match=before.headers["etag"])
    assert (after.status, after.json()["delay_minutes"]) == (200, 90)
    assert after.headers["etag"] != before.headers["etag"]


@pytest.mark.parametrize("path", [path for path in READS if not path.startswith("/admin")])
def test_head_is_get_without_the_body(api: Cloud, path: str) -> None:
    signed = READS[path]
    head, got = (api.ask(path, method, signed=signed) for method in ("HEAD", "GET"))
    assert (head.status, head.body) == (200, b"")
    for name in ("content-type", "etag", "cache-control"):
        assert head.headers[name] == got.headers[name], name


def pages(cloud: Cloud, path: str, limit: int) -> Iterator[dict[str, Any]]:
    """Every page of a list."""
    cursor = None
    while True:
        query = urlencode({"limit": limit} | ({"cursor": cursor} if cursor else {}))
        page = cloud.ask(f"{path}{'&' if '?' in path else '?'}{query}", signed=True)
        assert page.status == 200, page
        yield page.json()
        cursor = page.json()["next"]
        if cursor is None:
            return


@pytest.mark.parametrize(
    ("path", "things", "name", "limit", "at_least"),
    [
        (SCHEDULED, "flights", "flight_id", 2, 5),
        (BOOKINGS, "bookings", "booking_id", 2, 8),
        ("/passengers/P002/bookings", "bookings", "booking_id", 1, 2),
        ("/flights/SW5678/notifications", "notifications", "notification_id", 2, 8),
        ("/bookings/B001/notifications", "notifications", "notification_id", 1, 2),
    ],
)
def test_all_pages_of_a_list_are_the_list(
    cloud: Cloud, path: str, things: str, name: str, limit: int, at_least: int
) -> None:
    if things == "notifications":
        event_id = new_id()
        cloud.put_delay(event_id, 90)
        assert cloud.outcome(event_id)["sent"] == 8
    turned = list(pages(cloud, path, limit))
    assert all(page["count"] == len(page[things]) <= limit for page in turned)
    found = [one[name] for page in turned for one in page[things]]
    assert len(found) == len(set(found)) >= at_least
    whole = [one[name] for page in pages(cloud, path, 100) for one in page[things]]
    assert found == whole
    assert len(turned) > 1


def test_bookings_of_a_flight_and_of_a_passenger_are_those_of_the_table(cloud: Cloud) -> None:
    listed = cloud.ask(BOOKINGS, signed=True).json()["bookings"]
    assert {one["booking_id"]: one["booking_status"] for one in listed} == cloud.bookings("SW5678")
    for one in listed:
        assert cloud.ask(f"/bookings/{one['booking_id']}", signed=True).json() == one
        mine = cloud.ask(f"/passengers/{one['passenger_id']}/bookings", signed=True).json()["bookings"]
        assert one in mine
        person = cloud.ask(f"/passengers/{one['passenger_id']}", signed=True).json()
        item = cloud.item(f"PASSENGER#{one['passenger_id']}")
        assert item is not None
        assert (person["first_name"], person["tier"]) == (item["first_name"], item["tier"])


def cursor_of(cloud: Cloud, path: str) -> str:
    return cloud.ask(f"{path}{'&' if '?' in path else '?'}limit=1", signed=True).json()["next"]


def test_a_cursor_is_good_for_its_own_query_alone(api: Cloud) -> None:
    cursor = cursor_of(api, BOOKINGS)
    assert api.ask(f"{BOOKINGS}?cursor={cursor}", signed=True).status == 200
    for other in ("/flights/SW1234/bookings?", "/flights/SW5678/notifications?", f"{SCHEDULED}&"):
        assert "cursor" in problem(api.ask(f"{other}cursor={cursor}", signed=True), 400), other
    scheduled = cursor_of(api, SCHEDULED)
    assert "cursor" in problem(api.ask(f"/flights?status=DELAYED&cursor={scheduled}"), 400)


def test_a_cursor_that_was_changed_is_refused(api: Cloud) -> None:
    cursor = cursor_of(api, BOOKINGS)
    for place in range(0, len(cursor), 7):
        changed = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        assert "cursor" in problem(api.ask(f"{BOOKINGS}?cursor={changed}", signed=True), 400), place
    for made_up in ("x", cursor[:-1], cursor + "A", "A" * 5_000, "%00", ""):
        assert "cursor" in problem(api.ask(f"{BOOKINGS}?cursor={made_up}", signed=True), 400), made_up


LIMITS = "from 1 to 100"


@pytest.mark.parametrize(
    ("path", "headers", "allowed"),
    [
        ("/flights", {}, "SCHEDULED, BOARDING, DELAYED, CANCELLED, DEPARTED, DIVERTED, ARRIVED"),
        ("/flights?status=LATE", {}, "SCHEDULED, BOARDING, DELAYED, CANCELLED, DEPARTED, DIVERTED, ARRIVED"),
        ("/flights?status=SCHEDULED&status=DELAYED", {}, "status"),
        (f"{SCHEDULED}&departs_from=tomorrow", {}, "RFC 3339"),
        (f"{SCHEDULED}&verbose=1", {}, "status, departs_from, departs_before, limit"),
        *((f"{path}limit={limit}", {}, LIMITS) for path in (f"{SCHEDULED}&", f"{BOOKINGS}?")
          for limit in ("0", "101", "-1", "ten", "", "99999999999999999999")),
        ("/flights/SW5678?limit=5", {}, "limit"),
        ("/flights/SW5678", {"if_none_match": "unquoted"}, "If-None-Match"),
        (BOOKINGS, {"if_none_match": '"a" "b"'}, "If-None-Match"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_says_what_can(api: Cloud, path: str, headers: dict[str, str], allowed: str) -> None:
    assert allowed in problem(api.ask(path, signed=True, **headers), 400)


def test_the_document_is_the_committed_one_and_the_page_is_a_page(api: Cloud) -> None:
    assert api.ask("/openapi.json").json() == DOCUMENT
    page = api.ask("/docs").body.decode()
    assert page.lower().startswith("<!doctype html>")
    # Readable where there is no internet, and by nobody else's leave.
    assert not re.search(r"""(src|href)=["']https?://""", page)
    assert all(template in page for template in DOCUMENT["paths"])


def test_who_was_told_what_when_and_by_which_channel(cloud: Cloud) -> None:
    began, event_id = datetime.now(UTC), new_id()
    cloud.put_delay(event_id, 90)
    assert cloud.outcome(event_id)["sent"] == 8
    told = {one["notification_id"]: one for one in cloud.notifications(event_id)}
    assert len(told) == 8

    listed = [one for one in notifications(cloud, "/flights/SW5678") if one["event_id"] == event_id]
    assert {one["notification_id"] for one in listed} == told.keys()
    for one in listed:
        line = told[one["notification_id"]]
        for name in ("kind", "nature", "flight_id", "booking_id", "passenger_id", "channel", "language", "author"):
            assert one[name] == line[name], name
        said = line["subject"] if line["channel"] == "email" else line["text"]
        assert one["headline"] == said[:200]
        assert began <= datetime.fromisoformat(one["sent_at"]) <= datetime.now(UTC)

    for booking in {line["booking_id"] for line in told.values()}:
        of_booking = [one for one in notifications(cloud, f"/bookings/{booking}") if one["event_id"] == event_id]
        assert sorted(one["notification_id"] for one in of_booking) == sorted(
            one["notification_id"] for one in listed if one["booking_id"] == booking
        )
    # B006 wants push only, B008 is cancelled: nobody told them, and nobody says so.
    for booking in ("B006", "B008"):
        assert all(one["event_id"] != event_id for one in notifications(cloud, f"/bookings/{booking}"))


def notifications(cloud: Cloud, of: str) -> list[dict[str, Any]]:
    """All notifications of a flight or booking, which come newest first."""
    found = [one for page in pages(cloud, f"{of}/notifications", 100) for one in page["notifications"]]
    times = [datetime.fromisoformat(one["sent_at"]) for one in found]
    assert times == sorted(times, reverse=True)
    return found
