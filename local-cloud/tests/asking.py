"""What `llm-messenger` asks the model for: one user message per task, nature and cohort."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

LANGUAGES = ("en", "es", "fr", "de")
TIERS = ("MEMBER", "A-LIST", "A-LIST PREFERRED")
CATEGORIES = ("minor", "major", "severe")
REASONS = ("WEATHER", "MECHANICAL", "CREW", "ATC", "SECURITY", "OTHER")

# By task: the facts that it has beside the name, the flight and the route.
FACTS = {
    "delay": ("{{departure}}", "{{delay}}"),
    "cancellation": ("{{date}}",),
    "gate_change": ("{{departure}}", "{{new_gate}}"),
    "reinstatement": ("{{departure}}", "{{gate}}"),
}
# What a text need not state.
NOT_REQUIRED = {"{{route}}", "{{date}}"}


def ask(
    task: str = "delay", language: str = "en", nature: str = "NEWS", tier: str = "MEMBER", without: str = "",
    **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """One user message; `without` is a placeholder whose fact is not there."""
    placeholders = [one for one in ("{{first_name}}", "{{flight}}", "{{route}}", *FACTS[task]) if one != without]
    optional = NOT_REQUIRED | ({"{{departure}}"} if task == "gate_change" else set())
    about: dict[str, Any] = {
        "delay": {"category": "major", "reason": "WEATHER"},
        "cancellation": {"reason": "WEATHER"},
        "gate_change": {"terminal_change": False},
        "reinstatement": {},
    }[task]
    return {
        "task": task, "nature": nature, **about, **more, "tier": tier, "language": language,
        "placeholders": placeholders, "required": [one for one in placeholders if one not in optional],
    }  # fmt: skip


def every_kind(language: str = "en", tier: str = "MEMBER") -> list[dict[str, Any]]:
    """Every task with every nature that makes sense, and with what may be missing."""
    to_reader = {"language": language, "tier": tier}
    delays = [ask(nature=nature, **to_reader) for nature in ("NEWS", "IMPROVEMENT", "RETRACTION")]
    on_time = [ask(nature=nature, without="{{delay}}", **to_reader) for nature in ("IMPROVEMENT", "RETRACTION")]
    cancelled = [ask("cancellation", nature=nature, **to_reader) for nature in ("NEWS", "RETRACTION")]
    gates = [
        ask("gate_change", nature=nature, terminal_change=far, **to_reader)
        for nature, far in itertools.product(("NEWS", "RETRACTION"), (False, True))
    ]
    operates = [
        ask("reinstatement", nature=nature, without=without, **to_reader)
        for nature, without in itertools.product(("IMPROVEMENT", "RETRACTION"), ("", "{{gate}}"))
    ]
    return [*delays, *on_time, *cancelled, *gates, *operates]


def everything() -> Iterator[dict[str, Any]]:
    """Every request there is."""
    for language, tier in itertools.product(LANGUAGES, TIERS):
        for asked in every_kind(language, tier):
            for category in CATEGORIES if "category" in asked else (None,):
                for reason in REASONS if "reason" in asked else (None,):
                    about = {"category": category, "reason": reason}
                    yield {**asked, **{name: value for name, value in about.items() if value}}


def enough() -> Iterator[dict[str, Any]]:
    """Fewer requests whose answers have every sentence that there is: thanks do not depend on the news."""
    for language in LANGUAGES:
        for tier in TIERS:
            yield from every_kind(language, tier)
        tiers = itertools.cycle(TIERS)
        for nature, category, reason in itertools.product(("NEWS", "RETRACTION"), CATEGORIES, REASONS):
            yield ask("delay", language, nature, next(tiers), category=category, reason=reason)
        for nature, reason in itertools.product(("NEWS", "RETRACTION"), REASONS):
            yield ask("cancellation", language, nature, next(tiers), reason=reason)
