//! The labels of the block of facts, and the sentences around it.

use crate::passenger::Language;

/// What is appended in one language.
pub(super) struct Labels {
    /// What stands after a label.
    pub(super) colon: &'static str,
    pub(super) flight: &'static str,
    pub(super) departure: &'static str,
    pub(super) arrival: &'static str,
    pub(super) new_departure: &'static str,
    pub(super) new_arrival: &'static str,
    pub(super) planned: &'static str,
    pub(super) delay: &'static str,
    pub(super) status: &'static str,
    pub(super) cancelled: &'static str,
    pub(super) operates: &'static str,
    pub(super) gate: &'static str,
    pub(super) new_gate: &'static str,
    /// `{}` is the gate.
    pub(super) before: &'static str,
    /// `{}` is the airport.
    pub(super) local_time: &'static str,
    pub(super) confirmation: &'static str,
    pub(super) seat: &'static str,
    /// The rebooking link follows.
    pub(super) rebooking_sentence: &'static str,
    /// Short: it shares one text message with the link and the prose.
    pub(super) rebooking_sms: &'static str,
}

impl Labels {
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &EN,
            Language::Es => &ES,
            Language::Fr => &FR,
            Language::De => &DE,
        }
    }
}

const EN: Labels = Labels {
    colon: ":",
    flight: "Flight",
    departure: "Departure",
    arrival: "Arrival",
    new_departure: "New departure",
    new_arrival: "New arrival",
    planned: "Scheduled departure",
    delay: "Delay",
    status: "Status",
    cancelled: "cancelled",
    operates: "operates",
    gate: "Gate",
    new_gate: "New gate",
    before: "before: {}",
    local_time: "local time at {}",
    confirmation: "Confirmation number",
    seat: "Seat",
    rebooking_sentence: "Choose another flight or see your other options here:",
    rebooking_sms: "Rebook",
};

const ES: Labels = Labels {
    colon: ":",
    flight: "Vuelo",
    departure: "Salida",
    arrival: "Llegada",
    new_departure: "Nueva salida",
    new_arrival: "Nueva llegada",
    planned: "Salida prevista",
    delay: "Retraso",
    status: "Estado",
    cancelled: "cancelado",
    operates: "opera",
    gate: "Puerta",
    new_gate: "Nueva puerta",
    before: "antes: {}",
    local_time: "hora local en {}",
    confirmation: "Número de confirmación",
    seat: "Asiento",
    rebooking_sentence: "Elija otro vuelo o consulte sus demás opciones aquí:",
    rebooking_sms: "Otro vuelo",
};

const FR: Labels = Labels {
    colon: " :",
    flight: "Vol",
    departure: "Départ",
    arrival: "Arrivée",
    new_departure: "Nouveau départ",
    new_arrival: "Nouvelle arrivée",
    planned: "Départ prévu",
    delay: "Retard",
    status: "Statut",
    cancelled: "annulé",
    operates: "maintenu",
    gate: "Porte",
    new_gate: "Nouvelle porte",
    before: "avant : {}",
    local_time: "heure locale à {}",
    confirmation: "Numéro de confirmation",
    seat: "Siège",
    rebooking_sentence: "Choisissez un autre vol ou consultez vos autres options ici :",
    rebooking_sms: "Autre vol",
};

const DE: Labels = Labels {
    colon: ":",
    flight: "Flug",
    departure: "Abflug",
    arrival: "Ankunft",
    new_departure: "Neuer Abflug",
    new_arrival: "Neue Ankunft",
    planned: "Geplanter Abflug",
    delay: "Verspätung",
    status: "Status",
    cancelled: "gestrichen",
    operates: "findet statt",
    gate: "Gate",
    new_gate: "Neues Gate",
    before: "vorher: {}",
    local_time: "Ortszeit {}",
    confirmation: "Buchungsnummer",
    seat: "Sitzplatz",
    rebooking_sentence: "Wählen Sie hier einen anderen Flug oder sehen Sie Ihre weiteren Möglichkeiten:",
    rebooking_sms: "Umbuchen",
};
