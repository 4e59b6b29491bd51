//! Spanish, with "usted".

use super::{Message, Sentences};

pub(super) const SENTENCES: Sentences = Sentences {
    greeting: "Hola, {{first_name}}:",
    delay: [
        Message {
            subject: "Vuelo {{flight}} con retraso: salida a las {{departure}}",
            news: "Su vuelo {{flight}} de {{route}} tiene un retraso de {{delay}}{because}. Ahora \
                   sale a las {{departure}}.",
            sms: "{{first_name}}, el vuelo {{flight}} tiene un retraso de {{delay}}. Nueva salida: \
                  {{departure}}.",
        },
        Message {
            subject: "Vuelo {{flight}} con retraso: salida a las {{departure}}",
            news: "Lo sentimos: su vuelo {{flight}} de {{route}} tiene un retraso de \
                   {{delay}}{because}. Ahora sale a las {{departure}}.",
            sms: "{{first_name}}, lo sentimos: el vuelo {{flight}} tiene un retraso de {{delay}}. \
                  Nueva salida: {{departure}}.",
        },
        Message {
            subject: "Vuelo {{flight}} con retraso: salida a las {{departure}}",
            news: "Le pedimos sinceras disculpas: su vuelo {{flight}} de {{route}} tiene un \
                   retraso de {{delay}}{because}. Ahora sale a las {{departure}}. Sabemos cuánto \
                   afecta esto a sus planes.",
            sms: "{{first_name}}, le pedimos disculpas: el vuelo {{flight}} tiene un retraso de \
                  {{delay}}. Nueva salida: {{departure}}.",
        },
    ],
    shorter_delay: Message {
        subject: "Menor retraso del vuelo {{flight}}: salida a las {{departure}}",
        news: "Buenas noticias: su vuelo {{flight}} de {{route}} sale antes de lo que le \
               comunicamos. El retraso es ahora de {{delay}} y el vuelo sale a las {{departure}}.",
        sms: "{{first_name}}, buenas noticias: el retraso del vuelo {{flight}} es ahora de \
              {{delay}}. Nueva salida: {{departure}}.",
    },
    on_schedule: Message {
        subject: "Vuelo {{flight}} según lo previsto: salida a las {{departure}}",
        news: "Su vuelo {{flight}} de {{route}} opera según lo previsto y sale a las \
               {{departure}}.",
        sms: "{{first_name}}, el vuelo {{flight}} opera según lo previsto y sale a las \
              {{departure}}.",
    },
    good_news: "Buenas noticias:",
    cancellation: Message {
        subject: "Vuelo {{flight}} cancelado",
        news: "Lo sentimos mucho: su vuelo {{flight}} de {{route}} del {{date}} ha sido \
               cancelado{because}. Le pedimos disculpas por el trastorno que le causamos.",
        sms: "{{first_name}}, lo sentimos: su vuelo {{flight}} ha sido cancelado.",
    },
    gate: Message {
        subject: "Nueva puerta del vuelo {{flight}}: {{new_gate}}",
        news: "La puerta de su vuelo {{flight}} de {{route}} ha cambiado: ahora sale por la puerta \
               {{new_gate}} a las {{departure}}.",
        sms: "{{first_name}}, el vuelo {{flight}} sale ahora por la puerta {{new_gate}} a las \
              {{departure}}.",
    },
    gate_in_another_terminal: Message {
        subject: "Urgente: el vuelo {{flight}} sale de otra terminal, puerta {{new_gate}}",
        news: "Importante: su vuelo {{flight}} de {{route}} sale ahora por la puerta {{new_gate}}, \
               que está en otra terminal, a las {{departure}}.",
        sms: "{{first_name}}, el vuelo {{flight}} sale ahora por la puerta {{new_gate}}, en otra \
              terminal, a las {{departure}}. Vaya ya.",
    },
    reinstatement: Message {
        subject: "El vuelo {{flight}} opera: salida a las {{departure}}",
        news: "Su vuelo {{flight}} de {{route}} finalmente opera y sale a las {{departure}}.",
        sms: "{{first_name}}, el vuelo {{flight}} finalmente opera y sale a las {{departure}}.",
    },
    reinstatement_gate: "La puerta es la {{gate}}.",
    correction: "Corrección:",
    disregard: "Ignore, por favor, nuestro mensaje anterior: era erróneo y le pedimos disculpas.",
    retracted_cancellation_sms: "{{first_name}}, vuelo {{flight}} cancelado. Ignore nuestro \
                                 mensaje anterior.",
    retracted_sms: "Ignore el mensaje anterior.",
    because: [
        " debido al tiempo",
        " porque el avión necesita mantenimiento",
        " por falta de disponibilidad de la tripulación",
        " debido al control de tráfico aéreo",
        " por motivos de seguridad",
        "",
    ],
    advice_delay: [
        "Consulte las pantallas del aeropuerto y acuda a su puerta con tiempo.",
        "Consulte las pantallas del aeropuerto y acuda a su puerta con tiempo para la nueva \
         salida.",
        "Consulte las pantallas del aeropuerto. Si tiene un vuelo de conexión, o si la nueva \
         salida es demasiado tarde para usted, hable con nuestro personal en el aeropuerto.",
    ],
    advice_on_schedule: "Acuda a su puerta con tiempo.",
    advice_cancellation: "Elija el vuelo que más le convenga, como se indica más abajo. Nuestro \
                          personal en el aeropuerto puede ayudarle.",
    advice_gate: "Acuda con tiempo a la nueva puerta y consulte las pantallas del aeropuerto.",
    advice_terminal: "Diríjase allí ahora y cuente con tiempo adicional para el camino.",
    advice_reinstatement: "Acuda al aeropuerto con tiempo. Si ya ha elegido otro vuelo, hable con \
                           nuestro personal sobre cuál prefiere tomar.",
    thanks: [
        "Gracias por su fidelidad como miembro A-LIST PREFERRED.",
        "Gracias por su fidelidad como miembro A-LIST.",
        "Gracias por volar con nosotros.",
    ],
};
