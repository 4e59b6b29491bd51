"""The local model's German: passengers are addressed as "Sie"."""

from __future__ import annotations

from .shape import News, Phrases

GERMAN = Phrases(
    greeting="Guten Tag[ {{first_name}}],",
    tones={"minor": "", "major": "es tut uns leid: ", "severe": "es tut uns sehr leid: "},
    good_news="gute Nachricht: ",
    correction="Korrektur: ",
    retraction="bitte ignorieren Sie unsere vorherige Nachricht zu diesem Flug: diese hier ist richtig.",
    thanks={
        "A-LIST": "Danke für Ihre Treue als A-LIST Mitglied.",
        "A-LIST PREFERRED": "Als A-LIST PREFERRED Mitglied gehören Sie zu unseren treuesten Gästen: danke.",
    },
    closing="Danke für Ihr Verständnis.",
    reasons={
        "WEATHER": " wegen des Wetters",
        "MECHANICAL": " wegen der Wartung des Flugzeugs",
        "CREW": " wegen der Verfügbarkeit der Crew",
        "ATC": " wegen der Flugsicherung",
        "SECURITY": " aus Sicherheitsgründen",
        "OTHER": " aus betrieblichen Gründen",
    },
    delay=News(
        subject="Flug[ {{flight}}] ist verspätet[, neuer Abflug um {{departure}}]",
        body="Flug[ {{flight}}][ ({{route}})] startet{reason} mit {{delay}} Verspätung."
        "[ Der neue Abflug ist um {{departure}}.]",
        advice="Bitte achten Sie auf die Anzeigen am Flughafen und seien Sie rechtzeitig da.",
        sms="Flug[ {{flight}}] {{delay}} verspätet[, Abflug {{departure}}].",
        corrected_sms="Korrektur: Flug[ {{flight}}] {{delay}} später[, {{departure}}].",
    ),
    shorter=News(
        subject="Flug[ {{flight}}] startet jetzt[ um {{departure}}]",
        body="Flug[ {{flight}}][ ({{route}})] startet früher als zuletzt gemeldet, mit {{delay}} Verspätung."
        "[ Der Abflug ist um {{departure}}.]",
        advice="Bitte richten Sie sich nach dem neuen Abflug und seien Sie rechtzeitig da.",
        sms="Flug[ {{flight}}] nur noch {{delay}} verspätet[: {{departure}}].",
    ),
    on_schedule=News(
        subject="Flug[ {{flight}}] ist wieder im Zeitplan[, Abflug um {{departure}}]",
        body="Flug[ {{flight}}][ ({{route}})] ist wieder im Zeitplan.[ Der Abflug ist um {{departure}}.]",
        advice="Bitte richten Sie sich nach diesem Abflug und seien Sie rechtzeitig da.",
        sms="Flug[ {{flight}}] ist wieder im Zeitplan[: {{departure}}].",
    ),
    as_planned=News(
        subject="Flug[ {{flight}}] startet wie geplant[, Abflug um {{departure}}]",
        body="Flug[ {{flight}}][ ({{route}})] startet wie geplant.[ Der Abflug ist um {{departure}}.]",
        advice="Bitte richten Sie sich nach diesem Abflug und seien Sie rechtzeitig da.",
        sms="Korrektur: Flug[ {{flight}}] startet wie geplant[, {{departure}}].",
    ),
    cancellation=News(
        subject="Flug[ {{flight}}] ist annulliert",
        body="Flug[ {{flight}}][ ({{route}})][ am {{date}},] ist{reason} annulliert.",
        advice="Bitte wählen Sie einen anderen Flug: die nächsten Schritte stehen unten.",
        sms="leider ist Flug[ {{flight}}] annulliert. Bitte wählen Sie einen anderen Flug.",
        corrected_sms="Korrektur: Flug[ {{flight}}] ist annulliert. Bitte anderen Flug wählen.",
    ),
    gate=News(
        subject="Flug[ {{flight}}] hat das neue Gate[ {{new_gate}}]",
        body="Flug[ {{flight}}][ ({{route}})] hat das neue Gate[ {{new_gate}}].[ Der Abflug ist um {{departure}}.]",
        advice="Bitte gehen Sie zum neuen Gate und planen Sie Zeit für den Weg ein.",
        sms="Flug[ {{flight}}] hat das neue Gate[ {{new_gate}}]. Bitte planen Sie Zeit für den Weg ein.",
        corrected_sms="bitte ignorieren Sie unsere vorherige Nachricht: Flug[ {{flight}}] startet von "
        "Gate[ {{new_gate}}].",
    ),
    terminal=News(
        subject="Flug[ {{flight}}] startet von Gate[ {{new_gate}}] in einem anderen Terminal",
        body="Ihr Gate ist in einem anderen Terminal: bitte gehen Sie jetzt los. Flug[ {{flight}}][ ({{route}})] "
        "startet von Gate[ {{new_gate}}].[ Der Abflug ist um {{departure}}.]",
        advice="Bitte folgen Sie den Schildern zum anderen Terminal und planen Sie mehr Zeit für den Weg ein.",
        sms="Flug[ {{flight}}] startet von Gate[ {{new_gate}}] in einem anderen Terminal. Bitte gehen Sie jetzt.",
        corrected_sms="Korrektur: Flug[ {{flight}}], Gate[ {{new_gate}}] in einem anderen Terminal. "
        "Bitte gehen Sie jetzt.",
    ),
    reinstatement=News(
        subject="Flug[ {{flight}}] findet statt[, Abflug um {{departure}}]",
        body="Flug[ {{flight}}][ ({{route}})] findet doch statt.[ Er startet um {{departure}}.]"
        "[ Das Gate ist {{gate}}.]",
        advice="Bitte seien Sie rechtzeitig am Flughafen.",
        sms="Flug[ {{flight}}] findet doch statt[: {{departure}}][, Gate {{gate}}].",
        corrected_sms="Korrektur:[ {{flight}}] findet statt[: {{departure}}][, Gate {{gate}}].",
    ),
    promise="Sie erhalten eine volle Erstattung und ein Hotelzimmer.",
    goes_on_after_greeting=True,
)
