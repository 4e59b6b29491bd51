"""The local model's English."""

from __future__ import annotations

from .shape import News, Phrases

ENGLISH = Phrases(
    greeting="Dear[ {{first_name}}],",
    tones={"minor": "", "major": "we are sorry: ", "severe": "we are very sorry: "},
    good_news="good news: ",
    correction="correction: ",
    retraction="please disregard our previous message about this flight: this one is right.",
    thanks={
        "A-LIST": "Thank you for your loyalty as an A-LIST member.",
        "A-LIST PREFERRED": "As an A-LIST PREFERRED member you are among our most loyal guests: thank you.",
    },
    closing="Thank you for your understanding.",
    reasons={
        "WEATHER": " because of the weather",
        "MECHANICAL": " because the aircraft needs maintenance",
        "CREW": " because of crew availability",
        "ATC": " because of air traffic control",
        "SECURITY": " for security reasons",
        "OTHER": " for operational reasons",
    },
    delay=News(
        subject="flight[ {{flight}}] is delayed[, new departure at {{departure}}]",
        body="flight[ {{flight}}][ ({{route}})] is delayed by {{delay}}{reason}."
        "[ The new departure is at {{departure}}.]",
        advice="Please watch the airport displays and arrive in good time.",
        sms="flight[ {{flight}}] is delayed {{delay}}[: now {{departure}}].",
        corrected_sms="correction: flight[ {{flight}}] {{delay}} late[, {{departure}}].",
    ),
    shorter=News(
        subject="flight[ {{flight}}] now leaves[ at {{departure}}]",
        body="flight[ {{flight}}][ ({{route}})] now leaves earlier than we last told you, with a delay of {{delay}}."
        "[ The departure is at {{departure}}.]",
        advice="Please plan for the new departure and arrive in good time.",
        sms="flight[ {{flight}}] now only {{delay}} late[: {{departure}}].",
    ),
    on_schedule=News(
        subject="flight[ {{flight}}] is back on schedule[, departure at {{departure}}]",
        body="flight[ {{flight}}][ ({{route}})] is back on schedule.[ The departure is at {{departure}}.]",
        advice="Please plan for this departure and arrive in good time.",
        sms="flight[ {{flight}}] is back on schedule[: {{departure}}].",
    ),
    as_planned=News(
        subject="flight[ {{flight}}] leaves as planned[, departure at {{departure}}]",
        body="flight[ {{flight}}][ ({{route}})] leaves as planned.[ The departure is at {{departure}}.]",
        advice="Please plan for this departure and arrive in good time.",
        sms="correction: flight[ {{flight}}] leaves as planned[, {{departure}}].",
    ),
    cancellation=News(
        subject="flight[ {{flight}}] is cancelled",
        body="flight[ {{flight}}][ ({{route}})][ on {{date}},] is cancelled{reason}.",
        advice="Please choose another flight: the next steps are below.",
        sms="we are sorry: flight[ {{flight}}] is cancelled. Please choose another flight.",
        corrected_sms="correction: flight[ {{flight}}] is cancelled. Please choose another flight.",
    ),
    gate=News(
        subject="flight[ {{flight}}] now leaves from gate[ {{new_gate}}]",
        body="flight[ {{flight}}][ ({{route}})] now leaves from gate[ {{new_gate}}]."
        "[ The departure is at {{departure}}.]",
        advice="Please go to the new gate and allow time for the walk.",
        sms="flight[ {{flight}}] now leaves from gate[ {{new_gate}}]. Please allow time for the walk.",
        corrected_sms="please disregard our previous message: flight[ {{flight}}] leaves from gate[ {{new_gate}}].",
    ),
    terminal=News(
        subject="flight[ {{flight}}] now leaves from gate[ {{new_gate}}], in another terminal",
        body="your gate is in another terminal: please leave now. Flight[ {{flight}}][ ({{route}})] leaves from gate"
        "[ {{new_gate}}].[ The departure is at {{departure}}.]",
        advice="Please follow the signs to the other terminal and allow extra time for the walk.",
        sms="flight[ {{flight}}] leaves from gate[ {{new_gate}}], in another terminal. Please leave now.",
        corrected_sms="correction: flight[ {{flight}}] leaves from gate[ {{new_gate}}], in another "
        "terminal. Please go now.",
    ),
    reinstatement=News(
        subject="flight[ {{flight}}] operates[, departure at {{departure}}]",
        body="flight[ {{flight}}][ ({{route}})] operates after all.[ It leaves at {{departure}}.]"
        "[ The gate is {{gate}}.]",
        advice="Please come to the airport in good time.",
        sms="flight[ {{flight}}] operates after all[: {{departure}}][, gate {{gate}}].",
        corrected_sms="correction:[ {{flight}}] operates[: {{departure}}][, gate {{gate}}].",
    ),
    promise="You will receive a full refund and a hotel room.",
    wrong_time="4:40 PM",
)
