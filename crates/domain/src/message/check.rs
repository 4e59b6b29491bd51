//! The check: whether prose may be sent in our name.
//!
//! The facts are not in the prose: it has placeholders, which our code fills in. So there is one
//! rule with many lists: **prose states nothing of its own.** It has no digit and no number as a
//! word, no day, no name of a place, no link and no request to call or click; it makes no
//! promise, denies nothing, blames nobody, gives no reason but the one given, tells no other kind
//! of news and makes no placeholder into something that it is not. And it has what its kind of
//! news cannot do without. A good text that is refused costs a template; a wrong one that passes
//! costs a passenger their flight, so what is in doubt is refused.
//!
//! Every language's lists are applied to every text, and the text must be in its cohort's
//! language, so that another language is no way past.
//!
//! What a single word may not say, a fixed expression may: our code appends a link to a
//! cancellation, so such a notice may speak of "the link below", and no other may.
//!
//! **What it cannot see.** It knows words and their order, not sense. A claim in words that are on
//! no list passes. How often was measured with texts by someone who had not seen the lists
//! (`testdata/README.md`): of those whose only flaw was their defect, about one in six passed,
//! above all insults and irony, false calm and haste, and claims about papers and seats. The lists
//! have been widened since, with those texts at hand, so the next unseen ones will again find gaps
//! in these same themes. No rule foresees every wrong role, every indirect promise ("we look after
//! our guests"), a place that is no airport's city at the start of a sentence or in German, a city
//! of three letters, a sentence in a fifth language whose small words one of the four shares, and
//! tone: cold, silly or too cheerful prose that states nothing. It does not judge grammar or style.
//! What it lets pass is bounded by what stands below the prose: the block of facts is ours.

mod expressions;
mod kinds;
mod language;
mod names;
mod pattern;
mod placeholders;
mod prose;
mod roles;
mod words;

use super::Draft;
use super::compose::{composed_sms, without_doubled_unit};
use super::facts::{DELAY, FIRST_NAME, Facts};
use super::gsm7::SINGLE_SMS_SEPTETS;
use super::render::septets_at_worst;
use crate::passenger::Tier;
use prose::Prose;

/// The parts of a text. Each has rules of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The email's subject line.
    Subject,
    /// The email's body.
    Body,
    /// The text message.
    Sms,
}

impl Part {
    fn max_length(self) -> usize {
        match self {
            Self::Subject => 120,
            Self::Body => 1_500,
            // Of the prose with its placeholders' names; what it takes when filled in is counted
            // by itself.
            Self::Sms => 300,
        }
    }
}

/// What kind of thing a text states of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// A character that is no letter or sign of prose.
    Character,
    /// A number, in digits or words.
    Number,
    /// A day, a date, a time of day, a span of time, a zone.
    Time,
    /// Money, goods, care, a right, or that something will be done.
    Promise,
    /// A link, an address, or a request to call, reply or click.
    Contact,
    /// A negation.
    Negation,
    /// Blame, liability, law.
    Blame,
    /// A reason other than the one given.
    Reason,
    /// A name: of a place, of a brand, of a gate.
    Name,
    /// Another kind of news than this notice's.
    OtherNews,
    /// Better or worse news than it is, or taking back what was not wrong.
    Nature,
    /// A placeholder in a role that is not its own.
    Role,
    /// Words to a machine, threats, insults.
    Hostile,
    /// A language other than the reader's.
    Language,
    /// What to do with one's time, papers and seat: only the facts could tell.
    Conduct,
    /// A tier that the reader does not have.
    Tier,
}

/// Why a text is refused. As text it names the rule and never the words: it is logged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Breach {
    /// A part is empty or longer than anyone would read.
    #[error("{part:?} has {length} characters; allowed are 1 to {max}")]
    Length {
        /// Which part.
        part: Part,
        /// How long it is, in characters.
        length: usize,
        /// How long it may be.
        max: usize,
    },
    /// The text message would not fit one message.
    #[error("the sms takes {0} septets when it is filled in; one message holds 160")]
    SmsTooLong(usize),
    /// A placeholder is unknown, broken, too frequent or missing.
    #[error("{part:?}: a placeholder {what}")]
    Placeholder {
        /// Which part.
        part: Part,
        /// What is wrong.
        what: &'static str,
    },
    /// What this kind of news must say is not said.
    #[error("{part:?} does not say that {what}")]
    Missing {
        /// Which part.
        part: Part,
        /// What must be said.
        what: &'static str,
    },
    /// Something is stated that is not for prose to state.
    #[error("{part:?} states something of its own: {theme:?}")]
    Foreign {
        /// Which part.
        part: Part,
        /// Of what kind.
        theme: Theme,
        /// The words or the rule, for tests. Not for logs.
        what: String,
    },
}

/// Checks prose against the facts.
///
/// # Errors
/// The first [`Breach`] found.
pub fn check(facts: &Facts, draft: &Draft) -> Result<(), Breach> {
    let parts = [
        (Part::Subject, draft.email_subject.as_str()),
        (Part::Body, draft.email_body.as_str()),
        (Part::Sms, draft.sms.as_str()),
    ];
    for (part, text) in parts {
        length(part, text)?;
        check_part(part, &as_read(text, facts), facts)?;
    }
    let count = worst_sms(&draft.sms, facts);
    if count > SINGLE_SMS_SEPTETS { Err(Breach::SmsTooLong(count)) } else { Ok(()) }
}

