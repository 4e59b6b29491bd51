//! Words that state something of their own, by theme, in the four languages.
//!
//! A list is a text file: lines of words with their language before them, `stem~` for every word
//! that begins so and `~end` for every word that ends so, and lines of patterns ([`pattern`])
//! that begin with `-`. Words are without accents and in lower case.

use super::pattern::Patterns;
use super::prose::{Kind, Prose, Token};
use super::{Finding, Theme};
use crate::delay::Reason;
use crate::message::facts::{Facts, News};
use crate::passenger::Language;
use std::collections::HashSet;
use std::sync::LazyLock;

/// The words and patterns of one theme.
pub(super) struct List {
    whole: HashSet<&'static str>,
    stems: Vec<&'static str>,
    ends: Vec<&'static str>,
    patterns: Patterns,
}

impl List {
    pub(super) fn read(text: &'static str) -> Self {
        let mut list =
            Self { whole: HashSet::new(), stems: vec![], ends: vec![], patterns: Patterns::none() };
        for line in text.lines().map(str::trim) {
            if let Some(pattern) = line.strip_prefix("- ") {
                list.patterns.add(pattern);
            } else if let Some((_, words)) =
                line.split_once(": ").filter(|_| !line.starts_with('#'))
            {
                words.split_whitespace().for_each(|word| list.add(word));
            }
        }
        list
    }

    fn add(&mut self, word: &'static str) {
        if let Some(stem) = word.strip_suffix('~') {
            self.stems.push(stem);
        } else if let Some(end) = word.strip_prefix('~') {
            self.ends.push(end);
        } else {
            self.whole.insert(word);
        }
    }

    fn has(&self, word: &str) -> bool {
        // An expression is one word, and only as a whole.
        self.whole.contains(word) || !word.contains('_') && self.has_part(word)
    }

    fn has_part(&self, word: &str) -> bool {
        self.stems.iter().any(|stem| word.starts_with(stem))
            || self.ends.iter().any(|end| word.ends_with(end))
    }

    /// The first word or pattern of the list in a text. `is_exempt` says which words are meant
    /// otherwise there.
    pub(super) fn find(&self, prose: &Prose, is_exempt: impl Fn(&Token) -> bool) -> Option<String> {
        let mut word = prose.words().filter(|token| !is_exempt(token)).map(|token| &token.norm);
        word.find(|word| self.has(word)).cloned().or_else(|| self.patterns.find(prose))
    }

    // "re-fund", "re fund": a word in two halves.
    fn find_halved(&self, prose: &Prose) -> Option<String> {
        prose.sentences.iter().find_map(|sentence| {
            let mut pairs = sentence.windows(2);
            pairs.find_map(|pair| {
                let are_words = pair.iter().all(|token| token.kind == Kind::Word);
                let joined = format!("{}{}", pair[0].norm, pair[1].norm);
                let is_long = pair[1].glued == Some('-') || joined.len() >= 6;
                (are_words && is_long && self.whole.contains(joined.as_str())
                    || are_words && pair[1].glued == Some('-') && self.has(&joined))
                .then_some(joined)
            })
        })
    }
}

macro_rules! list {
    ($name:ident, $file:literal) => {
        pub(super) static $name: LazyLock<List> =
            LazyLock::new(|| List::read(include_str!(concat!("words/", $file, ".txt"))));
    };
}
list!(NUMBERS, "numbers");
list!(TIMES, "times");
list!(PROMISES, "promises");
list!(CONTACT, "contact");
list!(NEGATIONS, "negations");
list!(BLAME, "blame");
list!(HOSTILE, "hostile");
list!(DETAILS, "details");
list!(CONDUCT, "conduct");
list!(TIERS, "tiers");
list!(DOUBT, "doubt");
list!(WEATHER, "weather");
list!(MECHANICAL, "mechanical");
list!(CREW, "crew");
list!(ATC, "atc");
list!(SECURITY, "security");

