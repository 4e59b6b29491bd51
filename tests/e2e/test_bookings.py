"""Bookings by the webhook, on the deployed stack: who is believed, what comes of them, what when something fails."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import random
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import REPO, Answer, Cloud, new_id, wait_for
from functions import kill_a_function, kill_all

PATH = "/webhooks/aep-booking"
WEBHOOK, WORKER = "FlightPulse-AEPWebhook", "FlightPulse-BookingWorker"
QUEUES = ("BookingQueueUrl", "BookingDeadLetterQueueUrl", "DeadLetterQueueUrl")
SECRET, OTHER = "a-secret-of-this-test", "a-secret-of-nobody-here"
KEY = str(REPO / "sample-data/aep/keys/private-local-1.pem")
# By this day, which no other test sells: what an earlier run has left there stays out of a flight's totals.
DAY = (datetime.now(UTC) + timedelta(days=9)).date()

Headers = dict[str, str]
Sign = Callable[[bytes], Headers]


@pytest.fixture(autouse=True)
def feed(cloud: Cloud) -> Iterator[None]:
    """Empty queues, and the sources, the queue and the host of the keys as they were."""
    secrets, arn = cloud.client("secretsmanager"), cloud.outputs["BookingSourcesSecretArn"]
    before = secrets.get_secret_value(SecretId=arn)["SecretString"]

    def as_it_was() -> None:
        visibility(cloud, 360)
        cloud.control("DELETE", "adobe-keys")
        for queue in QUEUES:
            cloud.drain(queue)

    as_it_was()
    yield
    secrets.put_secret_value(SecretId=arn, SecretString=before)
    kill_all(WEBHOOK)
    as_it_was()


def visibility(cloud: Cloud, seconds: int) -> None:
    """After how long what failed comes again."""
    cloud.client("sqs").set_queue_attributes(
        QueueUrl=cloud.outputs["BookingQueueUrl"], Attributes={"VisibilityTimeout": str(seconds)}
    )


def post(cloud: Cloud, body: bytes, headers: Headers, query: str = "") -> Answer:
    """A request to the webhook, byte for byte."""
    url = cloud.outputs["LocalApiUrl"] + PATH + query
    sent = {"content-type": "application/json", **headers}
    request = urllib.request.Request(url, data=body, headers=sent, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=40) as response:
            return Answer(response.status, response.headers, response.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read())


def own(secret: str, at: float | None = None) -> Sign:
    """FlightPulse's own signature, as EVENTS describes it."""

    def sign(body: bytes) -> Headers:
        when = str(int(time.time() if at is None else at))
        mac = hmac.new(secret.encode(), when.encode() + b"." + body, hashlib.sha256).hexdigest()
        return {"x-flightpulse-signature": f"t={when},v1={mac}"}

    return sign


def legacy(secret: str) -> Sign:
    def sign(body: bytes) -> Headers:
        mac = hmac.new(secret.encode(), body, hashlib.sha256).digest()
        return {"x-adobe-signature": base64.b64encode(mac).decode()}

    return sign


def bearer(secret: str) -> Sign:
    return lambda _: {"authorization": f"Bearer {secret}"}


def forwarder(cloud: Cloud, at: float | None = None) -> Sign:
    """The source that there is from the start."""
    secret = cloud.client("secretsmanager").get_secret_value(SecretId=cloud.outputs["BookingSourcesSecretArn"])
    source = json.loads(secret["SecretString"])["forwarder"]
    return own(source if isinstance(source, str) else source["secrets"][0], at)


def aep(cloud: Cloud, *arguments: str) -> str:
    run = cloud.simulator("aep", *arguments)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def add_source(cloud: Cloud, name: str, scheme: str, *arguments: str) -> None:
    """Adds a source. Processes that have read the sources a moment ago would not look again at once."""
    aep(cloud, "source", "set", name, "--scheme", scheme, *arguments)
    kill_all(WEBHOOK)


