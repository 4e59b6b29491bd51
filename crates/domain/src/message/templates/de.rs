//! German, with "Sie".

use super::{Message, Sentences};

pub(super) const SENTENCES: Sentences = Sentences {
    greeting: "Guten Tag {{first_name}},",
    delay: [
        Message {
            subject: "Flug {{flight}} verspätet: Abflug um {{departure}}",
            news: "Ihr Flug {{flight}} von {{route}} hat {because}eine Verspätung von {{delay}}. \
                   Er startet jetzt um {{departure}}.",
            sms: "{{first_name}}, Flug {{flight}} hat eine Verspätung von {{delay}}. Neuer Abflug: \
                  {{departure}}.",
        },
        Message {
            subject: "Flug {{flight}} verspätet: Abflug um {{departure}}",
            news: "Es tut uns leid: Ihr Flug {{flight}} von {{route}} hat {because}eine \
                   Verspätung von {{delay}}. Er startet jetzt um {{departure}}.",
            sms: "{{first_name}}, es tut uns leid: Flug {{flight}} hat eine Verspätung von \
                  {{delay}}. Neuer Abflug: {{departure}}.",
        },
        Message {
            subject: "Flug {{flight}} verspätet: Abflug um {{departure}}",
            news: "Wir bitten aufrichtig um Entschuldigung: Ihr Flug {{flight}} von {{route}} hat \
                   {because}eine Verspätung von {{delay}}. Er startet jetzt um {{departure}}. \
                   Wir wissen, wie sehr dies Ihre Pläne durcheinanderbringt.",
            sms: "{{first_name}}, wir bitten um Entschuldigung: Flug {{flight}} hat eine \
                  Verspätung von {{delay}}. Neuer Abflug: {{departure}}.",
        },
    ],
    shorter_delay: Message {
        subject: "Kürzere Verspätung von Flug {{flight}}: Abflug um {{departure}}",
        news: "Gute Nachricht: Ihr Flug {{flight}} von {{route}} startet früher als zuletzt \
               mitgeteilt. Die Verspätung beträgt jetzt {{delay}}, der Abflug ist um \
               {{departure}}.",
        sms: "{{first_name}}, gute Nachricht: Die Verspätung von Flug {{flight}} beträgt jetzt \
              {{delay}}. Neuer Abflug: {{departure}}.",
    },
    on_schedule: Message {
        subject: "Flug {{flight}} planmäßig: Abflug um {{departure}}",
        news: "Ihr Flug {{flight}} von {{route}} findet planmäßig statt und startet um \
               {{departure}}.",
        sms: "{{first_name}}, Flug {{flight}} findet planmäßig statt und startet um \
              {{departure}}.",
    },
    good_news: "Gute Nachricht:",
    cancellation: Message {
        subject: "Flug {{flight}} ist gestrichen",
        news: "Es tut uns sehr leid: Ihr Flug {{flight}} von {{route}} am {{date}} ist \
               {because}gestrichen. Wir bitten um Entschuldigung für die Folgen für Ihre Pläne.",
        sms: "{{first_name}}, es tut uns leid: Ihr Flug {{flight}} ist gestrichen.",
    },
    gate: Message {
        subject: "Neues Gate für Flug {{flight}}: {{new_gate}}",
        news: "Das Gate Ihres Fluges {{flight}} von {{route}} hat sich geändert: Er startet jetzt \
               von Gate {{new_gate}} um {{departure}}.",
        sms: "{{first_name}}, Flug {{flight}} startet jetzt von Gate {{new_gate}} um \
              {{departure}}.",
    },
    gate_in_another_terminal: Message {
        subject: "Dringend: Flug {{flight}} startet in einem anderen Terminal, Gate {{new_gate}}",
        news: "Wichtig: Ihr Flug {{flight}} von {{route}} startet jetzt von Gate {{new_gate}} in \
               einem anderen Terminal, und zwar um {{departure}}.",
        sms: "{{first_name}}, Flug {{flight}} startet jetzt von Gate {{new_gate}} in einem anderen \
              Terminal um {{departure}}. Bitte jetzt hingehen.",
    },
    reinstatement: Message {
        subject: "Flug {{flight}} findet statt: Abflug um {{departure}}",
        news: "Ihr Flug {{flight}} von {{route}} findet doch statt und startet um {{departure}}.",
        sms: "{{first_name}}, Flug {{flight}} findet doch statt und startet um {{departure}}.",
    },
    reinstatement_gate: "Das Gate ist {{gate}}.",
    correction: "Korrektur:",
    disregard: "Bitte ignorieren Sie unsere frühere Nachricht: Sie war falsch, und wir bitten um \
                Entschuldigung.",
    retracted_cancellation_sms: "{{first_name}}, Flug {{flight}} gestrichen. Bitte ignorieren Sie \
                                 die frühere SMS.",
    retracted_sms: "Frühere SMS bitte ignorieren.",
    because: [
        "wegen des Wetters ",
        "wegen einer Wartung des Flugzeugs ",
        "wegen der Verfügbarkeit der Besatzung ",
        "wegen der Flugsicherung ",
        "aus Sicherheitsgründen ",
        "",
    ],
    advice_delay: [
        "Bitte achten Sie auf die Anzeigen am Flughafen und seien Sie rechtzeitig am Gate.",
        "Bitte achten Sie auf die Anzeigen am Flughafen und seien Sie rechtzeitig zum neuen Abflug \
         am Gate.",
        "Bitte achten Sie auf die Anzeigen am Flughafen. Wenn Sie einen Anschlussflug haben oder \
         der neue Abflug zu spät für Sie ist, sprechen Sie bitte mit unserem Personal am \
         Flughafen.",
    ],
    advice_on_schedule: "Bitte seien Sie rechtzeitig am Gate.",
    advice_cancellation: "Bitte wählen Sie einen anderen Flug, der Ihnen passt, wie unten \
                          beschrieben. Unser Personal am Flughafen hilft Ihnen gern dabei.",
    advice_gate: "Bitte gehen Sie rechtzeitig zum neuen Gate und achten Sie auf die Anzeigen am \
                  Flughafen.",
    advice_terminal: "Bitte gehen Sie jetzt dorthin und planen Sie mehr Zeit für den Weg ein.",
    advice_reinstatement: "Bitte kommen Sie rechtzeitig zum Flughafen. Wenn Sie schon einen \
                           anderen Flug gewählt haben, sprechen Sie bitte mit unserem Personal \
                           darüber, welchen Sie nehmen möchten.",
    thanks: [
        "Vielen Dank für Ihre Treue als A-LIST PREFERRED Mitglied.",
        "Vielen Dank für Ihre Treue als A-LIST Mitglied.",
        "Vielen Dank, dass Sie mit uns fliegen.",
    ],
};
