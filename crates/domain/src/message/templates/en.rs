//! English.

use super::{Message, Sentences};

pub(super) const SENTENCES: Sentences = Sentences {
    greeting: "Dear {{first_name}},",
    delay: [
        Message {
            subject: "Flight {{flight}} is delayed: departure at {{departure}}",
            news: "Your flight {{flight}} from {{route}} is delayed by {{delay}}{because}. It now \
                   departs at {{departure}}.",
            sms: "{{first_name}}, flight {{flight}} is delayed by {{delay}}. New departure: \
                  {{departure}}.",
        },
        Message {
            subject: "Flight {{flight}} is delayed: departure at {{departure}}",
            news: "We are sorry: your flight {{flight}} from {{route}} is delayed by \
                   {{delay}}{because}. It now departs at {{departure}}.",
            sms: "{{first_name}}, we are sorry: flight {{flight}} is delayed by {{delay}}. New \
                  departure: {{departure}}.",
        },
        Message {
            subject: "Flight {{flight}} is delayed: departure at {{departure}}",
            news: "We sincerely apologize: your flight {{flight}} from {{route}} is delayed by \
                   {{delay}}{because}. It now departs at {{departure}}. We know how much this \
                   upsets your plans.",
            sms: "{{first_name}}, we apologize: flight {{flight}} is delayed by {{delay}}. New \
                  departure: {{departure}}.",
        },
    ],
    shorter_delay: Message {
        subject: "Shorter delay of flight {{flight}}: departure at {{departure}}",
        news: "Good news: your flight {{flight}} from {{route}} leaves earlier than we last told \
               you. The delay is now {{delay}}, and the flight departs at {{departure}}.",
        sms: "{{first_name}}, good news: the delay of flight {{flight}} is now {{delay}}. New \
              departure: {{departure}}.",
    },
    on_schedule: Message {
        subject: "Flight {{flight}} is on schedule: departure at {{departure}}",
        news: "Your flight {{flight}} from {{route}} is on schedule and departs at {{departure}}.",
        sms: "{{first_name}}, flight {{flight}} is on schedule and departs at {{departure}}.",
    },
    good_news: "Good news:",
    cancellation: Message {
        subject: "Flight {{flight}} is cancelled",
        news: "We are very sorry: your flight {{flight}} from {{route}} on {{date}} is \
               cancelled{because}. We apologize for what this does to your plans.",
        sms: "{{first_name}}, we are sorry: your flight {{flight}} is cancelled.",
    },
    gate: Message {
        subject: "New gate for flight {{flight}}: {{new_gate}}",
        news: "The gate of your flight {{flight}} from {{route}} has changed: it now departs from \
               gate {{new_gate}} at {{departure}}.",
        sms: "{{first_name}}, flight {{flight}} now departs from gate {{new_gate}} at \
              {{departure}}.",
    },
    gate_in_another_terminal: Message {
        subject: "Urgent: flight {{flight}} leaves from another terminal, gate {{new_gate}}",
        news: "Important: your flight {{flight}} from {{route}} now departs from gate \
               {{new_gate}}, which is in another terminal, at {{departure}}.",
        sms: "{{first_name}}, flight {{flight}} now departs from gate {{new_gate}} in another \
              terminal at {{departure}}. Please go there now.",
    },
    reinstatement: Message {
        subject: "Flight {{flight}} operates: departure at {{departure}}",
        news: "Your flight {{flight}} from {{route}} operates after all and departs at \
               {{departure}}.",
        sms: "{{first_name}}, flight {{flight}} operates after all and departs at {{departure}}.",
    },
    reinstatement_gate: "The gate is {{gate}}.",
    correction: "Correction:",
    disregard: "Please disregard our earlier message: it was wrong, and we apologize.",
    retracted_cancellation_sms: "{{first_name}}, flight {{flight}} is cancelled. Disregard our \
                                 earlier message.",
    retracted_sms: "Ignore our earlier message.",
    because: [
        " because of the weather",
        " because the aircraft needs maintenance",
        " because of crew availability",
        " because of air traffic control",
        " for security reasons",
        "",
    ],
    advice_delay: [
        "Please watch the airport displays and be at your gate in good time.",
        "Please watch the airport displays, and be at your gate in good time for the new \
         departure.",
        "Please watch the airport displays. If you have a connecting flight, or if the new \
         departure is too late for you, please speak to our staff at the airport.",
    ],
    advice_on_schedule: "Please be at your gate in good time.",
    advice_cancellation: "Please choose another flight that suits you, as described below. Our \
                          staff at the airport can help you with it.",
    advice_gate: "Please go to the new gate in good time, and watch the airport displays.",
    advice_terminal: "Please go there now and allow extra time for the way.",
    advice_reinstatement: "Please come to the airport in good time. If you have already chosen \
                           another flight, please speak to our staff about which you would like \
                           to take.",
    thanks: [
        "Thank you for your loyalty as an A-LIST PREFERRED member.",
        "Thank you for your loyalty as an A-LIST member.",
        "Thank you for flying with us.",
    ],
};