def adobes(cloud: Cloud, client_id: str) -> tuple[bytes, Headers]:
    """A request that Adobe has signed: a booking in its envelope. It has no time, so it is good again and again."""
    shown = aep(
        cloud, "send", "--bookings", "1", "--flights", "1", "--dry-run", "--json", "--sign", "adobe-io",
        "--private-key", KEY, "--client-id", client_id, "--batch", "1",
    )  # fmt: skip
    request = json.loads(shown.splitlines()[0])
    return request["body"].encode(), request["headers"]


def known(cloud: Cloud, sign: Sign, body: bytes = b"[]") -> None:
    """Waits until the webhook has heard of a source."""
    wait_for("the webhook to know the source", lambda: post(cloud, body, sign(body)).status == 200)


def purchase(pnr: str, party: int = 1, number: str = "TL900", **changed: Any) -> dict[str, Any]:
    """The document's own example, of this reservation."""
    flight = {"flightNumber": number, "origin": "DEL", "destination": "BOM", "departureDate": str(DAY)}
    event = {
        "_id": new_id(), "eventType": "commerce.purchases", "timestamp": datetime.now(UTC).isoformat(),
        "commerce": {"order": {"purchaseID": f"O-{pnr}", "priceTotal": 9000, "currencyCode": "INR"}},
        "productListItems": [{
            "SKU": f"FLIGHT-DEL-BOM-{number}", "quantity": party, "priceTotal": 9000,
            "_tlpairways": {**flight, "cabinClass": "economy"},
        }],
        "_tlpairways": {"booking": {"pnr": pnr, "passengerCount": party, "contactEmail": "user@example.com"}},
    }  # fmt: skip
    return {**event, **changed}


def new_pnr() -> str:
    return "E" + new_id().replace("-", "").upper()[-11:]


def record(cloud: Cloud, pnr: str, number: str = "TL900") -> dict[str, Any] | None:
    return cloud.item(f"FLIGHT#{number}-{DAY}-DEL", f"OPERATIONS#{pnr}#=O-{pnr}")


def settled(cloud: Cloud, sign: Sign) -> None:
    """Waits until everything that was sent before has been worked up: a booking that comes after it is there, and
    nothing waits."""
    pnr = new_pnr()
    body = json.dumps(purchase(pnr)).encode()
    assert post(cloud, body, sign(body)).status == 200
    wait_for("the booking after", lambda: record(cloud, pnr))
    wait_for("an empty queue", lambda: cloud.waiting("BookingQueueUrl") == 0)


def sent(cloud: Cloud, *arguments: str) -> dict[str, Any]:
    """What `aep send` says of a run that must pass."""
    run = cloud.simulator("aep", "send", "--json", *arguments)
    assert run.stdout.strip(), run.stderr
    report = json.loads(run.stdout)
    assert (run.returncode, report["faults"]) == (0, []), run.stdout
    return report


def exact(report: dict[str, Any]) -> None:
    """Every record, the totals of every flight and every dead letter are as they must be."""
    records, letters = report["records"], report["dead_letters"]
    assert (records["missing"], records["wrong"], records["unexpected"]) == (0, 0, 0)
    assert records["exact"] == records["expected"] > 0
    assert report["totals"][0] == report["totals"][1] > 0
    assert letters == {**letters, "exact": letters["expected"], "missing": 0, "wrong": 0}
    assert (report["believed"], report["given_up"]) == (0, 0)
    assert all(count == refused for count, refused in report["refused"].values())


@pytest.mark.parametrize("scheme", ["flightpulse", "bearer", "adobe-io", "adobe-io-legacy"])
def test_each_scheme_is_believed_and_its_forgeries_are_not(cloud: Cloud, scheme: str) -> None:
    extra: list[str] = []
    if scheme == "adobe-io":
        add_source(cloud, "e2e", scheme, "--client-id", "e2e-client")
        extra = ["--private-key", KEY]
        body, headers = adobes(cloud, "e2e-client")
        known(cloud, lambda _: headers, body)
    elif scheme == "adobe-io-legacy":
        add_source(cloud, "e2e", scheme, "--secret", SECRET)
        known(cloud, legacy(SECRET))
    elif scheme == "bearer":
        add_source(cloud, "e2e", scheme, "--secret", SECRET)
        known(cloud, bearer(SECRET))
    else:
        add_source(cloud, "e2e", scheme, "--secret", SECRET)
        known(cloud, own(SECRET))
    report = sent(
        cloud, "--bookings", "25", "--flights", "3", "--batch", "10", "--corrupt", "10", "--source", "e2e", *extra
    )
    exact(report)
    assert report["scheme"] == scheme
    refused = {"forged"} if scheme == "bearer" else {"forged", "truncated", "re-encoded"}
    assert set(report["refused"]) == (refused | {"expired"} if scheme == "flightpulse" else refused)


