//! French, with "vous".

use super::{Message, Sentences};

pub(super) const SENTENCES: Sentences = Sentences {
    greeting: "Bonjour {{first_name}},",
    delay: [
        Message {
            subject: "Vol {{flight}} retardé : départ à {{departure}}",
            news: "Votre vol {{flight}} de {{route}} a un retard de {{delay}}{because}. Il part \
                   désormais à {{departure}}.",
            sms: "{{first_name}}, le vol {{flight}} a un retard de {{delay}}. Nouveau départ : \
                  {{departure}}.",
        },
        Message {
            subject: "Vol {{flight}} retardé : départ à {{departure}}",
            news: "Nous sommes désolés : votre vol {{flight}} de {{route}} a un retard de \
                   {{delay}}{because}. Il part désormais à {{departure}}.",
            sms: "{{first_name}}, nous sommes désolés : le vol {{flight}} a un retard de \
                  {{delay}}. Nouveau départ : {{departure}}.",
        },
        Message {
            subject: "Vol {{flight}} retardé : départ à {{departure}}",
            news: "Nous vous présentons nos sincères excuses : votre vol {{flight}} de {{route}} a \
                   un retard de {{delay}}{because}. Il part désormais à {{departure}}. Nous savons \
                   à quel point cela perturbe vos projets.",
            sms: "{{first_name}}, toutes nos excuses : le vol {{flight}} a un retard de {{delay}}. \
                  Nouveau départ : {{departure}}.",
        },
    ],
    shorter_delay: Message {
        subject: "Retard réduit du vol {{flight}} : départ à {{departure}}",
        news: "Bonne nouvelle : votre vol {{flight}} de {{route}} part plus tôt qu'annoncé \
               précédemment. Le retard est maintenant de {{delay}} et le vol part à \
               {{departure}}.",
        sms: "{{first_name}}, bonne nouvelle : le retard du vol {{flight}} est maintenant de \
              {{delay}}. Nouveau départ : {{departure}}.",
    },
    on_schedule: Message {
        subject: "Vol {{flight}} comme prévu : départ à {{departure}}",
        news: "Votre vol {{flight}} de {{route}} est assuré comme prévu et part à {{departure}}.",
        sms: "{{first_name}}, le vol {{flight}} est assuré comme prévu et part à {{departure}}.",
    },
    good_news: "Bonne nouvelle :",
    cancellation: Message {
        subject: "Vol {{flight}} annulé",
        news: "Nous sommes vraiment désolés : votre vol {{flight}} de {{route}} du {{date}} est \
               annulé{because}. Nous vous prions de nous excuser pour ce que cela change à vos \
               projets.",
        sms: "{{first_name}}, nous sommes désolés : votre vol {{flight}} est annulé.",
    },
    gate: Message {
        subject: "Nouvelle porte du vol {{flight}} : {{new_gate}}",
        news: "La porte de votre vol {{flight}} de {{route}} a changé : il part désormais de la \
               porte {{new_gate}} à {{departure}}.",
        sms: "{{first_name}}, le vol {{flight}} part désormais de la porte {{new_gate}} à \
              {{departure}}.",
    },
    gate_in_another_terminal: Message {
        subject: "Urgent : le vol {{flight}} part d'un autre terminal, porte {{new_gate}}",
        news: "Important : votre vol {{flight}} de {{route}} part désormais de la porte \
               {{new_gate}}, située dans un autre terminal, à {{departure}}.",
        sms: "{{first_name}}, le vol {{flight}} part de la porte {{new_gate}}, dans un autre \
              terminal, à {{departure}}. Allez-y maintenant.",
    },
    reinstatement: Message {
        subject: "Le vol {{flight}} est maintenu : départ à {{departure}}",
        news: "Votre vol {{flight}} de {{route}} est finalement maintenu et part à {{departure}}.",
        sms: "{{first_name}}, le vol {{flight}} est finalement maintenu et part à {{departure}}.",
    },
    reinstatement_gate: "La porte est {{gate}}.",
    correction: "Correction :",
    disregard: "Veuillez ignorer notre message précédent : il était erroné et nous vous prions de \
                nous en excuser.",
    retracted_cancellation_sms: "{{first_name}}, vol {{flight}} annulé. Ignorez notre message \
                                 précédent.",
    retracted_sms: "Ignorez notre message précédent.",
    because: [
        " en raison de la météo",
        " car l'avion nécessite une opération de maintenance",
        " en raison de la disponibilité de l'équipage",
        " en raison du contrôle aérien",
        " pour des raisons de sécurité",
        "",
    ],
    advice_delay: [
        "Veuillez consulter les écrans de l'aéroport et être à votre porte à l'avance.",
        "Veuillez consulter les écrans de l'aéroport et être à votre porte suffisamment à l'avance \
         pour le nouveau départ.",
        "Veuillez consulter les écrans de l'aéroport. Si vous avez une correspondance, ou si le \
         nouveau départ est trop tardif pour vous, adressez-vous à notre personnel à l'aéroport.",
    ],
    advice_on_schedule: "Veuillez être à votre porte suffisamment à l'avance.",
    advice_cancellation: "Veuillez choisir un autre vol qui vous convient, comme indiqué \
                          ci-dessous. Notre personnel à l'aéroport peut vous y aider.",
    advice_gate: "Veuillez vous rendre à la nouvelle porte suffisamment à l'avance et consulter \
                  les écrans de l'aéroport.",
    advice_terminal: "Veuillez vous y rendre maintenant et prévoir plus de temps pour le trajet.",
    advice_reinstatement: "Veuillez venir à l'aéroport suffisamment à l'avance. Si vous avez déjà \
                           choisi un autre vol, dites à notre personnel lequel vous préférez \
                           prendre.",
    thanks: [
        "Merci de votre fidélité en tant que membre A-LIST PREFERRED.",
        "Merci de votre fidélité en tant que membre A-LIST.",
        "Merci de voyager avec nous.",
    ],
};
