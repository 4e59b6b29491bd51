//! The fact check: whether a text may be sent in our name.
//!
//! A text is masked: every fact that it may state is taken out, wherever it stands as a whole
//! word. Then nothing may be left that states a fact of its own: no digit, no number as a word,
//! no link, no amount or promise, no other airport. And the facts that it must state must have
//! been there. A good text that is refused costs a template; a wrong one that passes costs a
//! passenger their flight, so what is in doubt is refused.

mod words;

use super::facts::Facts;
use super::gsm7::{SINGLE_SMS_SEPTETS, septets, transliterate};
use super::render::{MAX_SMS_NAME, MAX_SMS_PNR, MAX_SMS_SEAT};
use super::{PLACEHOLDERS, Texts};
use crate::airport;
use crate::passenger::Language;

/// Why a text is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Breach {
    /// A part is empty or longer than anyone would read.
    #[error("{part} has {length} characters; allowed are 1 to {max}")]
    Length {
        /// Which part.
        part: &'static str,
        /// How long it is, in characters.
        length: usize,
        /// How long it may be.
        max: usize,
    },
    /// The text message would not fit one message.
    #[error("the sms takes {0} septets with its placeholders filled in; one message holds 160")]
    SmsTooLong(usize),
    /// A placeholder is unknown, broken, or missing where it is needed.
    #[error("{part}: placeholder {what}")]
    Placeholder {
        /// Which part.
        part: &'static str,
        /// What is wrong with which.
        what: String,
    },
    /// A fact that must be stated is not.
    #[error("{part} does not state the {fact}")]
    FactMissing {
        /// Which part.
        part: &'static str,
        /// Which fact.
        fact: &'static str,
    },
    /// Something is stated that is no fact of this notice.
    #[error("{part} states {what}, which is no fact of this notice")]
    Foreign {
        /// Which part.
        part: &'static str,
        /// What it states.
        what: String,
    },
}

const MAX_SUBJECT: usize = 120;
const MAX_BODY: usize = 2_000;

/// Checks a cohort's texts against the facts.
///
/// # Errors
/// The first [`Breach`] found.
pub fn check(facts: &Facts, texts: &Texts) -> Result<(), Breach> {
    part(Part::Subject, &texts.email_subject, facts)?;
    part(Part::Email, &texts.email_body, facts)?;
    part(Part::Sms, &texts.sms, facts)?;
    // What is sent is what is left after transliteration, which may make a word of a sign.
    part(Part::Sms, &transliterate(&texts.sms), facts)?;
    for (name, text) in [("the email", &texts.email_body), ("the sms", &texts.sms)] {
        if !text.contains("{{first_name}}") {
            let what = "{{first_name}} is missing".to_owned();
            return Err(Breach::Placeholder { part: name, what });
        }
    }
    let count = worst_sms(&texts.sms);
    if count > SINGLE_SMS_SEPTETS { Err(Breach::SmsTooLong(count)) } else { Ok(()) }
}

/// Whether a text message fits one message whoever it is filled in for.
#[must_use]
pub fn fits_one_sms(text: &str) -> bool {
    worst_sms(text) <= SINGLE_SMS_SEPTETS
}

// The septets with every placeholder at its longest, as `render::sms` cuts it.
fn worst_sms(text: &str) -> usize {
    let filled = transliterate(text)
        .replace("{{first_name}}", &"x".repeat(MAX_SMS_NAME))
        .replace("{{seat}}", &"x".repeat(MAX_SMS_SEAT))
        .replace("{{confirmation_number}}", &"x".repeat(MAX_SMS_PNR));
    septets(&filled).unwrap_or(usize::MAX)
}

/// The parts of a text. Each has rules of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Subject,
    Email,
    Sms,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Subject => "the subject",
            Self::Email => "the email",
            Self::Sms => "the sms",
        }
    }
}

fn part(part: Part, text: &str, facts: &Facts) -> Result<(), Breach> {
    let name = part.name();
    let max = if part == Part::Subject { MAX_SUBJECT } else { MAX_BODY };
    let length = text.chars().count();
    if text.trim().is_empty() || length > max {
        return Err(Breach::Length { part: name, length, max });
    }
    let foreign = |what: String| Breach::Foreign { part: name, what };
    let mut rest = text.to_owned();
    for placeholder in PLACEHOLDERS {
        rest = rest.replace(placeholder, " ");
    }
    if rest.contains(['{', '}']) {
        let what = "is unknown or broken".to_owned();
        return Err(Breach::Placeholder { part: name, what });
    }
    if let Some(c) = rest.chars().find(|c| !is_plain(*c, part)) {
        return Err(foreign(format!("the character {c:?}")));
    }
    if let Some(what) = misplaced(&rest, facts, part) {
        return Err(foreign(what));
    }
    for (fact, forms, needed) in stated_forms(facts, part) {
        let (masked, found) = mask(&rest, &forms);
        if part != Part::Subject && needed && !found {
            return Err(Breach::FactMissing { part: name, fact });
        }
        rest = masked;
    }
    match leftover(&rest, facts) {
        Some(what) => Err(foreign(what)),
        None => Ok(()),
    }
}

// Letters and the punctuation of prose. Everything else is refused: signs that are words
// (emoji, squared letters), invisible characters, look-alikes of a full stop in a host's name.
fn is_plain(c: char, part: Part) -> bool {
    const PUNCTUATION: &str = " .,;:!?¡¿'\"()-–—…«»„“”‘’\u{a0}\u{202f}";
    c.is_ascii_alphanumeric()
        || c.is_alphabetic() && ('À'..='ſ').contains(&c)
        || PUNCTUATION.contains(c)
        || c == '\n' && part != Part::Subject
}