def tampered(sign: Sign, body: bytes) -> dict[str, tuple[bytes, Headers]]:
    """What must not be believed, of a request that would be."""
    good = sign(body)
    (name, value), *_ = good.items()
    return {
        "unsigned": (body, {}),
        "forged": (body, own(OTHER)(body)),
        "changed": (body.replace(b"9000", b"1"), good),
        "truncated": (body[:-1], good),
        "re-encoded": (json.dumps(json.loads(body), indent=1).encode(), good),
        "of another body": (body, sign(b"[]")),
        "not a signature": (body, {name: "t=1,v1=00"}),
        "by an unknown scheme": (body, {"authorization": "Basic dTpw"}),
        "downgraded": (body, {**bearer(SECRET)(body), name: value[:-1] + ("0" if value[-1] != "0" else "1")}),
    }


def test_what_is_not_believed_is_refused_and_nothing_is_stored(cloud: Cloud) -> None:
    # A token that is good, so that it can be put beside a bad signature.
    add_source(cloud, "token", "bearer", "--secret", SECRET)
    known(cloud, bearer(SECRET))
    sign, pnr = forwarder(cloud), new_pnr()
    body = json.dumps([purchase(pnr), {"no": "booking"}]).encode()
    expired = forwarder(cloud, time.time() - 360)
    wrong = {**tampered(sign, body), "expired": (body, expired(body))}
    for how, (tried, headers) in wrong.items():
        answer = post(cloud, tried, headers)
        assert (answer.status, answer.media_type) == (401, "application/problem+json"), how
        # One sentence for all: whoever tries does not learn how far they got.
        assert answer.json()["detail"] == "The request has no signature that a configured source would make.", how
        assert answer.headers["www-authenticate"] == "Bearer", how
    settled(cloud, sign)
    assert cloud.item(f"RESERVATION#{pnr}") is None and record(cloud, pnr) is None
    assert cloud.drain_dead_letters() == []
    # And the same request, as it was signed, is taken.
    assert post(cloud, body, sign(body)).json() == {"received": 2}
    wait_for("its record", lambda: record(cloud, pnr))


def test_what_cannot_be_taken_says_why(cloud: Cloud) -> None:
    sign = forwarder(cloud)

    def status(body: bytes, query: str = "") -> int:
        answer = post(cloud, body, sign(body), query)
        assert answer.media_type == "application/problem+json" and answer.json()["detail"]
        return answer.status

    assert status(b'["' + b"x" * (4 * 1024 * 1024) + b'"]') == 413
    assert status(json.dumps([{"padding": "x" * 250_000}]).encode()) == 413
    assert status(json.dumps([{}] * 5_001).encode()) == 413
    assert [status(body) for body in (b"no json", b"", b"null", b"7", b"[1", b'"text"')] == [400] * 6
    assert status(b"[]", "?a=b") == 400
    settled(cloud, sign)
    assert cloud.drain_dead_letters() == []


def test_the_challenge_is_answered(cloud: Cloud) -> None:
    status, media_type, body = cloud.get(f"{PATH}?challenge=8ec8d794-e0ab-42df-9017-e3dada8e84f7")
    assert (status, media_type) == (200, "application/json")
    assert body == {"challenge": "8ec8d794-e0ab-42df-9017-e3dada8e84f7"}
    for query in ("", "?challenge=", "?challenge=" + "x" * 201, "?challenge=a&b=c", "?challenge=%00"):
        assert cloud.ask(PATH + query).status == 400, query
    for method in ("PUT", "DELETE"):
        answer = cloud.ask(PATH, method)
        assert (answer.status, answer.headers["allow"]) == (405, "GET, POST")