// Words that are ordinary in one language, though another has them on a list: French "tres" is
// written with an accent, Spanish "tres" is three.
const ORDINARY: [(Language, &str); 7] = [
    (Language::En, "once"),
    (Language::En, "may"),
    (Language::En, "sat"),
    (Language::En, "sun"),
    (Language::Fr, "très"),
    // "This", and elsewhere a time zone.
    (Language::Fr, "cet"),
    (Language::De, "hier"),
];

/// Whether a word, as it is written, is ordinary in a language though another has it on a list.
pub(super) fn is_ordinary(token: &Token, language: Language) -> bool {
    let raw = token.raw.to_lowercase();
    ORDINARY.iter().any(|(of, word)| *of == language && raw == *word)
}

/// What a text states of its own, in single words and set phrases.
pub(super) fn foreign(prose: &Prose, facts: &Facts) -> Finding {
    let lists = [
        (&NUMBERS, Theme::Number),
        (&TIMES, Theme::Time),
        (&PROMISES, Theme::Promise),
        (&CONTACT, Theme::Contact),
        (&BLAME, Theme::Blame),
        (&HOSTILE, Theme::Hostile),
        (&NEGATIONS, Theme::Negation),
        (&DETAILS, Theme::Reason),
    ];
    let is_exempt = |token: &Token| is_ordinary(token, facts.language);
    let found = lists.into_iter().find_map(|(list, theme)| {
        let found = list.find(prose, is_exempt).or_else(|| list.find_halved(prose));
        found.map(|what| (theme, what))
    });
    found.or_else(|| other_reason(prose, facts)).or_else(|| lone_letter(prose))
}

/// Doubt, what a text tells a passenger to do or to leave, and rank. Asked last: the other rules'
/// words say more of what is wrong.
pub(super) fn presumptuous(prose: &Prose) -> Finding {
    let lists = [(&DOUBT, Theme::Negation), (&CONDUCT, Theme::Conduct), (&TIERS, Theme::Tier)];
    let mut found = lists
        .into_iter()
        .filter_map(|(list, theme)| list.find(prose, |_| false).map(|what| (theme, what)));
    found.next()
}

// The reason given may be told; any other is invented.
fn other_reason(prose: &Prose, facts: &Facts) -> Finding {
    let given = match &facts.news {
        News::Delay { reason, .. } | News::Cancellation { reason, .. } => Some(*reason),
        News::GateChange { .. } | News::Reinstatement { .. } => None,
    };
    let families = [
        (Reason::Weather, &WEATHER),
        (Reason::Mechanical, &MECHANICAL),
        (Reason::Crew, &CREW),
        (Reason::Atc, &ATC),
        (Reason::Security, &SECURITY),
    ];
    let others = families.into_iter().filter(|(reason, _)| Some(*reason) != given);
    let mut found = others.filter_map(|(_, family)| family.find(prose, |_| false));
    found.next().map(|what| (Theme::Reason, what))
}

// A letter alone is a gate, a seat or a word spelt out; except those that are words.
fn lone_letter(prose: &Prose) -> Finding {
    const WORDS: [&str; 8] = ["a", "o", "y", "e", "u", "I", "à", "ó"];
    const BEGINNINGS: [&str; 6] = ["A", "O", "Y", "E", "U", "À"];
    // Of a contraction: "l'avion", "we'd", "isn't".
    let is_contracted = |sentence: &[Token], at: usize| {
        sentence[at].glued == Some('\'')
            || sentence.get(at + 1).is_some_and(|next| next.glued == Some('\''))
    };
    let found = prose.sentences.iter().find_map(|sentence| {
        let mut words = sentence.iter().enumerate();
        words.find(|(at, token)| {
            token.kind == Kind::Word
                && token.raw.chars().count() == 1
                && !WORDS.contains(&token.raw.as_str())
                && !(token.begins && BEGINNINGS.contains(&token.raw.as_str()))
                && !is_contracted(sentence, *at)
        })
    });
    found.map(|(_, token)| (Theme::Name, token.raw.clone()))
}
