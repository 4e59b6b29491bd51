"""Every text that the local model can write."""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import Any

import pytest

from flightpulse_cloud.model import ATTACK_LINK, SMS_LIMIT, another_time, obeys_injection, write_messages, wrong_fact

# GSM 7-bit default alphabet and its extension (3GPP TS 23.038, 6.2.1).
GSM7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
TIMES = {"en": "3:40 PM", "es": "15:40", "fr": "15:40", "de": "15:40"}
MINUTES = {"en": "{} minutes", "es": "{} minutos", "fr": "{} minutes", "de": "{} Minuten"}
TIERS = ("MEMBER", "A-LIST", "A-LIST PREFERRED")
REASONS = ("WEATHER", "MECHANICAL", "CREW", "ATC", "SECURITY", "OTHER")
DELAYS = (("minor", 20, False), ("major", 90, False), ("severe", 150, False), ("minor", 20, True), ("minor", 0, True))


def request(language: str = "en", **changed: Any) -> dict[str, Any]:
    return {
        "task": "flight_delay",
        "category": "major",
        "correction": False,
        "flight": "SW5678",
        "origin": "DEN",
        "destination": "PHX",
        "delay_minutes": 90,
        "new_departure_time": TIMES[language],
        "new_departure_date": "Sunday, November 22",
        "new_arrival_time": "5:10 PM",
        "reason": "WEATHER",
        "tier": "MEMBER",
        "language": language,
        "placeholders": ["{{first_name}}", "{{seat}}", "{{confirmation_number}}"],
        **changed,
    }


@pytest.mark.parametrize("language", TIMES)
@pytest.mark.parametrize(("category", "minutes", "correction"), DELAYS)
def test_a_text_states_the_facts_and_no_other_figure(
    language: str, category: str, minutes: int, correction: bool
) -> None:
    for tier, reason in itertools.product(TIERS, REASONS):
        texts = write_messages(
            request(language, tier=tier, reason=reason, category=category, delay_minutes=minutes, correction=correction)
        )
        for name in ("email_body", "sms"):
            text = texts[name]
            facts = ("SW5678", TIMES[language], MINUTES[language].format(minutes))
            assert all(fact in text for fact in facts), text
            left = text
            for fact in facts:
                left = left.replace(fact, "")
            assert not re.search(r"\d|https?:|www\.|\.com", left), text
        for placeholder in ("{{first_name}}", "{{confirmation_number}}", "{{seat}}"):
            assert texts["email_body"].count(placeholder) == 1
        assert texts["sms"].count("{{") == 1
        assert "{{first_name}}" in texts["sms"]
        assert "SW5678" in texts["email_subject"]
        assert "{" not in texts["email_subject"]


@pytest.mark.parametrize("language", TIMES)
@pytest.mark.parametrize("flight", ["SW1", "SW5678", "SW5678-EXTRA"])
def test_a_text_message_is_short_and_within_gsm7(language: str, flight: str) -> None:
    for (category, minutes, correction), reason in itertools.product(DELAYS, REASONS):
        asked = request(language, flight=flight, category=category, delay_minutes=minutes, reason=reason)
        sms = write_messages({**asked, "correction": correction})["sms"]
        assert len(sms) <= SMS_LIMIT, sms
        assert set(unicodedata.normalize("NFC", sms)) <= GSM7, set(sms) - GSM7


@pytest.mark.parametrize("language", TIMES)
def test_texts_differ_by_tier_and_by_language(language: str) -> None:
    bodies = {write_messages(request(language, tier=tier))["email_body"] for tier in TIERS}
    assert len(bodies) == len(TIERS)
    assert not bodies & {write_messages(request(other))["email_body"] for other in TIMES if other != language}


def test_missing_and_unknown_fields_do_no_harm() -> None:
    texts = write_messages({"flight": "SW1", "new_departure_time": "3:40 PM", "mood": ["gloomy"], "reason": None})
    assert "SW1" in texts["sms"]
    assert write_messages({})["email_body"]


@pytest.mark.parametrize("language", TIMES)
def test_a_wrong_fact_is_another_time(language: str) -> None:
    texts = wrong_fact(request(language))
    other = another_time(TIMES[language])
    for text in texts.values():
        assert TIMES[language] not in text.replace(other, "")
        assert other in text


@pytest.mark.parametrize("time", ["12:00 AM", "9:05 PM", "00:15", "09:10", "23:59"])
def test_another_time_is_another_time(time: str) -> None:
    assert another_time(time) != time
    assert another_time(time).lstrip("0") != time.lstrip("0")


def test_the_injected_text_lures() -> None:
    texts = obeys_injection(request())
    assert ATTACK_LINK in texts["email_body"]
    assert ATTACK_LINK in texts["sms"]
    assert len(texts["sms"]) <= SMS_LIMIT
