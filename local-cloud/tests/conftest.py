"""Servers of the tests' own, on free ports and in temporary state directories: any number of runs go side by side.

Run with the Python of the virtual environment: `<venv>/bin/python -m pytest local-cloud/tests`.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from flightpulse_cloud import endpoint, server
from flightpulse_cloud.processes import Processes
from flightpulse_cloud.settings import REPO_ROOT, Settings

PACKAGE_ROOT = REPO_ROOT / "local-cloud"
# Seconds that a condition may take on a busy machine before the test gives up.
PATIENCE = 60.0


def eventually(condition: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Waits until the condition holds and answers what it gave."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.05)
    pytest.fail(f"not within {patience:g} s: {what}")


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def call(url: str, method: str = "GET", body: Any = None) -> tuple[int, Any]:
    """A control request: status and JSON answer."""
    data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@cache
def _client(url: str, service: str) -> Any:
    import botocore.session
    from botocore.config import Config

    return botocore.session.Session().create_client(
        service,
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}, max_pool_connections=100),
    )


@dataclass(frozen=True)
class Cloud:
    """A running endpoint."""

    settings: Settings

    def client(self, service: str) -> Any:
        """A client of the real AWS SDK for Python's lower half, which MiniStack brings along."""
        return _client(self.settings.endpoint, service)

    def control(self, name: str, method: str = "GET", body: Any = None) -> tuple[int, Any]:
        """A request to `/_flightpulse/<name>`."""
        return call(f"{self.settings.endpoint}/_flightpulse/{name}", method, body)


def settings_for(state: Path, repo: Path = REPO_ROOT) -> Settings:
    """Settings with a state directory of the test's own and the environment that pytest runs in."""
    return Settings(repo=repo, state=state, venv=Path(sys.prefix), target=repo / "target", port=free_port())


def run_server(state: Path, *arguments: str) -> Iterator[Cloud]:
    """A server for as long as the generator lives; afterwards no process of it is left."""
    settings = settings_for(state)
    processes = Processes(state)
    env = {**server.environment(settings), "PYTHONPATH": str(PACKAGE_ROOT)}
    processes.start("cloud", [sys.executable, "-m", "flightpulse_cloud.server", *arguments], env, state / "log")
    try:
        eventually(
            lambda: endpoint.health(settings) or not processes.running("cloud"),
            f"the server answers; its log is {state / 'log'}",
        )
        assert endpoint.health(settings), (state / "log").read_text()
        yield Cloud(settings)
    finally:
        processes.stop("cloud")
    assert processes.members("cloud") == []


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """MiniStack as it is, without any overlay."""
    yield from run_server(tmp_path_factory.mktemp("stock"), "--stock")


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """MiniStack with every overlay."""
    yield from run_server(tmp_path_factory.mktemp("ours"))


@pytest.fixture
def ours(shared: Cloud) -> Iterator[Cloud]:
    """The server with the overlays; model, mutant, counts and key host are as at the start."""
    for name in ("bedrock", "mutant", "requests", "billed", "adobe-keys"):
        assert shared.control(name, "DELETE")[0] == 200
    yield shared


@pytest.fixture
def quiet_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The developer's own FlightPulse settings must not reach a test."""
    for name in list(os.environ):
        if name.startswith(("FLIGHTPULSE_", "KAFKA_")) or name == "CARGO_TARGET_DIR":
            monkeypatch.delenv(name)
