//! From prose to texts: the facts filled in, and after the prose what every passenger must find
//! whatever the prose says.

mod labels;

use super::facts::{DEPARTURE, Facts, Moment, News, duration};
use super::fill::fill;
use super::gsm7::SINGLE_SMS_SEPTETS;
use super::render::septets_at_worst;
use super::{Draft, Texts, rights, special_requests};
use crate::passenger::Language;
use labels::Labels;

/// The texts of a draft: facts filled in, the block of facts and the template sentences appended.
/// The draft is one that [`super::check`] let pass.
#[must_use]
pub fn compose(draft: &Draft, facts: &Facts) -> Texts {
    let labels = Labels::of(facts.language);
    let mut email = vec![filled(&draft.email_body, facts), block(facts, labels)];
    email.push(special_requests::placeholder(facts.task()));
    if let News::Cancellation { .. } = facts.news {
        email.push(format!("{} {{{{rebooking_link}}}}", labels.rebooking_sentence));
    }
    email.extend(rights::notice(facts));
    Texts {
        email_subject: filled(&draft.email_subject, facts),
        email_body: email.join("\n\n"),
        sms: composed_sms(&draft.sms, facts),
    }
}

/// The text message of a draft, as [`compose`] makes it. A cancellation's has the rebooking link;
/// the link's label gives way to prose that says itself what to do.
pub(super) fn composed_sms(prose: &str, facts: &Facts) -> String {
    let prose = filled(prose, facts);
    let News::Cancellation { .. } = facts.news else {
        return prose;
    };
    let label = Labels::of(facts.language).rebooking_sms;
    let labelled = format!("{prose} {label}: {{{{rebooking_link}}}}");
    match septets_at_worst(&labelled) {
        Some(count) if count <= SINGLE_SMS_SEPTETS => labelled,
        _ => format!("{prose} {{{{rebooking_link}}}}"),
    }
}

fn filled(prose: &str, facts: &Facts) -> String {
    let prose = without_doubled_unit(prose.trim(), facts.language);
    fill(&prose, |placeholder| facts.value(placeholder))
}

/// The text without a unit that the departure brings itself ("um {{departure}} Uhr").
pub(super) fn without_doubled_unit(text: &str, language: Language) -> String {
    match language {
        Language::De => text.replace(&format!("{DEPARTURE} Uhr"), DEPARTURE),
        Language::Es => text
            .replace(&format!("{DEPARTURE} horas"), DEPARTURE)
            .replace(&format!("{DEPARTURE} hrs"), DEPARTURE),
        Language::En | Language::Fr => text.to_owned(),
    }
}

// The facts, one a line, so that they are found at a glance and stand whatever the prose says.
fn block(facts: &Facts, labels: &Labels) -> String {
    let (origin, destination) = (&facts.origin, &facts.destination);
    let at = |label: &str, moment: &Moment, airport: &str| {
        let local = labels.local_time.replace("{}", airport);
        format!("{label}{} {}, {} ({local})", labels.colon, moment.time, moment.date)
    };
    let line = |label: &str, value: &str| format!("{label}{} {value}", labels.colon);
    let mut lines = vec![line(labels.flight, &format!("{}, {}", facts.flight, facts.route()))];
    let mut seat = true;
    match &facts.news {
        News::Delay { minutes, planned, departure, arrival, .. } if *minutes > 0 => lines.extend([
            at(labels.new_departure, departure, origin),
            at(labels.new_arrival, arrival, destination),
            at(labels.planned, planned, origin),
            line(labels.delay, &duration(*minutes, facts.language)),
        ]),
        News::Delay { departure, arrival, .. } => lines.extend([
            at(labels.departure, departure, origin),
            at(labels.arrival, arrival, destination),
        ]),
        News::Cancellation { planned, .. } => {
            seat = false;
            lines.push(at(labels.planned, planned, origin));
            lines.push(line(labels.status, labels.cancelled));
        }
        News::GateChange { old_gate, new_gate, departure, .. } => {
            let before = old_gate.as_ref().filter(|old| *old != new_gate);
            let before = before.map(|old| format!(" ({})", labels.before.replace("{}", old)));
            lines.push(line(labels.new_gate, &(new_gate.clone() + &before.unwrap_or_default())));
            lines.push(at(labels.departure, departure, origin));
        }
        News::Reinstatement { minutes, planned, departure, arrival, gate } => {
            lines.push(line(labels.status, labels.operates));
            lines.push(at(labels.departure, departure, origin));
            lines.push(at(labels.arrival, arrival, destination));
            if *minutes > 0 {
                lines.push(at(labels.planned, planned, origin));
                lines.push(line(labels.delay, &duration(*minutes, facts.language)));
            }
            lines.extend(gate.as_ref().map(|gate| line(labels.gate, gate)));
        }
    }
    lines.push(line(labels.confirmation, "{{confirmation_number}}"));
    // Of a flight that does not operate there is no seat to be had.
    if seat {
        lines.push(line(labels.seat, "{{seat}}"));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests;
