"""Sentences of the local model, per language. `{flight}`, `{minutes}`, `{time}`, `{reason}` are filled in by model.py.

Written for the facts check of `llm-messenger`: no digit, no link, no airport, no promise, no word of number or duration
(which "hora" and "heure" are) and no colon right behind a fact. SMS texts and SMS reasons stay within the GSM 7-bit
alphabet (no ç, á, í, ó, ú, ê).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrases:
    """One language. A tone is a category's: `minor` calm, `major` sorry, `severe` very sorry."""

    subject: str
    subject_correction: str
    greeting: str
    # By category: how the sentence about the delay begins, with its trailing space.
    tones: dict[str, str]
    delayed: str
    corrected: str
    on_schedule: str
    departs: str
    booking: str
    advice: str
    # By tier; an unknown tier gets none.
    thanks: dict[str, str]
    closing: str
    # By reason code: (in the email's sentence, in the SMS).
    reasons: dict[str, tuple[str, str]]
    sms_delayed: str
    sms_corrected: str
    sms_on_schedule: str
    sms_departs: str
    sms_patience: str


ENGLISH = Phrases(
    subject="Flight {flight} is delayed: new departure at {time}",
    subject_correction="Good news: flight {flight} now departs at {time}",
    greeting="Dear {{first_name}},",
    tones={"minor": "F", "major": "We are sorry: f", "severe": "We sincerely apologize: f"},
    delayed="light {flight} is delayed by {minutes} minutes{reason}.",
    corrected="Good news: flight {flight} now leaves earlier than last announced, {minutes} minutes behind schedule.",
    on_schedule="Good news: flight {flight} is back on schedule, with a delay of {minutes} minutes.",
    departs="The new departure time is {time}.",
    booking="Your confirmation number is {{confirmation_number}} and your seat is {{seat}}.",
    advice="Please watch the airport displays and be at the gate in good time.",
    thanks={
        "A-LIST": "Thank you for your loyalty as an A-LIST member.",
        "A-LIST PREFERRED": "As an A-LIST PREFERRED member you are among our most loyal guests: thank you.",
    },
    closing="Thank you for your patience.",
    reasons={
        "WEATHER": (" because of the weather", "weather"),
        "MECHANICAL": (" because the aircraft needs maintenance", "maintenance"),
        "CREW": (" because of crew availability", "crew"),
        "ATC": (" because of air traffic control", "air traffic control"),
        "SECURITY": (" for security reasons", "security"),
        "OTHER": (" for operational reasons", "operations"),
    },
    sms_delayed="{{first_name}}, flight {flight} is delayed {minutes} minutes{reason}.",
    sms_corrected="{{first_name}}, good news: flight {flight} is now delayed only {minutes} minutes.",
    sms_on_schedule="{{first_name}}, good news: flight {flight} is on schedule, delay {minutes} minutes.",
    sms_departs="New departure: {time}.",
    sms_patience="Thank you for waiting.",
)

SPANISH = Phrases(
    subject="Vuelo {flight} con retraso: nueva salida a las {time}",
    subject_correction="Buenas noticias: el vuelo {flight} sale a las {time}",
    greeting="Hola, {{first_name}}:",
    tones={"minor": "E", "major": "Lo sentimos: e", "severe": "Le pedimos sinceras disculpas: e"},
    delayed="l vuelo {flight} sale con {minutes} minutos de retraso{reason}.",
    corrected="Buenas noticias: el vuelo {flight} sale antes de lo anunciado, con {minutes} minutos de retraso.",
    on_schedule="Buenas noticias: el vuelo {flight} sale como estaba previsto, con {minutes} minutos de retraso.",
    departs="La nueva salida es a las {time}.",
    booking="Su número de confirmación es {{confirmation_number}} y su asiento es {{seat}}.",
    advice="Consulte las pantallas del aeropuerto y acuda a la puerta con tiempo.",
    thanks={
        "A-LIST": "Gracias por su fidelidad como miembro A-LIST.",
        "A-LIST PREFERRED": "Como miembro A-LIST PREFERRED, usted está entre nuestros clientes más fieles: gracias.",
    },
    closing="Gracias por su paciencia.",
    reasons={
        "WEATHER": (" debido al mal tiempo", "mal tiempo"),
        "MECHANICAL": (" debido al mantenimiento del avión", "mantenimiento"),
        "CREW": (" por motivos de tripulación", "personal de vuelo"),
        "ATC": (" debido al control del tráfico aéreo", "control de vuelo"),
        "SECURITY": (" por motivos de seguridad", "seguridad"),
        "OTHER": (" por motivos operativos", "motivos operativos"),
    },
    sms_delayed="{{first_name}}, el vuelo {flight} sale con {minutes} minutos de retraso{reason}.",
    sms_corrected="{{first_name}}, buenas noticias: el vuelo {flight} sale con solo {minutes} minutos de retraso.",
    sms_on_schedule="{{first_name}}, buenas noticias: vuelo {flight} como previsto, {minutes} minutos de retraso.",
    sms_departs="Nueva salida: {time}.",
    sms_patience="Gracias por su paciencia.",
)

