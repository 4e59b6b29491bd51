"""The proxy of faults: what reaches the endpoint, and what the client sees, fault by fault."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from flightpulse_cloud.chaos import fates
from flightpulse_cloud.chaos.fates import FAULTS, Fates
from flightpulse_cloud.chaos.parts import CALLS, Parts
from flightpulse_cloud.chaos.stack import ProxyControl, wait_for
from flightpulse_cloud.endpoint import port_answers
from flightpulse_cloud.servers import free_port
from flightpulse_cloud.settings import REPO_ROOT

TARGETS = {
    "events": "AWSEvents.PutEvents", "sqs": "AmazonSQS.SendMessageBatch",
    "dynamodb": "DynamoDB_20120810.BatchWriteItem",
}  # fmt: skip
ENTRIES = 10


class Upstream:
    """An endpoint that takes everything and says what it took."""

    def __init__(self) -> None:
        self.took: list[Any] = []
        took = self.took

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                took.append(request)
                entries = request.get("Entries", [])
                answer = {"Entries": [{"EventId": one["Id"]} for one in entries], "FailedEntryCount": 0}
                if "sqs" in self.headers["authorization"]:
                    answer = {"Successful": [{"Id": one["Id"], "MessageId": "m"} for one in entries]}
                body = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    upstream = Upstream()
    yield upstream
    upstream.server.shutdown()
    upstream.server.server_close()


@pytest.fixture(scope="module")
def running(upstream: Upstream) -> Iterator[ProxyControl]:
    port = free_port("the proxy")
    command = [sys.executable, "-m", "flightpulse_cloud.chaos.proxy", "--upstream", upstream.url, "--port", str(port)]
    process = subprocess.Popen(command, cwd=REPO_ROOT / "local-cloud")
    try:
        wait_for("the proxy", lambda: port_answers(port), 30.0)
        yield ProxyControl(f"http://127.0.0.1:{port}")
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def proxy(running: ProxyControl, upstream: Upstream) -> ProxyControl:
    running.set(seed=0)
    upstream.took.clear()
    return running


def ask(proxy: ProxyControl, service: str = "events", timeout: float = 20.0) -> tuple[int, Any]:
    """A call with ten entries; what its client sees."""
    entries = [{"Id": f"e{nth}"} for nth in range(ENTRIES)]
    body = {"RequestItems": {"T": entries}} if service == "dynamodb" else {"Entries": entries}
    headers = {
        "authorization": f"AWS4-HMAC-SHA256 Credential=test/20261130/us-east-1/{service}/aws4_request, Signature=x",
        "x-amz-target": TARGETS[service], "content-type": "application/x-amz-json-1.0",
    }  # fmt: skip
    request = urllib.request.Request(proxy.url, data=json.dumps(body).encode(), headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def always(proxy: ProxyControl, fault: str, seed: int = 1) -> None:
    proxy.set(seed=seed, rate=fates.ALL, faults=[fault])


def test_without_faults_all_is_handed_on_as_it_is(proxy: ProxyControl, upstream: Upstream) -> None:
    status, answer = ask(proxy)
    assert (status, len(answer["Entries"]), len(upstream.took[0]["Entries"])) == (200, ENTRIES, ENTRIES)
    assert proxy.report()["calls"] == {"events.PutEvents": 1} and proxy.report()["struck"] == {}


@pytest.mark.parametrize(
    ("fault", "service", "status", "name", "taken"),
    [
        (fates.THROTTLE, "events", 400, "ThrottlingException", 0),
        (fates.THROTTLE, "dynamodb", 400, "ProvisionedThroughputExceededException", 0),
        (fates.UNAVAILABLE, "sqs", 503, "ServiceUnavailable", 0),
        (fates.LOST, "dynamodb", 500, "InternalServerError", 1),
    ],
)
def test_a_refusal_is_said_as_the_service_says_it(
    proxy: ProxyControl, upstream: Upstream, fault: str, service: str, status: int, name: str, taken: int
) -> None:
    always(proxy, fault)
    got, answer = ask(proxy, service)
    assert (got, answer["__type"], len(upstream.took)) == (status, name, taken)
    assert list(proxy.end()["struck"].values()) == [{fault: 1}]
    assert ask(proxy, service)[0] == 200, "the faults have ended"


@pytest.mark.parametrize(("fault", "taken"), [(fates.RESET_BEFORE, 0), (fates.RESET_AFTER, 1)])
def test_a_connection_is_reset_before_or_after_the_effect(
    proxy: ProxyControl, upstream: Upstream, fault: str, taken: int
) -> None:
    always(proxy, fault)
    with pytest.raises((ConnectionError, urllib.error.URLError)):
        ask(proxy)
    assert len(upstream.took) == taken


def test_a_timeout_is_silence_after_the_effect(proxy: ProxyControl, upstream: Upstream) -> None:
    always(proxy, fates.TIMEOUT)
    with pytest.raises((TimeoutError, socket.timeout, urllib.error.URLError)):
        ask(proxy, timeout=0.5)
    wait_for("the effect", lambda: len(upstream.took) == 1, 10.0)


def test_what_is_slow_is_done_all_the_same(proxy: ProxyControl) -> None:
    always(proxy, fates.SLOW)
    assert ask(proxy)[0] == 200
    assert proxy.report()["struck"] == {"events.PutEvents": {fates.SLOW: 1}}


@pytest.mark.parametrize("seed", range(8))
def test_a_part_of_the_events_fails(proxy: ProxyControl, upstream: Upstream, seed: int) -> None:
    always(proxy, fates.PARTIAL, seed)
    status, answer = ask(proxy)
    taken = {one["Id"] for request in upstream.took for one in request["Entries"]}
    failed = {f"e{at}" for at, one in enumerate(answer["Entries"]) if "ErrorCode" in one}
    assert status == 200 and len(failed) == answer["FailedEntryCount"] >= 1
    assert failed | taken == {f"e{at}" for at in range(ENTRIES)} and not failed & taken
    assert all(one.get("EventId", f"e{at}") == f"e{at}" for at, one in enumerate(answer["Entries"]))


def test_all_events_are_taken_and_some_are_said_to_have_failed(proxy: ProxyControl, upstream: Upstream) -> None:
    always(proxy, fates.PARTIAL_LOST)
    answer = ask(proxy)[1]
    assert len(upstream.took[0]["Entries"]) == ENTRIES and answer["FailedEntryCount"] >= 1
    assert len(answer["Entries"]) == ENTRIES


@pytest.mark.parametrize("seed", range(8))
def test_a_part_of_the_messages_and_of_a_batch_fails(proxy: ProxyControl, upstream: Upstream, seed: int) -> None:
    always(proxy, fates.PARTIAL, seed)
    answer = ask(proxy, "sqs")[1]
    taken = {one["Id"] for request in upstream.took for one in request["Entries"]}
    assert {one["Id"] for one in answer["Successful"]} == taken
    assert {one["Id"] for one in answer["Failed"]} == {f"e{at}" for at in range(ENTRIES)} - taken != set()
    upstream.took.clear()
    answer = ask(proxy, "dynamodb")[1]
    taken = {one["Id"] for request in upstream.took for one in request["RequestItems"]["T"]}
    held = {one["Id"] for one in answer["UnprocessedItems"]["T"]}
    assert held and held | taken == {f"e{at}" for at in range(ENTRIES)} and not held & taken


def test_keys_that_are_not_processed_are_asked_for_as_they_were() -> None:
    request = {"RequestItems": {"T": {"ConsistentRead": True, "Keys": [{"PK": nth} for nth in range(ENTRIES)]}}}
    parts = Parts("dynamodb.BatchGetItem", json.dumps(request).encode())
    fate, dice = Fates(seed=3, rate=fates.ALL).next("dynamodb.BatchGetItem", True)
    rest, answer = parts.choose(dice)
    assert fate in FAULTS
    told = answer({"Responses": {"T": []}, "UnprocessedKeys": {}} if rest else None)
    kept = rest["RequestItems"]["T"]["Keys"] if rest else []
    held = told["UnprocessedKeys"]["T"]
    assert held["ConsistentRead"] and len(held["Keys"]) + len(kept) == ENTRIES and "Responses" in told


def test_a_seed_decides_the_same_for_the_same_call() -> None:
    def struck(seed: int) -> list[str | None]:
        set_ = Fates(seed=seed, rate=2_000)
        return [set_.next(name, name in CALLS)[0] for name in ("dynamodb.GetItem", "events.PutEvents") * 200]

    assert struck(1) == struck(1) != struck(2)
    assert {one for seed in range(20) for one in struck(seed)} == {None, *FAULTS}
    assert 40 < sum(one is not None for one in struck(1)) < 120


def test_an_operation_and_a_service_may_have_a_rate_of_their_own() -> None:
    set_ = Fates(rate=0, rates={"dynamodb.GetItem": fates.ALL, "sqs": fates.ALL, "sqs.SendMessage": 0})
    assert set_.next("dynamodb.GetItem", False)[0] is not None
    assert set_.next("sqs.SendMessageBatch", True)[0] is not None
    assert set_.next("sqs.SendMessage", False)[0] is None
    assert set_.next("events.PutEvents", True)[0] is None


def test_each_fault_strikes_once_before_any_does_a_second_time() -> None:
    set_ = Fates()
    set_.set(seed=2, rate=fates.ALL, each=True)
    struck = [set_.next("events.PutEvents", True)[0] for _ in FAULTS]
    assert sorted(struck) == sorted(FAULTS)
    set_.set(rate=1)
    assert sum(set_.report()["struck"]["events.PutEvents"].values()) == len(FAULTS), "only a seed begins anew"


@pytest.mark.parametrize("wanted", [{"rate": -1}, {"rate": True}, {"faults": ["x"]}, {"faults": []}, {"speed": 1}])
def test_what_makes_no_sense_is_refused(proxy: ProxyControl, wanted: dict[str, Any]) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        proxy.set(**wanted)
    assert refused.value.code == 400 and json.load(refused.value)["error"]
