//! Checks of what passengers read.

use super::Check;
use super::clock::{self, clock_times};
use super::people::{expectation, name};
use crate::scenario::expectations::Expectations;
use crate::scenario::observation::{Line, Observation};
use flightpulse_domain::message::Author;
use flightpulse_domain::message::gsm7::{SINGLE_SMS_SEPTETS, septets, transliterate};
use flightpulse_domain::notification::Channel;

/// What a passenger reads: subject and text.
fn read(line: &Line) -> String {
    let told = &line.notification;
    [told.subject.as_deref(), Some(&told.text)].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// The language in which a line's times are written: templates are in English.
fn language(line: &Line) -> &str {
    match line.notification.author {
        Author::Model => &line.notification.language,
        Author::Template => "en",
    }
}

pub(super) fn state_the_facts(expected: &Expectations, observed: &Observation) -> Check {
    let mut wrong = Vec::new();
    for line in &observed.seen.notifications {
        let told = &line.notification;
        for word in &expected.texts.must_contain {
            if !clock::has_word(&told.text, word) {
                wrong.push(format!("{} does not say {word}", name(line)));
            }
        }
        let Some(times) = expected.texts.clock_times.get(language(line)) else {
            wrong.push(format!("{} is in the language {:?}", name(line), told.language));
            continue;
        };
        let stated = clock_times(&told.text);
        for time in &times.must {
            if !clock_times(time).iter().all(|time| stated.contains(time)) {
                wrong.push(format!("{} does not say {time}", name(line)));
            }
        }
    }
    let facts = expected.texts.must_contain.join(", ");
    Check::new(
        "each text states the facts",
        &wrong,
        format!("{facts}, the new departure on the local clock"),
    )
}

pub(super) fn state_nothing_else(expected: &Expectations, observed: &Observation) -> Check {
    let texts = &expected.texts;
    let mut wrong = Vec::new();
    for line in &observed.seen.notifications {
        let said = read(line);
        let forbidden = texts.must_not_contain.iter().filter(|word| said.contains(word.as_str()));
        wrong.extend(forbidden.map(|word| format!("{} says {word}", name(line))));
        let allowed: Vec<_> = texts
            .clock_times
            .get(language(line))
            .into_iter()
            .flat_map(|times| times.must.iter().chain(&times.may))
            .flat_map(|time| clock_times(time))
            .collect();
        let other = clock_times(&said).into_iter().filter(|time| !allowed.contains(time));
        wrong.extend(other.map(|time| format!("{} says the time {time}", name(line))));
        let gates = clock::gates(&said).into_iter().filter(|gate| !texts.gates.contains(gate));
        wrong.extend(gates.map(|gate| format!("{} says gate {gate}", name(line))));
    }
    Check::new(
        "no text states anything else",
        &wrong,
        "no other flight, time or gate, no placeholder",
    )
}

pub(super) fn are_personal(expected: &Expectations, observed: &Observation) -> Check {
    let mut wrong = Vec::new();
    for line in &observed.seen.notifications {
        let Some(one) = expectation(expected, line) else {
            continue;
        };
        let text = &line.notification.text;
        let needed = match line.notification.channel {
            Channel::Email => vec![&one.first_name, &one.seat, &one.confirmation_number],
            Channel::Sms => vec![&one.first_name],
        };
        for word in needed {
            let word = match line.notification.channel {
                Channel::Email => word.clone(),
                Channel::Sms => transliterate(word),
            };
            if !clock::has_word(text, &word) {
                wrong.push(format!("{} does not say {word}", name(line)));
            }
        }
        let others = expected.notifications.iter().map(|other| &other.confirmation_number);
        for other in others.filter(|number| **number != one.confirmation_number) {
            if read(line).contains(other.as_str()) {
                wrong.push(format!("{} says {other}, another's confirmation number", name(line)));
            }
        }
    }
    Check::new(
        "each text is its reader's own",
        &wrong,
        "name, and in emails seat and confirmation number",
    )
}

pub(super) fn fit_one_sms(observed: &Observation) -> Check {
    let mut longest = 0;
    let mut wrong = Vec::new();
    let texts = observed.seen.notifications.iter();
    for line in texts.filter(|line| line.notification.channel == Channel::Sms) {
        match septets(&line.notification.text) {
            Some(count) if count <= SINGLE_SMS_SEPTETS => longest = longest.max(count),
            Some(count) => wrong.push(format!("{} takes {count} septets", name(line))),
            None => wrong.push(format!("{} has a character outside GSM-7", name(line))),
        }
    }
    let found = format!("{longest} septets of {SINGLE_SMS_SEPTETS} at most");
    Check::new("each SMS is one message", &wrong, found)
}

pub(super) fn written_by_the_model(expected: &Expectations, observed: &Observation) -> Check {
    let lines = &observed.seen.notifications;
    let by_model = lines.iter().filter(|line| line.notification.author == Author::Model).count();
    let count = lines.len();
    let enough = count > 0 && by_model as f64 >= expected.min_model_share * count as f64;
    let found = format!("{by_model} of {count}, {}", least(expected.min_model_share));
    let wrong = (!enough).then(|| found.clone());
    Check::new("most texts are the model's", wrong.as_slice(), found)
}

fn least(share: f64) -> String {
    format!("at least {:.0} %", share * 100.0)
}
