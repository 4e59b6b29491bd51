use super::*;
use crate::cohort::Cohort;
use crate::delay::Reason;
use crate::message::facts::tests::{about, cancellation, delay, gate_change, reinstatement};
use crate::message::template_texts;
use crate::notice::{Nature, Subject};
use crate::passenger::Tier;

fn shown(nature: Nature, subject: Subject, language: Language, tier: Tier) -> String {
    let texts = template_texts(&about(nature, subject), Cohort { tier, language });
    format!("{}\n---\n{}\n---\n{}", texts.email_subject, texts.email_body, texts.sms)
}

#[test]
fn a_delay_reads_like_this() {
    let said = Language::ALL.map(|language| {
        shown(Nature::News, delay(90, Reason::Mechanical), language, Tier::AListPreferred)
    });
    insta::assert_snapshot!(said.join("\n\n=====\n\n"));
}

#[test]
fn a_severe_delay_and_a_shorter_one_and_back_on_schedule_read_like_this() {
    let cases = [
        (Nature::News, 1_530),
        (Nature::Improvement, 20),
        (Nature::Improvement, 0),
        (Nature::Retraction, 0),
        (Nature::Retraction, 45),
    ];
    let said = Language::ALL.map(|language| {
        cases
            .map(|(nature, minutes)| {
                shown(nature, delay(minutes, Reason::Crew), language, Tier::Member)
            })
            .join("\n\n=====\n\n")
    });
    insta::assert_snapshot!(said.join("\n\n=====\n\n"));
}

#[test]
fn a_cancellation_reads_like_this() {
    let said = Language::ALL
        .map(|language| shown(Nature::News, cancellation(Reason::Weather), language, Tier::AList));
    insta::assert_snapshot!(said.join("\n\n=====\n\n"));
}

#[test]
fn a_gate_change_reads_like_this() {
    let said = Language::ALL.map(|language| {
        [(Nature::News, false), (Nature::News, true), (Nature::Retraction, true)]
            .map(|(nature, terminal)| shown(nature, gate_change(terminal), language, Tier::Member))
            .join("\n\n=====\n\n")
    });
    insta::assert_snapshot!(said.join("\n\n=====\n\n"));
}

#[test]
fn a_reinstatement_reads_like_this() {
    let said = Language::ALL.map(|language| {
        let subject = reinstatement(35, Some("A5"));
        shown(Nature::Improvement, subject, language, Tier::AList)
    });
    insta::assert_snapshot!(said.join("\n\n=====\n\n"));
}

#[test]
fn a_unit_that_the_departure_brings_is_not_doubled() {
    let facts = Facts::of(&about(Nature::News, delay(90, Reason::Crew)), Language::De);
    let draft = Draft {
        email_subject: String::new(),
        email_body: "um {{departure}} Uhr".into(),
        sms: "um {{departure}}".into(),
    };
    let texts = compose(&draft, &facts);
    assert!(texts.email_body.starts_with("um 15:40 Uhr\n"), "{}", texts.email_body);
    assert_eq!(texts.sms, "um 15:40 Uhr");
}

#[test]
fn the_gate_before_is_said_when_it_was_another() {
    let gates = |old_gate: Option<&str>| {
        let subject = Subject::GateChange {
            old_gate: old_gate.map(str::to_owned),
            new_gate: "D15".into(),
            terminal_change: false,
            departure: "2026-11-22T21:10:00Z".parse().unwrap(),
        };
        shown(Nature::News, subject, Language::En, Tier::Member)
    };
    assert!(gates(Some("A5")).contains("New gate: D15 (before: A5)\n"));
    assert!(gates(None).contains("New gate: D15\n") && gates(Some("D15")).contains("gate: D15\n"));
}
