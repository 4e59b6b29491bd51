//! What a booking's special requests ask of their passenger after a piece of news.
//!
//! Requests are SSR codes (IATA Reservations Interline Message Procedures: four letters, as in
//! `WCHR`). Nobody has rearranged anything when the message goes out, so a sentence says what is
//! on the booking and whom to ask, and promises nothing. A code that is not known here has no
//! sentence: free text from outside goes into no message.

use crate::passenger::Language;

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    Wheelchair,
    Assistance,
    Medical,
    Minor,
    Infant,
    ServiceAnimal,
    Pet,
    Meal,
}

impl Need {
    fn of(code: &str) -> Option<Self> {
        Some(match code.trim().to_ascii_uppercase().as_str() {
            "WCHR" | "WCHS" | "WCHC" | "WCBD" | "WCBW" | "WCMP" | "WCLB" | "WCOB" => {
                Self::Wheelchair
            }
            "BLND" | "DEAF" | "DPNA" | "MAAS" => Self::Assistance,
            "MEDA" | "OXYG" | "STCR" | "PPOC" => Self::Medical,
            "UMNR" => Self::Minor,
            "INFT" | "BSCT" => Self::Infant,
            "SVAN" | "ESAN" => Self::ServiceAnimal,
            "PETC" | "AVIH" => Self::Pet,
            "AVML" | "BBML" | "BLML" | "CHML" | "DBML" | "FPML" | "GFML" | "HNML" | "KSML"
            | "LCML" | "LFML" | "LSML" | "MOML" | "NLML" | "RVML" | "SFML" | "SPML" | "VGML"
            | "VJML" | "VLML" | "VOML" => Self::Meal,
            _ => return None,
        })
    }

    // A wheelchair matters wherever the passenger has to be elsewhere or later than planned; a
    // meal or an animal only when there is to be another flight.
    fn matters_for(self, kind: Kind) -> bool {
        match kind {
            Kind::Cancellation => true,
            Kind::GateChange => matches!(self, Self::Wheelchair | Self::Assistance | Self::Medical),
            Kind::Delay | Kind::Reinstatement => {
                matches!(self, Self::Wheelchair | Self::Assistance | Self::Medical | Self::Minor)
            }
        }
    }

    fn name(self, language: Language) -> &'static str {
        let names = match self {
            Self::Wheelchair => [
                "wheelchair assistance",
                "asistencia con silla de ruedas",
                "une assistance en fauteuil roulant",
                "eine Rollstuhlbetreuung",
            ],
            Self::Assistance => [
                "assistance at the airport",
                "asistencia en el aeropuerto",
                "une assistance à l'aéroport",
                "eine Begleitung am Flughafen",
            ],
            Self::Medical => [
                "medical assistance",
                "asistencia médica",
                "une assistance médicale",
                "eine medizinische Betreuung",
            ],
            Self::Minor => [
                "assistance for a child traveling alone",
                "el acompañamiento de un menor que viaja solo",
                "l'accompagnement d'un enfant voyageant seul",
                "die Betreuung eines allein reisenden Kindes",
            ],
            Self::Infant => ["an infant", "un bebé", "un bébé", "ein Kleinkind"],
            Self::ServiceAnimal => [
                "a service animal",
                "un animal de asistencia",
                "un animal d'assistance",
                "ein Assistenztier",
            ],
            Self::Pet => ["a pet", "una mascota", "un animal de compagnie", "ein Haustier"],
            Self::Meal => {
                ["a special meal", "una comida especial", "un repas spécial", "ein Sondermenü"]
            }
        };
        names[language as usize]
    }
}

/// The kind of news, as the placeholder carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Delay,
    Cancellation,
    GateChange,
    Reinstatement,
}

/// The placeholder for the requests that matter after a task's news.
pub(super) fn placeholder(task: &str) -> String {
    format!("{{{{special_requests:{task}}}}}")
}

