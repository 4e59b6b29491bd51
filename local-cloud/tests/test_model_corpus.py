"""The local model's texts are committed, so that the domain's fact check is held to pass them.

After a change of the phrases: FLIGHTPULSE_UPDATE=1 pytest local-cloud/tests/test_model_corpus.py
"""

from __future__ import annotations

import itertools
import json
import os
from typing import Any

from flightpulse_cloud.model import write_messages
from flightpulse_cloud.settings import REPO_ROOT

CORPUS = REPO_ROOT / "crates" / "domain" / "testdata" / "local-model-texts.json"
LANGUAGES = {
    "en": ("3:40 PM", "Sunday, November 22", "5:35 PM"),
    "es": ("15:40", "domingo 22 de noviembre", "17:35"),
    "fr": ("15:40", "dimanche 22 novembre", "17:35"),
    "de": ("15:40", "Sonntag, 22. November", "17:35"),
}
CATEGORIES = {20: "minor", 90: "major", 150: "severe"}
REASONS = ("WEATHER", "MECHANICAL", "CREW", "ATC", "SECURITY", "OTHER")
TIERS = ("MEMBER", "A-LIST", "A-LIST PREFERRED")


def corpus() -> list[dict[str, Any]]:
    found = []
    cases = itertools.product(LANGUAGES, CATEGORIES, REASONS, TIERS, (False, True))
    for language, minutes, reason, tier, correction in cases:
        # Every reason for one category is enough: the phrases are put together from parts.
        if minutes != 90 and reason != "OTHER":
            continue
        departs, date, arrives = LANGUAGES[language]
        asked = {
            "task": "flight_delay", "category": CATEGORIES[minutes], "correction": correction, "flight": "SW5678",
            "origin": "DEN", "destination": "PHX", "delay_minutes": minutes, "new_departure_time": departs,
            "new_departure_date": date, "new_departure_is_on_another_day": False, "new_arrival_time": arrives,
            "reason": reason, "tier": tier, "language": language,
            "placeholders": ["{{first_name}}", "{{seat}}", "{{confirmation_number}}"],
        }  # fmt: skip
        case = {"language": language, "delay_minutes": minutes, "reason": reason, "correction": correction}
        found.append({**case, "texts": write_messages(asked)})
    return found


def test_the_committed_corpus_is_what_the_model_writes() -> None:
    now = json.dumps(corpus(), ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("FLIGHTPULSE_UPDATE"):
        CORPUS.write_text(now, encoding="utf-8")
    assert CORPUS.read_text(encoding="utf-8") == now
