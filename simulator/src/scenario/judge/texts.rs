//! Checks of what passengers read.

use super::Check;
use super::clock::{self, clock_times};
use super::people::{expectation, name};
use super::words::{folded, has_word, links};
use crate::scenario::expectations::{Expectations, Rule, Words};
use crate::scenario::observation::{Line, Observation};
use flightpulse_domain::message::Author;
use flightpulse_domain::message::gsm7::{SINGLE_SMS_SEPTETS, septets, transliterate};
use flightpulse_domain::notification::Channel;

/// What a passenger reads: subject and text.
fn read(line: &Line) -> String {
    let told = &line.notification;
    [told.subject.as_deref(), Some(&told.text)].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

impl Rule {
    /// Whether it is for this line.
    fn is_for(&self, line: &Line) -> bool {
        let told = &line.notification;
        self.channel.is_none_or(|channel| channel == told.channel)
            && self.language.as_ref().is_none_or(|language| *language == told.language)
            && (!self.in_subject || told.channel == Channel::Email)
    }

    /// Which of the words that must be there are not.
    fn missing(&self, line: &Line) -> Vec<String> {
        let told = &line.notification;
        let subject = told.subject.as_deref().unwrap_or_default();
        let text = if self.in_subject { subject } else { &told.text };
        let text = folded(text, told.channel);
        let is_there = |words: &&Words| {
            words.any().iter().any(|word| has_word(&text, &folded(word, told.channel)))
        };
        let missing = self.must_contain.iter().filter(|words| !is_there(words));
        let place = if self.in_subject { " in its subject" } else { "" };
        missing
            .map(|words| format!("{} does not say {}{place}", name(line), words.any().join(" or ")))
            .collect()
    }

    /// Which of the words that must not be there are.
    fn forbidden(&self, line: &Line) -> Vec<String> {
        let channel = line.notification.channel;
        let text = folded(&read(line), channel);
        let there =
            self.must_not_contain.iter().filter(|word| text.contains(&folded(word, channel)));
        there.map(|word| format!("{} says {word}", name(line))).collect()
    }
}

fn rules<'a>(expected: &'a Expectations, line: &'a Line) -> impl Iterator<Item = &'a Rule> {
    expected.texts.rules.iter().filter(|rule| rule.is_for(line))
}

pub(super) fn state_the_facts(expected: &Expectations, observed: &Observation) -> Check {
    let mut wrong = Vec::new();
    for line in &observed.seen.notifications {
        let told = &line.notification;
        wrong.extend(rules(expected, line).flat_map(|rule| rule.missing(line)));
        let Some(times) = expected.texts.clock_times.get(&told.language) else {
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
    Check::new("each text states the facts", &wrong, facts(expected))
}

// What an English reader is told, for the verdict's reader.
fn facts(expected: &Expectations) -> String {
    let texts = &expected.texts;
    let english = |rule: &&Rule| {
        !rule.in_subject && rule.language.as_deref().is_none_or(|language| language == "en")
    };
    let words = texts.rules.iter().filter(english).flat_map(|rule| &rule.must_contain);
    let words = words.filter_map(|words| words.any().first()).map(String::as_str);
    let times = texts.clock_times.get("en").into_iter().flat_map(|times| &times.must);
    words.chain(times.map(String::as_str)).collect::<Vec<_>>().join(", ")
}

pub(super) fn state_nothing_else(expected: &Expectations, observed: &Observation) -> Check {
    let texts = &expected.texts;
    let mut wrong = Vec::new();
    for line in &observed.seen.notifications {
        let said = read(line);
        wrong.extend(rules(expected, line).flat_map(|rule| rule.forbidden(line)));
        let allowed: Vec<_> = texts
            .clock_times
            .get(&line.notification.language)
            .into_iter()
            .flat_map(|times| times.must.iter().chain(&times.may))
            .flat_map(|time| clock_times(time))
            .collect();
        let other = clock_times(&said).into_iter().filter(|time| !allowed.contains(time));
        wrong.extend(other.map(|time| format!("{} says the time {time}", name(line))));
        let gates = clock::gates(&said).into_iter().filter(|gate| !texts.gates.contains(gate));
        wrong.extend(gates.map(|gate| format!("{} says gate {gate}", name(line))));
        let others =
            links(&said).into_iter().filter(|link| !texts.links.iter().any(|one| one == link));
        wrong.extend(others.map(|link| format!("{} has the link {link}", name(line))));
    }
    Check::new(
        "no text states anything else",
        &wrong,
        "no other flight, time, gate or link, no placeholder",
    )
}

pub(super) fn are_personal(expected: &Expectations, observed: &Observation) -> Check {
    let mut wrong = Vec::new();
    for line in &observed.seen.notifications {
        let Some(one) = expectation(expected, line) else {
            continue;
        };
        let channel = line.notification.channel;
        for what in expected.texts.personal.get(&channel).into_iter().flatten() {
            let word = match channel {
                Channel::Email => one.own(*what).to_owned(),
                Channel::Sms => transliterate(one.own(*what)),
            };
            if !has_word(&line.notification.text, &word) {
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
        "the reader's name, and in emails what is on the booking",
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