def test_without_the_keys_adobe_sends_again_and_a_key_that_is_known_serves_on(cloud: Cloud) -> None:
    add_source(cloud, "e2e", "adobe-io", "--client-id", "e2e-client")
    body, headers = adobes(cloud, "e2e-client")
    known(cloud, lambda _: headers, body)
    # In a new process no key is known.
    kill_a_function(WEBHOOK)
    cloud.control("PUT", "adobe-keys", {"reachable": False})
    answer = wait_for("an answer of the new process", lambda: answered(post(cloud, body, headers)))
    assert (answer.status, int(answer.headers["retry-after"]) > 0) == (503, True), answer.body
    cloud.control("PUT", "adobe-keys", {"reachable": True})
    known(cloud, lambda _: headers, body)
    asked = cloud.control("GET", "adobe-keys")["requests"]
    cloud.control("PUT", "adobe-keys", {"reachable": False})
    assert [post(cloud, body, headers).status for _ in range(3)] == [200] * 3
    assert cloud.control("GET", "adobe-keys")["requests"] == asked
    # Signed by Adobe, and meant for somebody else.
    body, headers = adobes(cloud, "another-client")
    assert post(cloud, body, headers).status == 401


def answered(answer: Answer) -> Answer | None:
    """None where API Gateway speaks for a function whose process has just been killed."""
    return None if answer.media_type != "application/problem+json" and answer.status != 200 else answer


def test_a_secret_is_changed_without_a_gap(cloud: Cloud) -> None:
    old, new = own(SECRET), own(OTHER)
    add_source(cloud, "e2e", "flightpulse", "--secret", SECRET)
    known(cloud, old)
    assert post(cloud, b"[]", new(b"[]")).status == 401
    shown = aep(cloud, "source", "rotate", "e2e", "--secret", OTHER) + aep(cloud, "source", "list")
    assert "e2e: flightpulse, 2 secrets" in shown and SECRET not in shown and OTHER not in shown
    known(cloud, new)
    assert post(cloud, b"[]", old(b"[]")).status == 200
    aep(cloud, "source", "rotate", "e2e", "--finish")
    # A process that has read the sources believes the old one for some minutes yet.
    kill_all(WEBHOOK)
    wait_for("the old secret to be refused", lambda: post(cloud, b"[]", old(b"[]")).status == 401)
    assert post(cloud, b"[]", new(b"[]")).status == 200
    aep(cloud, "source", "remove", "e2e")
    kill_all(WEBHOOK)
    wait_for("the source to be refused", lambda: post(cloud, b"[]", new(b"[]")).status == 401)
    missing = cloud.simulator("aep", "source", "remove", "e2e")
    assert (missing.returncode, "there is no source e2e" in missing.stderr) == (2, True)


def test_a_thousand_bookings_are_exact_whatever_goes_astray(cloud: Cloud) -> None:
    report = sent(
        cloud, "--bookings", "1000", "--flights", "12", "--duplicates", "5", "--out-of-order", "10", "--corrupt", "2",
        "--prefixed", "--date", str(DAY),
    )  # fmt: skip
    exact(report)
    assert report["booked"] == 1000
    assert all(report["sent"][what] > 0 for what in ("duplicates", "out_of_order", "corrupt"))
    assert report["dead_letters"]["expected"] == report["sent"]["corrupt"]
    assert report["readable"]["left"] == 0


