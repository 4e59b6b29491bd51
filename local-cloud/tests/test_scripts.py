"""The scripts' command lines."""

from __future__ import annotations

import subprocess

import pytest

from flightpulse_cloud.settings import REPO_ROOT

SCRIPTS = ("setup.sh", "start-local.sh", "stop-local.sh")


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(REPO_ROOT / "scripts" / script), *arguments], capture_output=True, text=True, check=False, cwd="/"
    )


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
    assert "unknown argument '--bogus'" in done.stderr
    assert f"scripts/{script} --help" in done.stderr
    assert done.stdout == ""