/// Checks prose against the facts, and that it is for a reader of this tier.
///
/// # Errors
/// The first [`Breach`] found.
pub fn check_for(facts: &Facts, tier: Tier, draft: &Draft) -> Result<(), Breach> {
    check(facts, draft)?;
    let foreign = match tier {
        Tier::AListPreferred => return Ok(()),
        Tier::AList => "preferred",
        Tier::Member => "a-list",
    };
    let parts = [
        (Part::Subject, &draft.email_subject),
        (Part::Body, &draft.email_body),
        (Part::Sms, &draft.sms),
    ];
    match parts.into_iter().find(|(_, text)| text.to_lowercase().contains(foreign)) {
        Some((part, _)) => {
            Err(Breach::Foreign { part, theme: Theme::Tier, what: foreign.to_owned() })
        }
        None => Ok(()),
    }
}

fn length(part: Part, text: &str) -> Result<(), Breach> {
    let (length, max) = (text.chars().count(), part.max_length());
    if text.trim().is_empty() || length > max {
        return Err(Breach::Length { part, length, max });
    }
    Ok(())
}

type Finding = Option<(Theme, String)>;

// Without what our code leaves out and what a salutation may have: "Estimado/a" is one word.
fn as_read(text: &str, facts: &Facts) -> String {
    let mut text = without_doubled_unit(text, facts.language);
    for (written, read) in SALUTATIONS {
        text = text.replace(&format!("{written} {FIRST_NAME}"), &format!("{read} {FIRST_NAME}"));
    }
    text
}

const SALUTATIONS: [(&str, &str); 7] = [
    ("Estimado/a", "Estimado"),
    ("Querido/a", "Querido"),
    ("Apreciado/a", "Apreciado"),
    ("Cher/Chère", "Cher"),
    ("Liebe/r", "Liebe"),
    ("Liebe/Lieber", "Liebe"),
    ("Sehr geehrte/r", "Sehr geehrte"),
];

fn check_part(part: Part, text: &str, facts: &Facts) -> Result<(), Breach> {
    let foreign = |(theme, what)| Breach::Foreign { part, theme, what };
    let refuse = |finding: Finding| finding.map_or(Ok(()), |finding| Err(foreign(finding)));
    // First what a text is made of, so that the rules after it meet known characters only.
    refuse(characters(part, text))?;
    placeholders::check(part, text, facts)?;
    let mut prose = Prose::of(text);
    // Of all words, before some are joined.
    let language = language::foreign(&prose, part, facts.language);
    expressions::join_of(&mut prose, facts);
    refuse(words::foreign(&prose, facts))?;
    refuse(language)?;
    refuse(names::foreign(&prose, part, facts.language))?;
    refuse(kinds::foreign(&prose, facts))?;
    refuse(roles::wrong(&prose, facts))?;
    kinds::required(&prose, part, facts)?;
    refuse(words::presumptuous(&prose))
}

// Letters of the four languages and the punctuation of prose. Everything else is refused: digits,
// signs that are words (emoji, squared letters), invisible characters, look-alikes of a letter or
// of a full stop in a host's name.
fn characters(part: Part, text: &str) -> Finding {
    const LETTERS: &str = "àáâäæçèéêëíîïñòóôöœúùûüÿßÀÁÂÄÆÇÈÉÊËÍÎÏÑÒÓÔÖŒÚÙÛÜŸ";
    const PUNCTUATION: &str = " .,;:!?¡¿'\"()-–—…«»„“”‘’\u{a0}\u{202f}";
    if let Some(c) = text.chars().find(|c| c.is_numeric()) {
        return Some((Theme::Number, format!("{c:?}")));
    }
    let is_plain = |c: char| {
        c.is_ascii_alphabetic()
            || LETTERS.contains(c)
            || PUNCTUATION.contains(c)
            || c == '\n' && part != Part::Subject
            // "+90 minutes": before a delay, which the placeholders' check sees to.
            || c == '+' && text.contains(DELAY)
            // Of placeholders, whose own check follows.
            || matches!(c, '{' | '}' | '_')
    };
    if let Some(c) = text.chars().find(|c| matches!(c, '@' | '/' | '\\' | '#' | '&' | '=')) {
        return Some((Theme::Contact, format!("{c:?}")));
    }
    if let Some(c) = text.chars().find(|c| matches!(c, '$' | '€' | '£' | '¥')) {
        return Some((Theme::Promise, format!("{c:?}")));
    }
    if let Some(c) = text.chars().find(|c| !is_plain(*c)) {
        return Some((Theme::Character, format!("{c:?}")));
    }
    if text.lines().any(is_item) {
        return Some((Theme::Character, "a line of a list".to_owned()));
    }
    dotted(text).then(|| (Theme::Contact, "a letter right after a full stop".to_owned()))
}

fn is_item(line: &str) -> bool {
    line.trim_start().starts_with(['-', '–', '—'])
}

// A full stop or a colon ends something, so a letter right after it is of a host's name.
fn dotted(text: &str) -> bool {
    let mut pairs = text.chars().zip(text.chars().skip(1));
    pairs.any(|(first, second)| matches!(first, '.' | ':' | '…') && second.is_alphanumeric())
}

// The septets of the text message with the facts filled in, what `compose` appends, and the
// personal placeholders at their longest.
fn worst_sms(sms: &str, facts: &Facts) -> usize {
    septets_at_worst(&composed_sms(sms, facts)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
