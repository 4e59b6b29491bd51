"""The host of Adobe's public keys, which the webhook asks."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest
from conftest import Cloud
from flightpulse_cloud.settings import REPO_ROOT

KEYS = REPO_ROOT / "sample-data" / "aep" / "keys"
PATH = "/prod/keys/pub-key-local-1.pem"


def get(cloud: Cloud, path: str) -> tuple[int, str]:
    """Status and text of an answer; the path as it is, without being made simpler."""
    try:
        url = f"{cloud.settings.endpoint}/_flightpulse/adobe-keys{path}"
        with urllib.request.urlopen(url, timeout=60) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_it_has_the_public_key(ours: Cloud) -> None:
    status, text = get(ours, PATH)
    assert status == 200
    assert text == (KEYS / "pub-key-local-1.pem").read_text()
    assert text.startswith("-----BEGIN PUBLIC KEY-----\n")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/prod/keys/",
        "/prod/keys/pub-key-of-nobody.pem",
        "/prod/keys/private-local-1.pem",
        "/prod/keys/../keys/pub-key-local-1.pem",
        "/prod/keys/%2e%2e/keys/pub-key-local-1.pem",
        "/stage/keys/pub-key-local-1.pem",
        "/pub-key-local-1.pem",
    ],
)
def test_it_has_nothing_else(ours: Cloud, path: str) -> None:
    assert get(ours, path)[0] == 404


def test_it_can_be_out_of_reach_and_counts_who_asks(ours: Cloud) -> None:
    assert ours.control("adobe-keys") == (200, {"reachable": True, "requests": 0})
    assert ours.control("adobe-keys", "PUT", {"reachable": False}) == (200, {"reachable": False, "requests": 0})
    assert get(ours, PATH)[0] == 503
    assert get(ours, "/prod/keys/pub-key-of-nobody.pem")[0] == 503
    assert ours.control("adobe-keys") == (200, {"reachable": False, "requests": 2})
    assert ours.control("adobe-keys", "DELETE") == (200, {"reachable": True, "requests": 0})
    assert get(ours, PATH)[0] == 200
