use super::*;
use crate::facet::FacetVersion;
use crate::ids::{EventId, FlightId};
use crate::inbound::RebookingPriority;
use rstest::rstest;

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

/// A notice about SW5678 from Denver to Phoenix.
pub(crate) fn about(nature: Nature, subject: Subject) -> Notice {
    Notice {
        flight_id: FlightId::new("SW5678").unwrap(),
        origin: "DEN".into(),
        destination: "PHX".into(),
        facet: subject.facet(),
        version: FacetVersion::new(at("2026-11-22T09:00:00Z"), EventId::new("e1").unwrap()),
        nature,
        resend_id: None,
        subject,
    }
}

/// A delay of so many minutes; the departure is at 3:40 PM in Denver.
pub(crate) fn delay(delay_minutes: u32, reason: Reason) -> Subject {
    Subject::Delay {
        category: DelayCategory::of(delay_minutes),
        delay_minutes,
        reason,
        new_departure: at("2026-11-22T22:40:00Z"),
        new_arrival: at("2026-11-23T00:35:00Z"),
    }
}

/// A cancellation of the departure at 2:10 PM.
pub(crate) fn cancellation(reason: Reason) -> Subject {
    Subject::Cancellation {
        reason,
        rebooking_priority: RebookingPriority::High,
        scheduled_departure: at("2026-11-22T21:10:00Z"),
    }
}

/// A change from gate A5 to gate D15.
pub(crate) fn gate_change(terminal_change: bool) -> Subject {
    Subject::GateChange {
        old_gate: Some("A5".into()),
        new_gate: "D15".into(),
        terminal_change,
        departure: at("2026-11-22T21:10:00Z"),
    }
}

/// A reinstatement, so many minutes late, at a gate.
pub(crate) fn reinstatement(delay_minutes: u32, gate: Option<&str>) -> Subject {
    Subject::Reinstatement {
        delay_minutes,
        departure: at("2026-11-22T22:40:00Z"),
        arrival: at("2026-11-23T00:35:00Z"),
        gate: gate.map(str::to_owned),
        as_of: Vec::new(),
    }
}

/// SW5678 from Denver to Phoenix, 90 minutes late.
pub(crate) fn notice() -> Notice {
    about(Nature::News, delay(90, Reason::Mechanical))
}

fn value(subject: Subject, language: Language, placeholder: &str) -> Option<String> {
    Facts::of(&about(Nature::News, subject), language).value(placeholder)
}

#[rstest]
#[case(Language::En, "3:40 PM", "90 minutes", "DEN to PHX")]
#[case(Language::Es, "15:40", "90 minutos", "DEN a PHX")]
#[case(Language::Fr, "15:40", "90 minutes", "DEN à PHX")]
#[case(Language::De, "15:40 Uhr", "90 Minuten", "DEN nach PHX")]
fn facts_are_in_the_readers_words_on_the_airports_clock(
    #[case] language: Language,
    #[case] departure: &str,
    #[case] late: &str,
    #[case] route: &str,
) {
    let facts = Facts::of(&notice(), language);
    assert_eq!(facts.value(DEPARTURE).as_deref(), Some(departure));
    assert_eq!(facts.value(DELAY).as_deref(), Some(late));
    assert_eq!(facts.value(ROUTE).as_deref(), Some(route));
}

#[rstest]
#[case(Language::En, "3:40 PM on Sunday, November 22")]
#[case(Language::Es, "15:40 del domingo 22 de noviembre")]
#[case(Language::Fr, "15:40 le dimanche 22 novembre")]
#[case(Language::De, "15:40 Uhr am Sonntag, 22. November")]
fn a_departure_on_another_day_than_planned_says_its_day(
    #[case] language: Language,
    #[case] said: &str,
) {
    assert_eq!(value(delay(1_530, Reason::Crew), language, DEPARTURE).as_deref(), Some(said));
    assert_eq!(value(reinstatement(1_530, None), language, DEPARTURE).as_deref(), Some(said));
}

#[rstest]
#[case(1, "1 minute")]
#[case(90, "90 minutes")]
#[case(119, "119 minutes")]
#[case(120, "2 h")]
#[case(125, "2 h 5 min")]
fn a_delay_is_said_in_hours_from_two_hours_on(#[case] minutes: u32, #[case] said: &str) {
    assert_eq!(duration(minutes, Language::En), said);
}

#[test]
fn a_fact_that_the_news_does_not_have_has_no_placeholder() {
    assert_eq!(value(delay(0, Reason::Other), Language::En, DELAY), None);
    assert_eq!(value(reinstatement(0, None), Language::En, GATE), None);
    assert_eq!(value(cancellation(Reason::Crew), Language::En, DEPARTURE), None);
    let facts = Facts::of(&about(Nature::News, delay(0, Reason::Other)), Language::En);
    assert!(facts.placeholders().iter().all(|(name, _)| *name != DELAY));
}

#[test]
fn every_offered_placeholder_of_a_fact_has_a_value() {
    for subject in [
        delay(90, Reason::Crew),
        delay(0, Reason::Crew),
        cancellation(Reason::Atc),
        gate_change(true),
        reinstatement(30, Some("B2")),
        reinstatement(0, None),
    ] {
        let facts = Facts::of(&about(Nature::News, subject), Language::Fr);
        for (name, _) in facts.placeholders().into_iter().filter(|(name, _)| *name != FIRST_NAME) {
            assert!(facts.value(name).is_some(), "{name} of {facts:?}");
        }
    }
}

#[rstest]
#[case("D15", Some("D15"))]
#[case("12", Some("12"))]
#[case("T2 A-4", Some("T2 A-4"))]
#[case(" D15 ", Some("D15"))]
#[case("B\n4", None)]
#[case("http://x", None)]
#[case("{{seat}}", None)]
#[case("☃", None)]
fn only_a_gate_goes_in_as_a_gate(#[case] gate: &str, #[case] shown: Option<&str>) {
    assert_eq!(gate_name(gate).as_deref(), shown);
}

#[rstest]
#[case("DEN", "DEN to PHX")]
#[case("{{first_name}}", "? to PHX")]
#[case("example.com", "? to PHX")]
#[case("DÉN", "? to PHX")]
#[case("", "? to PHX")]
fn what_is_no_airports_code_is_in_no_text(#[case] origin: &str, #[case] route: &str) {
    let facts = Facts::of(&Notice { origin: origin.into(), ..notice() }, Language::En);
    assert_eq!(facts.route(), route);
    let texts = crate::message::template_texts(
        &Notice { origin: origin.into(), ..notice() },
        crate::cohort::Cohort { tier: crate::passenger::Tier::Member, language: Language::En },
    );
    let unfilled = texts.email_body.replace("{{first_name}}", "");
    assert!(unfilled.contains(route) && !unfilled.contains("example.com"), "{unfilled}");
}