FRENCH = Phrases(
    subject="Vol {flight} retardé : nouveau départ à {time}",
    subject_correction="Bonne nouvelle : le vol {flight} part à {time}",
    greeting="Bonjour {{first_name}},",
    tones={"minor": "L", "major": "Nous sommes désolés : l", "severe": "Nous vous présentons nos excuses : l"},
    delayed="e vol {flight} part avec {minutes} minutes de retard{reason}.",
    corrected="Bonne nouvelle : le vol {flight} part plus tôt qu'annoncé, avec {minutes} minutes de retard.",
    on_schedule="Bonne nouvelle : le vol {flight} part comme prévu, avec {minutes} minutes de retard.",
    departs="Le nouveau départ est à {time}.",
    booking="Votre numéro de confirmation est {{confirmation_number}} et votre siège est {{seat}}.",
    advice="Merci de consulter les écrans de l'aéroport et de vous présenter à la porte à temps.",
    thanks={
        "A-LIST": "Merci de votre fidélité comme membre A-LIST.",
        "A-LIST PREFERRED": "Membre A-LIST PREFERRED, vous êtes parmi nos clients les plus fidèles : merci.",
    },
    closing="Merci de votre patience.",
    reasons={
        "WEATHER": (" en raison de la météo", "météo"),
        "MECHANICAL": (" en raison de la maintenance de l'avion", "maintenance"),
        "CREW": (" pour des raisons d'équipage", "personnel de vol"),
        "ATC": (" en raison du contrôle aérien", "trafic aérien"),
        "SECURITY": (" pour des raisons de sécurité", "sécurité"),
        "OTHER": (" pour des raisons opérationnelles", "exploitation"),
    },
    sms_delayed="{{first_name}}, le vol {flight} a {minutes} minutes de retard{reason}.",
    sms_corrected="{{first_name}}, bonne nouvelle : le vol {flight} n'a plus que {minutes} minutes de retard.",
    sms_on_schedule="{{first_name}}, bonne nouvelle : vol {flight} comme prévu, {minutes} minutes de retard.",
    sms_departs="Nouveau départ : {time}.",
    sms_patience="Merci de votre patience.",
)

GERMAN = Phrases(
    subject="Flug {flight} verspätet: neuer Abflug um {time}",
    subject_correction="Gute Nachricht: Flug {flight} startet um {time}",
    greeting="Guten Tag {{first_name}},",
    tones={"minor": "", "major": "es tut uns leid: ", "severe": "wir bitten aufrichtig um Entschuldigung: "},
    delayed="Flug {flight} startet mit {minutes} Minuten Verspätung{reason}.",
    corrected="gute Nachricht: Flug {flight} startet früher als zuletzt gemeldet, mit {minutes} Minuten Verspätung.",
    on_schedule="gute Nachricht: Flug {flight} startet wieder nach Plan, mit {minutes} Minuten Verspätung.",
    departs="Die neue Abflugzeit ist {time}.",
    booking="Ihre Buchungsnummer ist {{confirmation_number}}, Ihr Sitzplatz ist {{seat}}.",
    advice="Bitte achten Sie auf die Anzeigen am Flughafen und seien Sie rechtzeitig am Gate.",
    thanks={
        "A-LIST": "Danke für Ihre Treue als A-LIST Mitglied.",
        "A-LIST PREFERRED": "Als A-LIST PREFERRED Mitglied gehören Sie zu unseren treuesten Gästen: danke.",
    },
    closing="Danke für Ihre Geduld.",
    reasons={
        "WEATHER": (" wegen des Wetters", "Wetter"),
        "MECHANICAL": (" wegen der Wartung des Flugzeugs", "Wartung"),
        "CREW": (" wegen der Verfügbarkeit der Crew", "Crew"),
        "ATC": (" wegen der Flugsicherung", "Flugsicherung"),
        "SECURITY": (" aus Sicherheitsgründen", "Sicherheit"),
        "OTHER": (" aus betrieblichen Gründen", "Betriebsablauf"),
    },
    sms_delayed="{{first_name}}, Flug {flight} hat {minutes} Minuten Verspätung{reason}.",
    sms_corrected="{{first_name}}, gute Nachricht: Flug {flight} hat nur noch {minutes} Minuten Verspätung.",
    sms_on_schedule="{{first_name}}, gute Nachricht: Flug {flight} nach Plan, {minutes} Minuten Verspätung.",
    sms_departs="Neuer Abflug: {time}.",
    sms_patience="Danke für Ihre Geduld.",
)

LANGUAGES: dict[str, Phrases] = {"en": ENGLISH, "es": SPANISH, "fr": FRENCH, "de": GERMAN}