def test_a_worker_that_is_killed_loses_nothing_and_counts_nothing_twice(cloud: Cloud) -> None:
    # What it had in its hands comes again after this; by itself after six minutes.
    visibility(cloud, 4)
    run = "".join(random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=5))
    target = Path(os.environ.get("CARGO_TARGET_DIR") or REPO / "target")
    sending = subprocess.Popen(
        [
            str(target / "debug" / "flightpulse-simulator"), "aep", "send", "--json", "--bookings", "600", "--flights",
            "6", "--duplicates", "5", "--out-of-order", "10", "--run", run, "--date", str(DAY + timedelta(days=7)),
        ],
        cwd=REPO, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        # Some of it is there, and more waits.
        wait_for("the first booking", lambda: cloud.item(f"RESERVATION#{run}AAAAA"))
        wait_for("bookings that wait", lambda: cloud.waiting("BookingQueueUrl") > 0)
        for _ in range(2):
            kill_a_function(WORKER)
        out, err = sending.communicate(timeout=240)
    finally:
        sending.kill()
    report = json.loads(out or "{}")
    assert (sending.returncode, report.get("faults")) == (0, []), out + err
    exact(report)


def test_poison_is_set_aside_from_the_good_and_mended(cloud: Cloud, tmp_path: Path) -> None:
    sign, good, bad = forwarder(cloud), new_pnr(), new_pnr()
    poison = purchase(bad)
    del poison["_tlpairways"]["booking"]["pnr"]
    body = json.dumps([purchase(good, party=2), poison, {"eventType": "web.webpagedetails.pageViews"}]).encode()
    assert post(cloud, body, sign(body)).json() == {"received": 3}
    wait_for("the good one", lambda: record(cloud, good))

    def letters() -> list[dict[str, Any]]:
        run = cloud.simulator("dlq", "list", "--json")
        assert run.returncode == 0, run.stderr
        return [letter for queue in json.loads(run.stdout)["queues"] for letter in queue["letters"]]

    (letter,) = wait_for("a letter", letters)
    assert (letter["kind"], letter["event_id"]) == ("booking event", poison["_id"])
    assert "pnr is missing" in letter["reason"]
    shown = cloud.simulator("dlq", "show", letter["id"]).stdout
    assert "source       forwarder" in shown and poison["_id"] in shown

    stays = cloud.simulator("dlq", "redrive", letter["id"])
    assert (stays.returncode, "--with-file" in stays.stdout) == (1, True), stays.stdout
    poison["_tlpairways"]["booking"]["pnr"] = bad
    mended = tmp_path / "mended.json"
    mended.write_text(json.dumps(poison))
    done = cloud.simulator("dlq", "redrive", letter["id"], "--with-file", str(mended))
    assert (done.returncode, "the queue of bookings" in done.stdout) == (0, True), done.stdout + done.stderr
    wait_for("the mended one", lambda: record(cloud, bad))
    assert letters() == []


def test_a_message_that_the_worker_gave_up_is_sent_again(cloud: Cloud) -> None:
    # As the queue leaves it after ten times.
    pnr = new_pnr()
    message = {"source": "forwarder", "received_at": datetime.now(UTC).isoformat(), "events": [purchase(pnr)]}
    cloud.client("sqs").send_message(
        QueueUrl=cloud.outputs["BookingDeadLetterQueueUrl"], MessageBody=json.dumps(message)
    )
    listed = cloud.simulator("dlq", "list", "--queue", "booking-dead-letters").stdout
    assert "booking message  1 events of forwarder" in listed, listed
    done = cloud.simulator("dlq", "redrive", "--all", "--queue", "booking-dead-letters")
    assert (done.returncode, "1 redriven, 0 stay" in done.stdout) == (0, True), done.stdout + done.stderr
    wait_for("its record", lambda: record(cloud, pnr))
    assert cloud.waiting("BookingDeadLetterQueueUrl") == 0


def test_what_is_about_something_else_is_nothing_to_us(cloud: Cloud) -> None:
    sign = forwarder(cloud)
    others = [
        {"eventType": "web.webpagedetails.pageViews", "_id": new_id()},
        {"eventType": "commerce.backofficeOrderPlaced", "_tlpairways": {"booking": {"pnr": new_pnr()}}},
        {"identityMap": {}, "segmentMembership": {"ups": {}}},
    ]
    body = json.dumps(others).encode()
    assert post(cloud, body, sign(body)).json() == {"received": 3}
    settled(cloud, sign)
    assert cloud.drain_dead_letters() == []
    assert cloud.item(f"RESERVATION#{others[1]['_tlpairways']['booking']['pnr']}") is None
