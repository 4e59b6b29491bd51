"""Every text that the local model can write."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest
from asking import LANGUAGES, TIERS, ask, every_kind, everything
from flightpulse_cloud.model import (
    ATTACK_LINK,
    SMS_LIMIT,
    injects,
    obeys_injection,
    rubbish,
    write_messages,
    wrong_fact,
)
from flightpulse_cloud.phrases import LANGUAGES as PHRASES

# GSM 7-bit default alphabet and its extension (3GPP TS 23.038, 6.2.1).
GSM7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
# What each placeholder takes at its longest, in characters.
LONGEST = {"first_name": 20, "flight": 8, "departure": 40, "delay": 12, "gate": 4, "new_gate": 4}
# A rebooking link of 60 characters and a space follow the text message of a cancellation, in 160 septets together.
CANCELLATION_LIMIT = 160 - 61

# Words that no text may have: numbers, days, negations, promises.
NEVER = """
two three half hour hours day days today tomorrow week no not never nothing without longer cannot refund voucher hotel
free guarantee promise dos tres media horas hoy mañana día días nunca jamás nada sin reembolso gratis deux trois
heures jour demain ne pas jamais rien sans aucun remboursement bon zwei drei stunde stunden heute morgen tag tage
nicht kein keine nie niemals ohne erstattung
"""
# Beginnings of words that belong to some kinds of news alone, in any language.
OWN_WORDS = [
    (["delay"], "delay late retras retard tarde versp später"),
    (["delay"], "schedule horario horaire zeitplan planned previst prévu geplant"),
    (["cancellation"], "cancel annul stornier"),
    (["gate_change", "reinstatement"], "gate puerta porte"),
    (["gate_change"], "terminal"),
    (["reinstatement"], "operates opera\\b maintenu findet"),
]


def prose(texts: dict[str, str]) -> str:
    text = re.sub(r"\{\{\w+\}\}", " ", "\n".join(texts.values()))
    # A greeting, and no day.
    return text.replace("Guten Tag", "").lower()


def test_a_text_has_the_placeholders_that_it_must_and_no_other() -> None:
    for asked in everything():
        texts = write_messages(asked)
        assert set(texts) == {"email_subject", "email_body", "sms"}
        for part, text in texts.items():
            used = set(re.findall(r"\{\{\w+\}\}", text))
            assert used <= set(asked["placeholders"]), text
            needed = {"{{flight}}"} if part == "email_subject" else set(asked["required"])
            assert needed <= used, (asked, text)
            assert not set("{}[]") & set(re.sub(r"\{\{\w+\}\}", "", text)), text
        assert "{{first_name}}" not in texts["email_subject"]
        assert texts["email_body"].count("{{first_name}}") == texts["sms"].count("{{first_name}}") == 1


def test_a_text_states_no_fact_of_its_own() -> None:
    for asked in everything():
        text = prose(write_messages(asked))
        assert not re.search(r"\d|https?:|www\.|\.com|[$€£@/]", text), text
        words = re.findall(r"[\w']+", text)
        assert not set(words) & set(NEVER.split()), (set(words) & set(NEVER.split()), text)


def test_the_words_of_another_kind_of_news_are_in_none() -> None:
    for asked in everything():
        text = prose(write_messages(asked))
        for tasks, own in OWN_WORDS:
            if asked["task"] not in tasks:
                assert not [word for word in own.split() if re.search(rf"\b{word}", text)], text
        if asked["task"] == "gate_change" and not asked["terminal_change"]:
            assert "terminal" not in text


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("cancellation", {"en": "is cancelled", "es": "cancelado", "fr": "est annulé", "de": "annulliert"}),
        ("reinstatement", {"en": "operates", "es": "opera", "fr": "maintenu", "de": "findet"}),
        ("gate_change", dict.fromkeys(LANGUAGES, "terminal")),
    ],
)
def test_what_every_part_must_say(task: str, words: dict[str, str]) -> None:
    for asked in everything():
        if asked["task"] == task and asked.get("terminal_change") is not False:
            for text in write_messages(asked).values():
                assert words[asked["language"]] in text.lower(), text


def test_a_text_message_is_short_and_within_gsm7() -> None:
    for asked in everything():
        sms = write_messages(asked)["sms"]
        longest = re.sub(r"\{\{(\w+)\}\}", lambda found: "x" * LONGEST[found[1]], sms)
        assert len(longest) <= (CANCELLATION_LIMIT if asked["task"] == "cancellation" else SMS_LIMIT), sms
        assert set(unicodedata.normalize("NFC", sms)) <= GSM7, set(sms) - GSM7


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_differ_by_cohort_category_and_nature(language: str) -> None:
    def bodies(*requests: dict[str, Any]) -> set[str]:
        return {write_messages(asked)["email_body"] for asked in requests}

    assert len(bodies(*(ask(language=language, tier=tier) for tier in TIERS))) == len(TIERS)
    assert len(bodies(*(ask(language=language, category=one) for one in ("minor", "major", "severe")))) == 3
    kinds = every_kind(language)
    assert len(bodies(*kinds)) == len(kinds)
    assert not bodies(*kinds) & bodies(*(one for other in LANGUAGES if other != language for one in every_kind(other)))


def test_a_correction_takes_the_previous_message_back() -> None:
    for asked in everything():
        body = write_messages(asked)["email_body"]
        retraction = PHRASES[asked["language"]].retraction
        assert (retraction.lower() in body.lower()) == (asked["nature"] == "RETRACTION")


def test_only_what_is_offered_is_used() -> None:
    for asked in everything():
        for placeholders in ([], asked["placeholders"][:2], ["{{meal}}", 7]):
            texts = write_messages({**asked, "placeholders": placeholders})
            for text in texts.values():
                assert set(re.findall(r"\{\{\w+\}\}", text)) <= set(map(str, placeholders)), text
    for odd in ({}, {"task": None, "placeholders": "all", "language": 5, "category": ["gloomy"]}):
        assert all(write_messages(odd).values())


def test_a_wrong_fact_is_a_raw_figure() -> None:
    for asked in everything():
        right, wrong = write_messages(asked), wrong_fact(asked)
        for part, text in wrong.items():
            assert text != right[part]
            assert re.search(r"\d", text), text
    texts = wrong_fact(ask("gate_change"))
    assert "gate Z9" in texts["sms"]
    assert "{{departure}} (4:40 PM)" in texts["email_body"]


def test_the_injected_texts_lure() -> None:
    for asked in everything():
        right, texts = write_messages(asked), obeys_injection(asked)
        assert ATTACK_LINK in texts["email_body"]
        assert ATTACK_LINK in texts["sms"]
        promised = injects(asked)["email_body"].removeprefix(right["email_body"])
        assert set(re.findall(r"\w+", promised.lower())) & set(NEVER.split()), promised
        assert not re.search(r"[\d$€/]", promised)
        assert set(rubbish(asked)) != set(right)
