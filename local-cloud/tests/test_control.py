"""The control endpoints, and that they stand in nobody's way."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Cloud

from flightpulse_cloud.overlays import OVERLAYS
from flightpulse_cloud.pins import pin
from flightpulse_cloud.settings import code_version


def test_health_says_whose_cloud_it_is(ours: Cloud, stock: Cloud) -> None:
    status, health = ours.control("health")
    assert status == 200
    assert health["service"] == "flightpulse-local-cloud"
    assert health["ministack_version"] == pin("MINISTACK_VERSION")
    assert health["code_version"] == code_version()
    assert health["state_dir"] == str(ours.settings.state)
    assert health["overlays"] == list(OVERLAYS)
    assert stock.control("health")[1]["overlays"] == []
    assert stock.control("health")[1]["run_id"] != health["run_id"]


def test_requests_are_counted_by_service_and_action(ours: Cloud) -> None:
    ours.client("dynamodb").list_tables()
    ours.client("sqs").list_queues()
    ours.client("sqs").list_queues()
    ours.client("s3").list_buckets()
    report = ours.control("requests")[1]
    assert report["services"]["dynamodb"] == {"ListTables": 1}
    assert report["services"]["sqs"] == {"ListQueues": 2}
    assert sum(report["services"]["s3"].values()) == 1
    assert report["total"] == 4
    assert ours.control("requests", "DELETE")[1] == {"total": 0, "services": {}}


@pytest.mark.parametrize(
    ("name", "method", "body", "status"),
    [
        ("nothing", "GET", None, 404),
        ("health", "DELETE", None, 405),
        ("requests", "PUT", {}, 405),
        ("billed", "PUT", {}, 405),
        ("mutant", "PUT", b"not json", 400),
        ("mutant", "PUT", {"kind": "evil"}, 400),
        ("mutant", "PUT", {"kind": "none", "when": "now"}, 400),
        ("mutant", "PUT", b"x" * 100_000, 400),
        ("adobe-keys", "PUT", {}, 400),
        ("adobe-keys", "PUT", {"reachable": "no"}, 400),
        ("adobe-keys", "POST", {}, 405),
        ("adobe-keys/prod/keys/pub-key-local-1.pem", "PUT", {}, 404),
    ],
)
def test_what_is_wrong_is_said(ours: Cloud, name: str, method: str, body: Any, status: int) -> None:
    assert ours.control(name, method, body)[0] == status
