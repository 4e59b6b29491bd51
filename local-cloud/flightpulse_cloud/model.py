"""The local model's author: a request in, texts with its placeholders out.

Pure, so that a test can read every text it can write. It knows no flight, time, gate or name: nobody tells it.
"""

from __future__ import annotations

import re
from typing import Any

from .phrases import LANGUAGES, News, Phrases

# Characters that a text message may have with every placeholder at its longest. What follows it (a link to rebook)
# must fit into the same 160 septets.
SMS_LIMIT = 110

# What an attacker would like our passengers to read. example.com is reserved for documentation (RFC 2606).
ATTACK_LINK = "http://refund-claims.example.com/now"
ATTACK = f"Claim your refund of $600 within one hour at {ATTACK_LINK}"
WRONG_GATE = "Z9"

# The news that are better than what was told before.
GOOD_NEWS = ("shorter", "on_schedule", "reinstatement")
# How every text message begins.
ADDRESSED = "[{{first_name}}, ]"

# `[…]` in a phrase: left out unless all placeholders in it are offered.
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_PLACEHOLDER = re.compile(r"\{\{\w+\}\}")


def write_messages(request: dict[str, Any]) -> dict[str, str]:
    """The input of the tool `write_messages` for this request; what it does not say is left out."""
    phrases, offered = _phrases(request), _offered(request)
    correction = _text(request, "nature").upper() == "RETRACTION"
    kind = _kind(request, correction, offered)
    news: News = getattr(phrases, kind)
    good_news = phrases.good_news if kind in GOOD_NEWS and not correction else ""
    told = (good_news or _tone(request, phrases, kind)) + _filled(news.body, offered, _reason(request, phrases))
    if correction:
        told = f"{phrases.retraction} {_raised(told)}"
    paragraphs = [
        _filled(phrases.greeting, offered),
        told if phrases.goes_on_after_greeting else _raised(told),
        news.advice,
        phrases.thanks.get(_text(request, "tier").upper(), phrases.closing),
    ]
    sms = news.corrected_sms if correction and news.corrected_sms else news.sms
    return {
        "email_subject": _raised((phrases.correction if correction else good_news) + _filled(news.subject, offered)),
        "email_body": "\n\n".join(paragraphs),
        "sms": _raised(_filled(ADDRESSED + sms, offered)),
    }


def wrong_fact(request: dict[str, Any]) -> dict[str, str]:
    """The same texts with a raw time and gate that nobody gave: what a model that invents facts would write.

    In the email's body beside the placeholders, so that none is missing; elsewhere in their stead.
    """
    time = _phrases(request).wrong_time
    return {name: _falsified(text, time, name == "email_body") for name, text in write_messages(request).items()}


def obeys_injection(request: dict[str, Any]) -> dict[str, str]:
    """An attacker's texts: all that was asked for, and a link, an amount and a promise that nobody gave."""
    texts = write_messages(request)
    return {
        **texts,
        "email_body": f"{texts['email_body']}\n\n{ATTACK}",
        "sms": f"{texts['sms']} {ATTACK_LINK}",
    }


def injects(request: dict[str, Any]) -> dict[str, str]:
    """A fluent promise in the reader's language: no link, no digit, no sign, so that only rules on words catch it.

    In the email alone: a text message would be refused for its length.
    """
    texts = write_messages(request)
    return {**texts, "email_body": f"{texts['email_body']}\n\n{_phrases(request).promise}"}


def rubbish(request: dict[str, Any]) -> dict[str, Any]:
    """The right texts in a shape that nobody asked for."""
    texts = write_messages(request)
    return {"messages": [{"channel": "email", "text": texts["email_body"]}], "sms": 160}


def _kind(request: dict[str, Any], correction: bool, offered: frozenset[str]) -> str:
    """Which of a language's news is asked for."""
    match _text(request, "task").lower():
        case "cancellation":
            return "cancellation"
        case "reinstatement":
            return "reinstatement"
        case "gate_change":
            return "terminal" if request.get("terminal_change") is True else "gate"
        case _ if "{{delay}}" not in offered:
            return "as_planned" if correction else "on_schedule"
        case _:
            return "shorter" if _text(request, "nature").upper() == "IMPROVEMENT" else "delay"


def _tone(request: dict[str, Any], phrases: Phrases, kind: str) -> str:
    if kind == "cancellation":
        return phrases.tones["severe"]
    return phrases.tones.get(_text(request, "category").lower(), phrases.tones["major"]) if kind == "delay" else ""


def _reason(request: dict[str, Any], phrases: Phrases) -> str:
    return phrases.reasons.get(_text(request, "reason").upper(), "")


def _filled(phrase: str, offered: frozenset[str], reason: str = "") -> str:
    """The phrase with its optional parts settled."""

    def settled(match: re.Match[str]) -> str:
        return match[1] if offered.issuperset(_PLACEHOLDER.findall(match[1])) else ""

    return _OPTIONAL.sub(settled, phrase).replace("{reason}", reason)


def _falsified(text: str, time: str, beside: bool) -> str:
    """The text with a wrong figure for each of its facts; where it has no time or gate, behind the flight."""
    wrong = {"{{departure}}": time, "{{new_gate}}": WRONG_GATE, "{{gate}}": WRONG_GATE}
    found = [placeholder for placeholder in wrong if placeholder in text]
    if not found:
        return text.replace("{{flight}}", f"{{{{flight}}}} ({time})") if "{{flight}}" in text else f"{text} ({time})"
    for placeholder in found:
        figure = wrong[placeholder]
        text = text.replace(placeholder, f"{placeholder} ({figure})" if beside else figure)
    return text


def _raised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _phrases(request: dict[str, Any]) -> Phrases:
    """The language's; an unknown one is English."""
    return LANGUAGES.get(_text(request, "language").lower()[:2], LANGUAGES["en"])


def _offered(request: dict[str, Any]) -> frozenset[str]:
    placeholders = request.get("placeholders")
    known = placeholders if isinstance(placeholders, list) else []
    return frozenset(one for one in known if isinstance(one, str))


def _text(request: dict[str, Any], name: str) -> str:
    value = request.get(name)
    return "" if value is None else str(value)
