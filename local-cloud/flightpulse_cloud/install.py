"""Steps that bring the parts onto the machine: Python packages, npm packages and the Rust binaries."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .commands import run_logged
from .settings import Settings

PACKAGE_ROOT = Path(__file__).resolve().parent.parent
# Seconds for a download; a slow line is no reason to give up early.
INSTALL_DEADLINE = 900.0

COMPILER_ADVICE = "Mend what the compiler says above"
REGISTRY_ADVICE = "Look whether the package registry can be reached from here, then run the same command again"


def developer_environment() -> dict[str, str]:
    """Builds run in the developer's own environment, minus what would point tools at another AWS."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}


def install_venv(settings: Settings, dev: bool = False) -> str:
    """The virtual environment with MiniStack at the pinned versions and hashes."""
    with _locked(settings.venv.with_suffix(".lock")):
        requirements = [PACKAGE_ROOT / "requirements.txt"]
        if dev:
            requirements.append(PACKAGE_ROOT / "requirements-dev.txt")
        todo = [path for path in requirements if not _installed(settings, path)]
        if not todo:
            return "already there"
        log = settings.logs / "venv.log"
        env = developer_environment()
        if not settings.python.exists():
            run_logged(
                [sys.executable, "-m", "venv", "--clear", str(settings.venv)], log, settings.repo, env,
                "The Python environment cannot be made",
                "On Debian and Ubuntu it needs a package of its own: apt-get install python3-venv",
            )  # fmt: skip
        for path in todo:
            run_logged(
                [str(settings.python), "-m", "pip", "install", "--no-input", "--require-hashes", "-r", str(path)],
                log, settings.repo, env, "Python packages cannot be installed", REGISTRY_ADVICE,
                deadline=INSTALL_DEADLINE, append=True,
            )  # fmt: skip
            _stamp(settings, path).write_text(_hash(path), encoding="ascii")
        return "installed"


def _installed(settings: Settings, requirements: Path) -> bool:
    stamp = _stamp(settings, requirements)
    return settings.python.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == _hash(requirements)


def _stamp(settings: Settings, requirements: Path) -> Path:
    return settings.venv / f".{requirements.stem}.sha256"


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def install_node_packages(settings: Settings) -> str:
    """`npm ci`, unless what is installed is what the lock file says."""
    if node_packages_current(settings.infra):
        return "already there"
    run_logged(
        ["npm", "ci", "--no-audit", "--no-fund"], settings.logs / "npm.log", settings.infra, developer_environment(),
        "npm packages cannot be installed", REGISTRY_ADVICE, deadline=INSTALL_DEADLINE,
    )  # fmt: skip
    return "installed"


def node_packages_current(infra: Path) -> bool:
    """Compares the lock file with the one that npm leaves in node_modules; optional packages depend on the platform."""
    try:
        wanted = _locked_packages(infra / "package-lock.json")
        found = _locked_packages(infra / "node_modules" / ".package-lock.json")
    except (OSError, ValueError):
        return False
    required = {name: entry for name, entry in wanted.items() if name and not entry.get("optional")}
    return all(found.get(name, {}).get("version") == entry.get("version") for name, entry in required.items())


def _locked_packages(path: Path) -> dict[str, dict[str, Any]]:
    lock = json.loads(path.read_text(encoding="utf-8"))
    packages = lock.get("packages") if isinstance(lock, dict) else None
    if not isinstance(packages, dict):
        raise ValueError(f"{path} has no packages")
    return packages


def build_lambdas(settings: Settings) -> None:
    """The functions' binaries, into dist/lambda."""
    run_logged(
        [str(settings.repo / "scripts" / "build-lambdas.sh")], settings.logs / "build-lambdas.log", settings.repo,
        developer_environment(), "The Lambda functions do not build", COMPILER_ADVICE,
    )  # fmt: skip


def build_tools(settings: Settings) -> None:
    """The simulator and the Kafka→Lambda mapping. The same selection of packages as build-lambdas.sh: another one would
    give the shared dependencies other features and compile them anew."""
    run_logged(
        ["cargo", "build", "--locked", "--workspace", "--bins"], settings.logs / "build-tools.log", settings.repo,
        developer_environment(), "The simulator or the Kafka mapping does not build", COMPILER_ADVICE,
    )  # fmt: skip


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Holds a file's lock: several state directories may share one virtual environment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
