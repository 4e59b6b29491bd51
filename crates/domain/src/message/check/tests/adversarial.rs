//! Outputs of a model gone wrong: each is a good text with one defect.

use super::corpus::{Ask, good};
use crate::message::Draft;
use crate::message::check::{Breach, Theme, check_for};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
struct Adversarial {
    name: String,
    class: String,
    /// The good text that it was made of.
    derived_from: String,
    ask: Ask,
    texts: Draft,
}

fn corpus() -> Vec<Adversarial> {
    serde_json::from_str(include_str!("../../../../testdata/adversarial.json")).unwrap()
}

// The rules that a class is meant for, so that a text is not refused by accident only.
fn is_of_class(class: &str, breach: &Breach) -> bool {
    let theme = match breach {
        Breach::Foreign { theme, .. } => Some(*theme),
        _ => None,
    };
    let is_one_of = |themes: &[Theme]| theme.is_some_and(|theme| themes.contains(&theme));
    match class {
        "time_12h" | "time_24h" => is_one_of(&[Theme::Number]),
        "foreign_flight" => {
            is_one_of(&[Theme::Number]) || matches!(breach, Breach::Placeholder { .. })
        }
        "number_word" => is_one_of(&[Theme::Number, Theme::Time]),
        "wrong_language" | "mixed_language" => is_one_of(&[Theme::Language]),
        "compensation" | "care_promise" | "rebooking_promise" => is_one_of(&[Theme::Promise]),
        "instruction" => is_one_of(&[Theme::Contact]),
        "phone" => is_one_of(&[Theme::Contact, Theme::Number]),
        // Hidden in look-alikes, or spelt out letter by letter.
        "link" => is_one_of(&[Theme::Contact, Theme::Character, Theme::Name]),
        "long_sms" => matches!(breach, Breach::SmsTooLong(_) | Breach::Length { .. }),
        "placeholder" => matches!(breach, Breach::Placeholder { .. }),
        // "Boarding closes at …", "earlier than …" are another news' words as well.
        "wrong_role" => is_one_of(&[Theme::Role, Theme::OtherNews, Theme::Nature]),
        "negation" => is_one_of(&[Theme::Negation]),
        "other_news" => is_one_of(&[Theme::OtherNews]) || matches!(breach, Breach::Missing { .. }),
        "wrong_nature" => is_one_of(&[Theme::Nature]) || matches!(breach, Breach::Missing { .. }),
        "invented_reason" => is_one_of(&[Theme::Reason]),
        "place" => is_one_of(&[Theme::Name]),
        "foreign_gate" => is_one_of(&[Theme::Name, Theme::Number]),
        "day" => is_one_of(&[Theme::Time, Theme::Number]),
        "injection" | "hostile" => is_one_of(&[Theme::Hostile]),
        "characters" => is_one_of(&[Theme::Character]),
        "blame" => is_one_of(&[Theme::Blame]),
        "empty" => matches!(breach, Breach::Length { .. }),
        "markup" => is_one_of(&[Theme::Character, Theme::Contact]),
        "tier" => is_one_of(&[Theme::Tier]),
        class => panic!("no class {class}"),
    }
}

#[test]
fn every_adversarial_text_is_refused_by_its_own_rule() {
    let corpus = corpus();
    assert!(corpus.len() >= 240);
    let (mut classes, mut passed, mut by_accident) = (BTreeMap::new(), vec![], vec![]);
    for text in &corpus {
        let killed: &mut (usize, usize) = classes.entry(text.class.as_str()).or_default();
        killed.1 += 1;
        match check_for(&text.ask.facts(), text.ask.tier, &text.texts) {
            Ok(()) => passed.push(&text.name),
            Err(breach) => {
                killed.0 += 1;
                if !is_of_class(&text.class, &breach) {
                    by_accident.push(format!("{}: {breach:?}", text.name));
                }
            }
        }
    }
    for (class, (killed, all)) in classes {
        println!("{class:18} {killed:3} of {all:3} refused");
    }
    assert!(by_accident.is_empty(), "by another rule:\n{}", by_accident.join("\n"));
    assert!(passed.is_empty(), "passed: {passed:?}");
}

// One defect each: what a text was made of is a text that passes, and it differs from that in one
// part, or in what was asked, or is wholly another text (in the wrong language).
#[test]
fn every_adversarial_text_was_a_good_one() {
    let good: BTreeMap<_, _> = good().into_iter().map(|text| (text.name.clone(), text)).collect();
    for text in corpus() {
        let base = &good[&text.derived_from];
        let parts = [
            base.texts.email_subject != text.texts.email_subject,
            base.texts.email_body != text.texts.email_body,
            base.texts.sms != text.texts.sms,
        ];
        let changed = parts.into_iter().filter(|changed| *changed).count();
        let one_defect = match text.class.as_str() {
            "wrong_language" => changed >= 1,
            _ if text.ask != base.ask => changed == 0,
            _ => changed == 1,
        };
        assert!(one_defect, "{}", text.name);
    }
}
