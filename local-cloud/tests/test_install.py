"""When packages are installed, and when they are left alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flightpulse_cloud import install
from flightpulse_cloud.console import StepFailed
from flightpulse_cloud.install import node_packages_current
from flightpulse_cloud.settings import Settings

WANTED: dict[str, Any] = {
    "": {"name": "infra"},
    "node_modules/a": {"version": "1.0.0"},
    "node_modules/darwin-only": {"version": "2.0.0", "optional": True},
}


def current(infra: Path, found: Any) -> bool:
    (infra / "node_modules").mkdir()
    (infra / "package-lock.json").write_text(json.dumps({"packages": WANTED}))
    if found is not None:
        (infra / "node_modules" / ".package-lock.json").write_text(found)
    return node_packages_current(infra)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (json.dumps({"packages": {"node_modules/a": {"version": "1.0.0"}}}), True),
        (json.dumps({"packages": WANTED}), True),
        (json.dumps({"packages": {"node_modules/a": {"version": "1.0.1"}}}), False),
        (json.dumps({"packages": {}}), False),
        (json.dumps([]), False),
        ("{", False),
        (None, False),
    ],
)
def test_npm_runs_unless_what_is_installed_is_what_is_locked(tmp_path: Path, found: Any, expected: bool) -> None:
    assert current(tmp_path, found) is expected


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would be run; none is. Making a venv leaves a Python behind."""
    ran: list[list[str]] = []

    def record(command: list[str], *_: Any, **__: Any) -> None:
        ran.append(command)
        if "venv" in command:
            python = Path(command[-1]) / "bin" / "python"
            python.parent.mkdir(parents=True)
            python.touch()

    monkeypatch.setattr(install, "run_logged", record)
    return ran


def test_the_venv_is_made_once_and_updated_when_the_pins_change(
    tmp_path: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(repo=tmp_path, state=tmp_path, venv=tmp_path / "venv", target=tmp_path, port=1)
    monkeypatch.setattr(install, "PACKAGE_ROOT", tmp_path)
    (tmp_path / "requirements.txt").write_text("ministack==1\n")
    (tmp_path / "requirements-dev.txt").write_text("pytest==1\n")
    assert install.install_venv(settings) == "installed"
    assert install.install_venv(settings) == "already there"
    assert ["venv" in command for command in commands] == [True, False]
    assert "--require-hashes" in commands[1]
    commands.clear()
    (tmp_path / "requirements.txt").write_text("ministack==2\n")
    assert install.install_venv(settings) == "installed"
    assert len(commands) == 1
    assert install.install_venv(settings, dev=True) == "installed"
    assert commands[-1][-1].endswith("requirements-dev.txt")


def test_an_installation_that_failed_is_not_taken_for_one_that_did_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(repo=tmp_path, state=tmp_path, venv=tmp_path / "venv", target=tmp_path, port=1)

    def fail(*_: Any, **__: Any) -> None:
        raise StepFailed("no network", "look")

    monkeypatch.setattr(install, "run_logged", fail)
    for _ in range(2):
        with pytest.raises(StepFailed):
            install.install_venv(settings)
