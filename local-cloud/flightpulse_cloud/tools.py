"""The tools that a developer brings, and what to say when one is missing or too old."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from .pins import pin, version_tuple

RUST_ADVICE = "install Rust with https://rustup.rs, or run: rustup update stable"
NODE_ADVICE = "install Node.js from https://nodejs.org (an LTS release) or with your version manager"
COMPILER_ADVICE = (
    "librdkafka is built from source; Debian/Ubuntu: apt-get install build-essential; macOS: xcode-select --install"
)
PERL_ADVICE = (
    "OpenSSL is built from source for the Kafka client; Debian/Ubuntu: apt-get install perl; or install OpenSSL's "
    "headers (libssl-dev) and set OPENSSL_NO_VENDOR=1"
)


@dataclass(frozen=True)
class Tool:
    """A tool: how to ask for its version, the lowest that will do, and where to get it."""

    name: str
    command: list[str]
    minimum: str
    advice: str


def needed() -> list[Tool]:
    """What has to be there. An empty minimum means that any version will do."""
    # Modules that OpenSSL's build asks for; a slim image has perl without them.
    perl = Tool("Perl", ["perl", "-MFindBin", "-MIPC::Cmd", "-e", "print $^V"], "", PERL_ADVICE)
    return [
        Tool("Rust", ["cargo", "--version"], pin("MIN_RUST_VERSION"), RUST_ADVICE),
        Tool("Node.js", ["node", "--version"], pin("MIN_NODE_VERSION"), NODE_ADVICE),
        Tool("npm", ["npm", "--version"], "", NODE_ADVICE),
        Tool("a C compiler", ["cc", "--version"], "", COMPILER_ADVICE),
        Tool("make", ["make", "--version"], "", COMPILER_ADVICE),
        *([perl] if os.environ.get("OPENSSL_NO_VENDOR", "0") == "0" else []),
    ]


def ask(command: list[str]) -> str | None:
    """What a tool prints when asked for its version; None when it is not there or does not work."""
    if shutil.which(command[0]) is None:
        return None
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def missing_tools(answer: Callable[[list[str]], str | None] = ask) -> list[str]:
    """One helpful sentence for each tool that is missing or too old; empty when all is well."""
    sentences = []
    if sys.version_info[:2] < version_tuple(pin("MIN_PYTHON_VERSION")):
        sentences.append(
            f"Python {sys.version_info[0]}.{sys.version_info[1]} is too old, {pin('MIN_PYTHON_VERSION')} or newer is "
            "needed: install it from https://www.python.org and put it first in PATH as python3."
        )
    for tool in needed():
        said = answer(tool.command)
        if said is None:
            sentences.append(f"{tool.name} is missing ({' '.join(tool.command)} does not work): {tool.advice}.")
            continue
        found = re.search(r"\d+(\.\d+)*", said)
        if tool.minimum and (found is None or version_tuple(found[0]) < version_tuple(tool.minimum)):
            version = found[0] if found else said.strip()
            sentences.append(f"{tool.name} {version} is too old, {tool.minimum} or newer is needed: {tool.advice}.")
    return sentences