/// What the placeholder becomes for these requests; none when it is another placeholder, empty
/// when no request matters.
pub(super) fn value(placeholder: &str, requests: &[String], language: Language) -> Option<String> {
    let kind = match placeholder.strip_prefix("{{special_requests")?.strip_suffix("}}")? {
        ":delay" => Kind::Delay,
        "" | ":cancellation" => Kind::Cancellation,
        ":gate_change" => Kind::GateChange,
        ":reinstatement" => Kind::Reinstatement,
        _ => return None,
    };
    let mut needs: Vec<_> = requests
        .iter()
        .filter_map(|code| Need::of(code))
        .filter(|need| need.matters_for(kind))
        .collect();
    needs.sort_unstable();
    needs.dedup();
    if needs.is_empty() {
        return Some(String::new());
    }
    let names: Vec<_> = needs.into_iter().map(|need| need.name(language)).collect();
    let names = listed(&names, language);
    let what_to_do = what_to_do(kind, language);
    Some(match language {
        Language::En => format!("You have {names} on your booking: {what_to_do}"),
        Language::Es => format!("Su reserva incluye {names}: {what_to_do}"),
        Language::Fr => format!("Votre réservation comporte {names} : {what_to_do}"),
        Language::De => format!("Für Ihre Buchung ist vermerkt: {names}. {what_to_do}"),
    })
}

fn listed(names: &[&str], language: Language) -> String {
    let and = ["and", "y", "et", "und"][language as usize];
    match names {
        [all @ .., last] if !all.is_empty() => format!("{} {and} {last}", all.join(", ")),
        _ => names.concat(),
    }
}

fn what_to_do(kind: Kind, language: Language) -> &'static str {
    let sentences = match kind {
        Kind::Delay => [
            "please tell our staff at the airport if the new time changes what you need.",
            "avise a nuestro personal en el aeropuerto si la nueva hora cambia lo que necesita.",
            "prévenez notre personnel à l'aéroport si la nouvelle heure change vos besoins.",
            "Bitte sagen Sie unserem Personal am Flughafen, wenn die neue Zeit etwas daran ändert.",
        ],
        Kind::Cancellation => [
            "please mention it when you choose another flight.",
            "indíquelo cuando elija otro vuelo.",
            "mentionnez-le lorsque vous choisissez un autre vol.",
            "Bitte geben Sie dies bei der Wahl eines anderen Fluges an.",
        ],
        Kind::GateChange => [
            "please tell our staff at the new gate if nobody is waiting for you.",
            "avise a nuestro personal en la nueva puerta si nadie le espera.",
            "prévenez notre personnel à la nouvelle porte si personne ne vous attend.",
            "Bitte wenden Sie sich an unser Personal am neuen Gate, wenn dort niemand auf Sie wartet.",
        ],
        Kind::Reinstatement => [
            "please ask our staff at the airport whether it is still noted.",
            "pregunte a nuestro personal en el aeropuerto si sigue registrado.",
            "demandez à notre personnel à l'aéroport si c'est toujours bien noté.",
            "Bitte fragen Sie unser Personal am Flughafen, ob dies weiterhin vorgemerkt ist.",
        ],
    };
    sentences[language as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn said(task: &str, requests: &[&str], language: Language) -> String {
        let requests: Vec<_> = requests.iter().map(|code| (*code).to_owned()).collect();
        value(&placeholder(task), &requests, language).unwrap()
    }

    #[rstest]
    #[case("gate_change", &["VGML"])]
    #[case("gate_change", &["PETC"])]
    #[case("delay", &["INFT", "VGML"])]
    #[case("cancellation", &[])]
    #[case("cancellation", &["XXXX", "call 555", "wheelchair to evil.example"])]
    fn what_does_not_matter_or_is_not_known_is_not_said(
        #[case] task: &str,
        #[case] requests: &[&str],
    ) {
        assert_eq!(said(task, requests, Language::En), "");
    }

    #[test]
    fn the_sentences_read_like_this() {
        let mut all = Vec::new();
        for task in ["delay", "cancellation", "gate_change", "reinstatement"] {
            for language in Language::ALL {
                all.push(said(task, &["wchr", "WCHC"], language));
                all.push(said(task, &["VGML", "WCHR", "PETC", "UMNR"], language));
            }
        }
        insta::assert_snapshot!(all.join("\n"));
    }
}
