"""What is said about a tool that is missing or too old."""

from __future__ import annotations

import pytest
from flightpulse_cloud.tools import missing_tools

GOOD = {
    "cargo": "cargo 1.95.0 (abc 2026-03-01)",
    "node": "v20.20.2",
    "npm": "10.8.2",
    "cc": "cc (Debian) 13.2",
    "make": "GNU Make 4.3",
    "perl": "v5.36.0",
}


def sentences(**changed: str | None) -> list[str]:
    answers = {**GOOD, **changed}
    return missing_tools(lambda command: answers[command[0]])


def test_nothing_is_said_when_all_is_well() -> None:
    assert sentences() == []


@pytest.mark.parametrize(
    ("tool", "advice"),
    [
        ("cargo", "rustup"),
        ("node", "nodejs.org"),
        ("npm", "nodejs.org"),
        ("cc", "build-essential"),
        ("perl", "OPENSSL_NO_VENDOR=1"),
    ],
)
def test_a_missing_tool_comes_with_where_to_get_it(tool: str, advice: str) -> None:
    (sentence,) = sentences(**{tool: None})
    assert "missing" in sentence
    assert advice in sentence


@pytest.mark.parametrize(
    ("tool", "said", "found"), [("cargo", "cargo 1.94.0", "1.94.0"), ("node", "v18.19.0", "18.19.0")]
)
def test_an_old_tool_is_named_with_its_version(tool: str, said: str, found: str) -> None:
    (sentence,) = sentences(**{tool: said})
    assert f"{found} is too old" in sentence


def test_the_exact_minimum_will_do() -> None:
    assert sentences(cargo="cargo 1.94.1", node="v20.0.0") == []


def test_perl_is_not_asked_for_where_openssl_is_the_machines_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENSSL_NO_VENDOR", "1")
    assert sentences(perl=None) == []
