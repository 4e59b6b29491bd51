"""The local model's texts are committed, so that the domain's fact check is held to pass them.

After a change of the phrases: FLIGHTPULSE_UPDATE=1 pytest local-cloud/tests/test_model_corpus.py
"""

from __future__ import annotations

import json
import os
import re

from asking import enough, everything
from flightpulse_cloud.model import write_messages
from flightpulse_cloud.settings import REPO_ROOT

CORPUS = REPO_ROOT / "crates" / "domain" / "testdata" / "local-model-texts.json"
# Bytes: what a reader of the repository may still open.
MAX_SIZE = 400_000


def corpus() -> str:
    """A JSON list, a case a line: a change of one phrase is a change of the lines that have it."""
    cases = [{"ask": asked, "texts": write_messages(asked)} for asked in enough()]
    return "[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]\n"


def sentences(text: str) -> set[str]:
    return set(re.split(r"(?<=[.:])\s+|\n+", text))


def test_the_committed_corpus_is_what_the_model_writes() -> None:
    now = corpus()
    assert len(now.encode()) < MAX_SIZE
    if os.environ.get("FLIGHTPULSE_UPDATE"):
        CORPUS.write_text(now, encoding="utf-8")
    assert CORPUS.read_text(encoding="utf-8") == now


def test_every_sentence_is_in_the_corpus() -> None:
    cases = json.loads(corpus())
    for part in ("email_subject", "email_body", "sms"):
        there = set().union(*(sentences(case["texts"][part]) for case in cases))
        written = set().union(*(sentences(write_messages(asked)[part]) for asked in everything()))
        assert written - there == set(), part
