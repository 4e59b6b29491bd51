"""The scripts' command lines."""

from __future__ import annotations

import re
import subprocess

import pytest
from flightpulse_cloud.settings import REPO_ROOT

# Every script that a person calls; a new one is found by itself.
SCRIPTS = sorted(path.name for path in (REPO_ROOT / "scripts").glob("*.sh"))
# As in the source document, with destroy beside deploy.
NAMED = {"setup", "start-local", "stop-local", "kafka", "deploy", "destroy", "seed-data", "run-scenario", "test"}


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(REPO_ROOT / "scripts" / script), *arguments], capture_output=True, text=True, check=False, cwd="/"
    )


def test_the_scripts_have_their_names() -> None:
    assert {f"{name}.sh" for name in NAMED} <= set(SCRIPTS)


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_says_how_to_use_it(script: str, flag: str) -> None:
    done = run(script, flag)
    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: scripts/{script}")


@pytest.mark.parametrize("script", SCRIPTS)
def test_an_unknown_argument_is_refused(script: str) -> None:
    done = run(script, "--bogus")
    assert done.returncode == 2
    assert re.search(r"unknown (argument|option) '--bogus'", done.stderr)
    assert "--help" in done.stderr and script in done.stderr
    assert done.stdout == ""
