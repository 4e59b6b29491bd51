"""What one language must have for the local model to write in it.

Every phrase reads as in the middle of a sentence: the author raises the first letter where one begins. What stands in
`[ ]` is left out unless all placeholders in it are offered; `{reason}` is the reason's clause, or nothing.

Written for the fact check of `llm-messenger`, so that the texts pass it: no digit, no number as a word, no negation,
no promise, no link, no place and no day; words of another kind of news nowhere but there ("cancelled" in a
cancellation alone). A text message keeps to the GSM 7-bit alphabet (no ç, á, í, ó, ú, ê) and, with every placeholder
at its longest, to `model.SMS_LIMIT` characters.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class News:
    """One kind of news."""

    subject: str
    # What happened, without apology or joy: these come from the request's category and nature.
    body: str
    advice: str
    # After the passenger's name.
    sms: str
    # When it corrects what was wrongly sent; empty where `sms` serves for that too.
    corrected_sms: str = ""


@dataclass(frozen=True)
class Phrases:
    """One language."""

    greeting: str
    # How the news begins, by a delay's category: `minor` calm, `major` sorry, `severe` very sorry, each with its space.
    tones: dict[str, str]
    good_news: str
    # Of the subject of a correction.
    correction: str
    # The first sentence of a correction's email.
    retraction: str
    # By tier; an unknown tier gets `closing`.
    thanks: dict[str, str]
    closing: str
    # By reason code, with a space in front; an unknown reason is left out.
    reasons: dict[str, str]
    delay: News
    shorter: News
    on_schedule: News
    # A correction: the delay that was told is none.
    as_planned: News
    cancellation: News
    gate: News
    # A gate in another terminal: urgent.
    terminal: News
    reinstatement: News
    # What a model writes that was talked into it: only rules on words can catch it.
    promise: str
    # A departure that is none, as this language writes it.
    wrong_time: str = "16:40"
    # Whether a sentence goes on in lower case after the greeting's comma.
    goes_on_after_greeting: bool = False
