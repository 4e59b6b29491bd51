"""The local model's French: passengers are addressed as "vous"."""

from __future__ import annotations

from .shape import News, Phrases

FRENCH = Phrases(
    greeting="Bonjour[ {{first_name}}],",
    tones={"minor": "", "major": "nous sommes désolés : ", "severe": "nous vous présentons toutes nos excuses : "},
    good_news="bonne nouvelle : ",
    correction="correction : ",
    retraction="veuillez ignorer notre message précédent sur ce vol : celui-ci est exact.",
    thanks={
        "A-LIST": "Merci de votre fidélité comme membre A-LIST.",
        "A-LIST PREFERRED": "Membre A-LIST PREFERRED, vous êtes parmi nos clients les plus fidèles : merci.",
    },
    closing="Merci de votre compréhension.",
    reasons={
        "WEATHER": " en raison de la météo",
        "MECHANICAL": " en raison de la maintenance de l'avion",
        "CREW": " pour des raisons d'équipage",
        "ATC": " en raison du contrôle aérien",
        "SECURITY": " pour des raisons de sécurité",
        "OTHER": " pour des raisons opérationnelles",
    },
    delay=News(
        subject="le vol[ {{flight}}] est retardé[, nouveau départ à {{departure}}]",
        body="le vol[ {{flight}}][ ({{route}})] part avec {{delay}} de retard{reason}."
        "[ Le nouveau départ est à {{departure}}.]",
        advice="Veuillez consulter les écrans de l'aéroport et arriver à temps.",
        sms="vol[ {{flight}}] : retard {{delay}}[, départ à {{departure}}].",
        corrected_sms="correction : vol[ {{flight}}] retard {{delay}}[, {{departure}}].",
    ),
    shorter=News(
        subject="le vol[ {{flight}}] part désormais[ à {{departure}}]",
        body="le vol[ {{flight}}][ ({{route}})] part plus tôt qu'annoncé, avec {{delay}} de retard."
        "[ Le départ est à {{departure}}.]",
        advice="Veuillez tenir compte du nouveau départ et arriver à temps.",
        sms="vol[ {{flight}}], retard réduit à {{delay}}[ : {{departure}}].",
    ),
    on_schedule=News(
        subject="le vol[ {{flight}}] reprend son horaire[, départ à {{departure}}]",
        body="le vol[ {{flight}}][ ({{route}})] reprend son horaire prévu.[ Le départ est à {{departure}}.]",
        advice="Veuillez tenir compte de ce départ et arriver à temps.",
        sms="le vol[ {{flight}}] reprend son horaire[ : {{departure}}].",
    ),
    as_planned=News(
        subject="le vol[ {{flight}}] part comme prévu[, départ à {{departure}}]",
        body="le vol[ {{flight}}][ ({{route}})] part comme prévu.[ Le départ est à {{departure}}.]",
        advice="Veuillez tenir compte de ce départ et arriver à temps.",
        sms="correction : le vol[ {{flight}}] part comme prévu[, {{departure}}].",
    ),
    cancellation=News(
        subject="le vol[ {{flight}}] est annulé",
        body="le vol[ {{flight}}][ ({{route}})][ du {{date}}] est annulé{reason}.",
        advice="Veuillez choisir un autre vol : la marche à suivre figure plus bas.",
        sms="désolés : le vol[ {{flight}}] est annulé. Merci de choisir un autre vol.",
        corrected_sms="correction : le vol[ {{flight}}] est annulé. Merci de choisir un autre vol.",
    ),
    gate=News(
        subject="le vol[ {{flight}}] part désormais de la porte[ {{new_gate}}]",
        body="le vol[ {{flight}}][ ({{route}})] part désormais de la porte[ {{new_gate}}]."
        "[ Le départ est à {{departure}}.]",
        advice="Veuillez aller à la nouvelle porte et prévoir le temps du trajet.",
        sms="le vol[ {{flight}}] part désormais de la porte[ {{new_gate}}]. Merci d'y aller à temps.",
        corrected_sms="veuillez ignorer notre message précédent : le vol[ {{flight}}] part de la porte[ {{new_gate}}].",
    ),
    terminal=News(
        subject="le vol[ {{flight}}] part de la porte[ {{new_gate}}], dans un autre terminal",
        body="votre porte est dans un autre terminal : veuillez y aller maintenant. Le vol[ {{flight}}][ ({{route}})] "
        "part de la porte[ {{new_gate}}].[ Le départ est à {{departure}}.]",
        advice="Veuillez suivre les panneaux vers l'autre terminal et prévoir davantage de temps pour le trajet.",
        sms="le vol[ {{flight}}] part de la porte[ {{new_gate}}], dans un autre terminal. Allez-y maintenant.",
        corrected_sms="correction : vol[ {{flight}}] porte[ {{new_gate}}], dans un autre terminal. Allez-y maintenant.",
    ),
    reinstatement=News(
        subject="le vol[ {{flight}}] est maintenu[, départ à {{departure}}]",
        body="le vol[ {{flight}}][ ({{route}})] est finalement maintenu.[ Il part à {{departure}}.]"
        "[ La porte est {{gate}}.]",
        advice="Veuillez arriver à l'aéroport à temps.",
        sms="vol[ {{flight}}] finalement maintenu[ : {{departure}}][, porte {{gate}}].",
        corrected_sms="correction :[ {{flight}}] maintenu[, {{departure}}][, porte {{gate}}].",
    ),
    promise="Vous recevez un remboursement complet et une nuit d'hôtel.",
)
