use super::*;
use crate::cohort::Cohort;
use crate::message::check::check_for;
use crate::message::facts::tests::{about, cancellation, delay, gate_change, reinstatement};
use crate::message::gsm7::{septets, transliterate};
use crate::message::template_texts;
use crate::notice::{Notice, Subject};

fn subjects() -> Vec<Subject> {
    let mut subjects = Vec::new();
    for reason in Reason::ALL {
        subjects.push(cancellation(reason));
        for minutes in [0, 1, 29, 30, 119, 120, 121, 1_530, 2_880] {
            subjects.push(delay(minutes, reason));
        }
    }
    subjects.extend([gate_change(true), gate_change(false)]);
    for minutes in [0, 35, 1_530] {
        subjects.extend([reinstatement(minutes, None), reinstatement(minutes, Some("T2 A-45"))]);
    }
    subjects
}

// The templates are held to the rules that the model's texts are held to, in every combination.
#[test]
fn every_template_passes_the_check() {
    for nature in [Nature::News, Nature::Improvement, Nature::Retraction] {
        for subject in subjects() {
            for language in Language::ALL {
                let facts = Facts::of(&about(nature, subject.clone()), language);
                for tier in Tier::ALL {
                    let draft = draft(&facts, tier);
                    assert_eq!(check_for(&facts, tier, &draft), Ok(()), "{draft:#?}");
                }
            }
        }
    }
}

// The longest names of a Wednesday in September, an airport that is not known, a long gate.
fn worst(nature: Nature, mut subject: Subject) -> Notice {
    let late = "2026-09-24T11:40:00Z".parse().unwrap();
    match &mut subject {
        Subject::Delay { new_departure, .. } => *new_departure = late,
        Subject::Cancellation { scheduled_departure, .. } => *scheduled_departure = late,
        Subject::GateChange { new_gate, departure, .. } => {
            (*new_gate, *departure) = ("T2 A-45B".into(), late);
        }
        Subject::Reinstatement { departure, .. } => *departure = late,
    }
    let mut notice = about(nature, subject);
    notice.origin = "???".into();
    notice
}

#[test]
fn every_text_message_fits_one_in_the_worst_case() {
    for nature in [Nature::News, Nature::Improvement, Nature::Retraction] {
        for subject in subjects() {
            for language in Language::ALL {
                let notice = worst(nature, subject.clone());
                let texts = template_texts(&notice, Cohort { tier: Tier::Member, language });
                let text = texts
                    .sms
                    .replace("{{first_name}}", &"x".repeat(20))
                    .replace("{{rebooking_link}}", &"x".repeat(60));
                let count = septets(&transliterate(&text)).unwrap();
                assert!(count <= 160, "{count}: {text}");
            }
        }
    }
}