// Right facts in the wrong role: the arrival told as the departure, the way turned round.
fn misplaced(text: &str, facts: &Facts, part: Part) -> Option<String> {
    let first = |forms: &[String]| forms.iter().filter_map(|form| text.find(form.as_str())).min();
    let departs = first(&time_forms(&facts.new_departure_time, facts.language));
    let arrives = first(&time_forms(&facts.new_arrival_time, facts.language));
    if facts.new_arrival_time != facts.new_departure_time
        && arrives.is_some_and(|arrives| {
            part != Part::Email || departs.is_none_or(|departs| arrives < departs)
        })
    {
        return Some("the arrival before the departure".to_owned());
    }
    match (text.find(&facts.origin), text.find(&facts.destination)) {
        (Some(from), Some(to)) if to < from => Some("the way back".to_owned()),
        _ => None,
    }
}

type Fact = (&'static str, Vec<String>, bool);

// The forms in which each fact may be stated, and whether it must be. The longer forms come
// first, so that a date is gone before its day could be taken for a number.
fn stated_forms(facts: &Facts, part: Part) -> Vec<Fact> {
    let date_needed = facts.new_departure_is_on_another_day && part != Part::Subject;
    vec![
        ("date", vec![facts.new_departure_date.clone()], date_needed),
        ("flight", vec![facts.flight.clone()], true),
        ("new departure time", time_forms(&facts.new_departure_time, facts.language), true),
        ("new arrival time", time_forms(&facts.new_arrival_time, facts.language), false),
        ("delay", delay_forms(facts), facts.delay_minutes > 0),
    ]
}

fn time_forms(time: &str, language: Language) -> Vec<String> {
    match language {
        Language::En => {
            let half =
                if time.contains("AM") { ["AM", "a.m.", "am"] } else { ["PM", "p.m.", "pm"] };
            let plain = time.replace("AM", "PM");
            let mut forms: Vec<_> = half.iter().map(|half| plain.replace("PM", half)).collect();
            forms.push(forms[0].replacen(' ', "", 1));
            forms.push(forms[2].replacen(' ', "", 1));
            forms
        }
        Language::Es => vec![format!("{time} h"), format!("{time} horas"), time.to_owned()],
        Language::Fr => {
            vec![time.to_owned(), time.replacen(':', " h ", 1), time.replacen(':', "h", 1)]
        }
        Language::De => vec![format!("{time} Uhr"), time.to_owned()],
    }
}

fn delay_forms(facts: &Facts) -> Vec<String> {
    let minutes = facts.delay_minutes;
    let units: &[&str] = match facts.language {
        Language::En => &["minutes", "minute", "min"],
        Language::Es => &["minutos", "minuto", "min"],
        Language::Fr => &["minutes", "minute", "min"],
        Language::De => &["Minuten", "Minute", "Min."],
    };
    let joints = [" ", "-", ""];
    units.iter().flat_map(|unit| joints.map(|joint| format!("{minutes}{joint}{unit}"))).collect()
}

/// Takes every form out of the text where it stands as a whole word; says whether any was there.
fn mask(text: &str, forms: &[String]) -> (String, bool) {
    let mut rest = text.to_owned();
    let mut found = false;
    for form in forms.iter().filter(|form| !form.is_empty()) {
        let mut from = 0;
        while let Some(at) = rest[from..].find(form.as_str()).map(|at| at + from) {
            let end = at + form.len();
            if is_whole_word(&rest, at, end) {
                // One space, so that what stood on both sides does not join to a new word.
                rest.replace_range(at..end, " ");
                found = true;
                from = at + 1;
            } else {
                from = end;
            }
        }
    }
    (rest, found)
}

// A time is no part of a longer number ("115:40", "15:401"), and not the other half of the day
// ("3:40" before "AM").
fn is_whole_word(text: &str, at: usize, end: usize) -> bool {
    let (before, after) = (&text[..at], &text[end..]);
    let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut next = after.chars();
    let first = next.next();
    // A colon or a full stop ends a sentence's part, unless more of the number follows.
    let goes_on = matches!(first, Some('.' | ',' | ':')) && joins(next.next());
    let half = after.trim_start().to_lowercase();
    let half_follows = ["am", "pm", "a.m", "p.m", "a. m", "p. m"].iter().any(|word| {
        half.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    });
    let before = before.chars().next_back();
    !joins(before)
        && !matches!(before, Some('.' | ',' | ':' | '-' | '+' | '/' | '$' | '€' | '£'))
        && !joins(first)
        && !goes_on
        && !half_follows
}

// What a masked text may not have.
fn leftover(text: &str, facts: &Facts) -> Option<String> {
    if let Some(word) = text.split_whitespace().find(|word| word.contains(char::is_numeric)) {
        return Some(format!("{word:?}"));
    }
    if let Some(word) = text.split_whitespace().find(|word| words::is_address(word)) {
        return Some(format!("the address {word:?}"));
    }
    let tokens = text.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty());
    let mut before = "";
    for token in tokens {
        if words::is_one_hour(before, token) || words::is_gate(before, token) {
            return Some(format!("{before} {token}"));
        }
        before = token;
        if token.len() == 3
            && token.chars().all(|c| c.is_ascii_uppercase())
            && airport::is_known(token)
            && token != facts.origin
            && token != facts.destination
        {
            return Some(format!("the airport {token}"));
        }
        if words::is_forbidden(token) || !facts.correction && words::is_good_news(token) {
            return Some(format!("{token:?}"));
        }
    }
    None
}

#[cfg(test)]
mod tests;
