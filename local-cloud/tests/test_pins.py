"""The pins agree with what repeats them."""

from __future__ import annotations

import re
import tomllib

import pytest
from conftest import PACKAGE_ROOT
from flightpulse_cloud.pins import pin, pins, version_tuple
from flightpulse_cloud.settings import REPO_ROOT


def test_requirements_pin_the_same_ministack() -> None:
    requirements = (PACKAGE_ROOT / "requirements.txt").read_text()
    assert re.search(r"^ministack==(\S+)", requirements, re.MULTILINE)[1] == pin("MINISTACK_VERSION")


def test_the_workspace_asks_for_the_same_rust() -> None:
    workspace = tomllib.loads((REPO_ROOT / "Cargo.toml").read_text())
    assert workspace["workspace"]["package"]["rust-version"] == pin("MIN_RUST_VERSION")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-release.txt"])
def test_every_requirement_has_a_hash(name: str) -> None:
    lines = (PACKAGE_ROOT / name).read_text().splitlines()
    starts = [index for index, line in enumerate(lines) if "==" in line and not line.startswith("#")]
    assert starts
    assert all("--hash=sha256:" in lines[index + 1] for index in starts)


def test_bash_can_source_the_pins() -> None:
    assert all(re.fullmatch(r"[\w.-]+", value) for value in pins().values())


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1.94.1", (1, 94, 1)),
        ("v20.20.2", (20, 20, 2)),
        ("1.95.0-nightly", (1, 95, 0)),
        ("3.11.7+", (3, 11, 7)),
        ("", ()),
    ],
)
def test_versions_compare_as_numbers(text: str, numbers: tuple[int, ...]) -> None:
    assert version_tuple(text) == numbers
