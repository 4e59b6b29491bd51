"""Takes the README's commands out of it, so that a test can run them as they stand."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

# `<!-- run: place -->` before a block of commands says where a test runs it. A reader of the page does not see it.
BLOCK = re.compile(
    r"(?:<!-- run: (?P<place>\w+) -->\n\n?)?^```(?:bash|sh)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)

PLACES = {
    "local": "on the local cloud",
    "aws": "on an empty cloud that stands for AWS",
    "test": "by CI itself: it is what runs this test",
    "replay": "by test_replay.py, which kills everything on the way",
}


# For a command that a person gives when an earlier one has had its effect: `eventually <command>`.
HELPERS = """
eventually() {
  local end=$((SECONDS + 150))
  until "$@"; do ((SECONDS < end)) || return 1; sleep 0.5; done
}
dead_letter() { flightpulse-simulator dlq list --json | grep -q '"kind": "kafka record"'; }
"""
ON_ERROR = "trap 'echo \"README.md: line $at: a command failed: $BASH_COMMAND\" >&2' ERR"


@dataclass(frozen=True)
class Block:
    """A block of commands, and the line of the README where it begins."""

    place: str
    text: str
    line: int


def blocks(readme: Path) -> list[Block]:
    """Every block of commands, in order; one that does not say where it is run is an error."""
    text, found = readme.read_text(encoding="utf-8"), []
    for match in BLOCK.finditer(text):
        line = text.count("\n", 0, match.start("text"))
        place = match["place"]
        assert place in PLACES, f"{readme.name}:{line}: `<!-- run: … -->` must name one of {', '.join(PLACES)}"
        found.append(Block(place, match["text"], line))
    return found


def script(chosen: list[Block], replace: dict[str, str]) -> str:
    """One bash script of these blocks: variables of one are there in the next. It ends at the first command that fails,
    in a pipeline too, and says in which block."""
    parts = ["set -euo pipefail", HELPERS, ON_ERROR]
    for block in chosen:
        text = block.text
        for old, new in replace.items():
            text = text.replace(old, new)
        parts += [f"at={block.line}", f"printf '%s\\n' {shlex.quote(f'=== README.md: line {block.line}')}", text]
    return "\n".join(parts)
