"""Every command of the README, run as it stands there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ENDPOINT, REPO, STATE, Cloud
from readme import blocks, script

README = REPO / "README.md"
# The README has the port and the folder of whoever changes nothing.
DEFAULT_ENDPOINT = "http://127.0.0.1:4566"
DEFAULT_TARGET = "$PWD/target/debug"
DEADLINE = 600


def target() -> Path:
    return Path(os.environ.get("CARGO_TARGET_DIR") or REPO / "target")


def run(text: str, cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs a script with the tools of the tests' Python environment (aws) before those of the machine."""
    path = f"{Path(sys.executable).parent}:{env.get('PATH', '')}"
    return subprocess.run(
        ["bash", "-c", text], cwd=cwd, env={**env, "PATH": path}, capture_output=True, text=True,
        timeout=DEADLINE, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def without_kafka() -> dict[str, str]:
    """The environment of whoever has brokers of their own nowhere, and so gets the embedded one."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KAFKA_")}


@pytest.fixture
def embedded(cloud: Cloud) -> Iterator[Cloud]:
    """The deployed stack as the README leaves it, which begins on the embedded broker; afterwards all is as it was."""
    read_before = (STATE / "kafka.bootstrap").read_text()
    kafka_runs = scripts("kafka.sh", "status").returncode == 0
    yield cloud
    cloud.settled()
    if (STATE / "kafka.bootstrap").read_text() != read_before:
        done = scripts("start-local.sh")
        assert done.returncode == 0, done.stdout + done.stderr
    if not kafka_runs:
        assert scripts("kafka.sh", "stop").returncode == 0


def scripts(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([REPO / "scripts" / name, *arguments], capture_output=True, text=True, check=False)


def test_the_commands_for_the_local_cloud(embedded: Cloud, tmp_path: Path) -> None:
    chosen = [block for block in blocks(README) if block.place == "local"]
    assert len(chosen) >= 6
    replace = {
        "/tmp/": f"{tmp_path}/", DEFAULT_ENDPOINT: ENDPOINT, DEFAULT_TARGET: str(target() / "debug"),
        ".local/outputs.json": str(STATE / "outputs.json"), ".local/kafka.env": str(STATE / "kafka.env"),
        # The API refuses it until the correction before it has been told.
        "flightpulse-simulator ops resend": "eventually flightpulse-simulator ops resend",
        # What is poison is told apart by the function, a moment later.
        "LETTER=$(": "eventually dead_letter\nLETTER=$(",
    }  # fmt: skip
    done = run(script(chosen, replace), REPO, without_kafka())
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """A copy of the repository, and an empty cloud that it takes for AWS.

    Only the compiler is a stand-in: the release build takes minutes, so the binaries are those of the tests.
    """
    copy, state, shims = tmp_path / "flightpulse", tmp_path / "cloud", tmp_path / "bin"
    tracked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(tracked, cwd=REPO, capture_output=True, check=True)
    for name in listed.stdout.decode().split("\0"):
        if name and (REPO / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPO / name, copy / name)
    (copy / "infra" / "node_modules").symlink_to(REPO / "infra" / "node_modules")
    shims.mkdir()
    write_shims(shims)
    port = free_port()
    env = {
        **{name: value for name, value in without_kafka().items() if not name.startswith("AWS_")},
        "FLIGHTPULSE_CLOUD_PORT": str(port), "FLIGHTPULSE_STATE_DIR": str(state),
        "CARGO_TARGET_DIR": str(target()), "PATH": f"{shims}:{os.environ['PATH']}",
    }  # fmt: skip
    subprocess.run([REPO / "scripts" / "start-local.sh", "--cloud-only"], env=env, check=True, capture_output=True)
    try:
        yield copy, {
            **env, "FLIGHTPULSE_STATE_DIR": str(copy / ".local"), "FLIGHTPULSE_ARCHITECTURE": host_architecture(),
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            # cdk asks a person before it grants anything, and there is none here.
            "CDK_REQUIRE_APPROVAL": "never",
        }  # fmt: skip
    finally:
        subprocess.run([REPO / "scripts" / "stop-local.sh"], env=env, check=True, capture_output=True)


def test_the_commands_for_aws(newcomer: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    chosen = [block for block in blocks(README) if block.place == "aws"]
    assert len(chosen) >= 3
    copy, env = newcomer
    done = run(script(chosen, {"/tmp/": f"{tmp_path}/", DEFAULT_TARGET: str(target() / "debug")}), copy, env)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    # It went as it was told to: with its data.
    left = run("aws dynamodb list-tables --query 'length(TableNames)' --output text", copy, env)
    assert left.stdout.strip() == "0", left.stdout + left.stderr


def test_what_is_left_is_what_ci_runs() -> None:
    left = [block.text.split() for block in blocks(README) if block.place == "test"]
    assert [words[0] for words in left] == ["./scripts/test.sh"]
    assert (REPO / ".ci" / "run").read_text().rstrip().endswith("exec ./scripts/test.sh")


def host_architecture() -> str:
    return "arm64" if os.uname().machine in ("aarch64", "arm64") else "x86_64"


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_shims(folder: Path) -> None:
    """`rustup` has nothing to fetch; `cargo zigbuild` gives the tests' binaries; anything else is the real tool."""
    cargo, debug = shutil.which("cargo"), target() / "debug"
    machine = os.uname().machine
    shims = {
        "rustup": 'echo "rustup $*"',
        "cargo": f"""
if [ "$1" != zigbuild ]; then exec {json.dumps(cargo)} "$@"; fi
built="$CARGO_TARGET_DIR/{machine}-unknown-linux-gnu/release"
mkdir -p "$built"
while [ $# -gt 0 ]; do
  if [ "$1" = -p ]; then cp {json.dumps(str(debug))}/"$2" "$built/$2"; shift; fi
  shift
done""",
    }
    for name, text in shims.items():
        path = folder / name
        path.write_text(f"#!/bin/sh\nset -eu\n{text}\n", encoding="utf-8")
        path.chmod(0o755)
