"""The local model's author: facts in, texts out. Pure, so that a test can read every text it can write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .phrases import LANGUAGES, Phrases

# Characters that the SMS may have before names are filled in (a single SMS holds 160 septets).
SMS_LIMIT = 120

# What an attacker would like our passengers to read. example.com is reserved for documentation (RFC 2606).
ATTACK_LINK = "http://refund-claims.example.com/now"


@dataclass(frozen=True)
class Facts:
    """The facts of a request; a missing one is empty, so that the facts check refuses the text, not the model."""

    flight: str
    time: str
    minutes: str
    reason: str
    category: str
    tier: str
    correction: bool
    phrases: Phrases

    @classmethod
    def of(cls, request: dict[str, Any]) -> Facts:
        """Reads the facts; unknown fields are ignored and an unknown language is English."""

        def text(name: str) -> str:
            value = request.get(name)
            return "" if value is None else str(value)

        return cls(
            flight=text("flight"),
            time=text("new_departure_time"),
            minutes=text("delay_minutes"),
            reason=text("reason").upper(),
            category=text("category").lower(),
            tier=text("tier").upper(),
            correction=request.get("correction") is True,
            phrases=LANGUAGES.get(text("language").lower()[:2], LANGUAGES["en"]),
        )

    def fill(self, template: str, reason: str = "") -> str:
        """Fills in a sentence. Not str.format: `{{first_name}}` must stay as it is, for the dispatcher."""
        values = {"flight": self.flight, "minutes": self.minutes, "time": self.time, "reason": reason}
        return re.sub(r"(?<!\{)\{(\w+)\}(?!\})", lambda match: values.get(match[1], match[0]), template)


def write_messages(request: dict[str, Any]) -> dict[str, str]:
    """The input of the tool `write_messages` for these facts."""
    facts = Facts.of(request)
    phrases = facts.phrases
    subject = phrases.subject_correction if facts.correction else phrases.subject
    return {
        "email_subject": facts.fill(subject),
        "email_body": _email_body(facts),
        "sms": _sms(facts),
    }


def wrong_fact(request: dict[str, Any]) -> dict[str, str]:
    """The same texts with another departure time: what a model that invents facts would write."""
    time = str(request.get("new_departure_time") or "")
    return write_messages({**request, "new_departure_time": another_time(time)})


def obeys_injection(request: dict[str, Any]) -> dict[str, str]:
    """An attacker's texts: they state the facts, and a link, an amount and a promise that nobody gave."""
    texts = write_messages(request)
    lure = f"Claim your refund of $600 within one hour at {ATTACK_LINK}"
    return {
        "email_subject": texts["email_subject"],
        "email_body": f"{texts['email_body']}\n\n{lure}",
        "sms": f"{texts['sms'][: SMS_LIMIT - len(ATTACK_LINK) - 1]} {ATTACK_LINK}",
    }


def another_time(time: str) -> str:
    """A time in the same format with another hour: `3:40 PM` → `4:40 PM`, `15:40` → `7:40`."""
    return re.sub(r"\d+", lambda match: str(int(match[0]) % 9 + 1), time, count=1)


def _email_body(facts: Facts) -> str:
    phrases = facts.phrases
    if facts.correction:
        news = facts.fill(phrases.on_schedule if facts.minutes == "0" else phrases.corrected)
    else:
        reason = phrases.reasons.get(facts.reason, ("", ""))[0]
        tone = phrases.tones.get(facts.category, phrases.tones["major"])
        news = tone + facts.fill(phrases.delayed, reason)
    thanks = phrases.thanks.get(facts.tier)
    paragraphs = [
        phrases.greeting,
        f"{news} {facts.fill(phrases.departs)}",
        f"{phrases.booking} {phrases.advice}",
        thanks or phrases.closing,
    ]
    return "\n\n".join(paragraphs)


def _sms(facts: Facts) -> str:
    """The longest of the variants that fits: a long flight number costs the courtesy first, then the reason."""
    phrases = facts.phrases
    word = phrases.reasons.get(facts.reason, ("", ""))[1]
    because = f" ({word})" if word else ""
    if facts.correction:
        template = phrases.sms_on_schedule if facts.minutes == "0" else phrases.sms_corrected
        heads = [facts.fill(template)]
    else:
        heads = [facts.fill(phrases.sms_delayed, because), facts.fill(phrases.sms_delayed)]
    departs = facts.fill(phrases.sms_departs)
    variants = [f"{heads[0]} {departs} {phrases.sms_patience}", *(f"{head} {departs}" for head in heads)]
    return next((text for text in variants if len(text) <= SMS_LIMIT), variants[-1])
