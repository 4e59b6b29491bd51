//! The committed texts, used when the model's is refused, late or missing. In English; a reader
//! of another language gets them too rather than nothing.

use super::Texts;
use super::facts::Facts;
use crate::delay::{DelayCategory, Reason};
use crate::passenger::Tier;

/// The template's texts for these facts, for a reader of this tier. The facts must be in English.
#[must_use]
pub fn delay(facts: &Facts, tier: Tier) -> Texts {
    let Facts { flight, origin, destination, delay_minutes, .. } = facts;
    let (time, date, arrives) =
        (&facts.new_departure_time, &facts.new_departure_date, &facts.new_arrival_time);
    let opening = if facts.correction && *delay_minutes == 0 {
        format!("Good news: flight {flight} from {origin} to {destination} is back on schedule.")
    } else if facts.correction {
        format!(
            "Good news: flight {flight} from {origin} to {destination} leaves earlier than we \
             last told you, {delay_minutes} minutes behind schedule."
        )
    } else {
        let sorry = match facts.category {
            DelayCategory::Minor => "",
            DelayCategory::Major => "We are sorry: ",
            DelayCategory::Severe => "We sincerely apologize: ",
        };
        let flight =
            if sorry.is_empty() { format!("Flight {flight}") } else { format!("flight {flight}") };
        let why = because(facts.reason);
        format!(
            "{sorry}{flight} from {origin} to {destination} is delayed by {delay_minutes} minutes{why}."
        )
    };
    let thanks = match tier {
        Tier::AListPreferred => "\n\nThank you for being an A-LIST PREFERRED member.",
        Tier::AList => "\n\nThank you for being an A-LIST member.",
        Tier::Member => "",
    };
    let verb = if *delay_minutes == 0 { "back on schedule" } else { "delayed" };
    Texts {
        email_subject: format!("Flight {flight} is {verb}: departure at {time}"),
        email_body: format!(
            "Dear {{{{first_name}}}},\n\n{opening}\n\nDeparture: {time}, {date} (local time at \
             {origin}).\nArrival: {arrives} (local time at {destination}).\nConfirmation: \
             {{{{confirmation_number}}}}. Seat: {{{{seat}}}}.\n\nPlease watch the airport displays \
             and be at your gate in good time.{thanks}"
        ),
        sms: format!(
            "{{{{first_name}}}}, flight {flight} is {verb}{}. It leaves {origin} at {time}, {date}.",
            if *delay_minutes == 0 { String::new() } else { format!(" {delay_minutes} minutes") }
        ),
    }
}

fn because(reason: Reason) -> &'static str {
    match reason {
        Reason::Weather => " because of the weather",
        Reason::Mechanical => " because the aircraft needs maintenance",
        Reason::Crew => " because of crew availability",
        Reason::Atc => " because of air traffic control",
        Reason::Security => " for security reasons",
        Reason::Other => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::check::{check, fits_one_sms};
    use crate::message::facts::tests::notice;
    use crate::notice::Subject;
    use crate::passenger::Language;
    use rstest::rstest;

    fn facts(minutes: u32, correction: bool) -> Facts {
        let mut notice = notice();
        notice.correction = correction;
        let Subject::Delay { category, delay_minutes, .. } = &mut notice.subject;
        *delay_minutes = minutes;
        *category = DelayCategory::of(minutes);
        Facts::of(&notice, Language::En)
    }

    // The templates are held to the rules that the model's texts are held to.
    #[rstest]
    fn every_template_passes_the_check(
        #[values(1, 29, 30, 120, 121, 2880)] minutes: u32,
        #[values(true, false)] correction: bool,
        #[values(Tier::AListPreferred, Tier::AList, Tier::Member)] tier: Tier,
    ) {
        let facts = facts(minutes, correction);
        let texts = delay(&facts, tier);
        assert_eq!(check(&facts, &texts), Ok(()), "{texts:#?}");
        assert!(fits_one_sms(&texts.sms), "{}", texts.sms);
    }

    #[test]
    fn the_template_of_a_major_delay_reads_like_this() {
        let texts = delay(&facts(90, false), Tier::AListPreferred);
        insta::assert_snapshot!(format!(
            "{}\n---\n{}\n---\n{}",
            texts.email_subject, texts.email_body, texts.sms
        ));
    }

    #[test]
    fn back_on_schedule_reads_like_this() {
        let texts = delay(&facts(0, true), Tier::Member);
        insta::assert_snapshot!(format!(
            "{}\n---\n{}\n---\n{}",
            texts.email_subject, texts.email_body, texts.sms
        ));
    }
}
