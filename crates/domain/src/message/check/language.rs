//! Whether prose is in its reader's language.
//!
//! By a vote of function words, sentence by sentence. Measured on the 122 different text messages
//! of the committed good texts (placeholders taken out, four languages to choose from): whatlang
//! 0.18.0 names the language of 116 and whichlang 0.1.1 of 121; of 418 bodies both name all, of 114
//! subjects 112. The vote was made with these texts at hand and takes all of them, so its number
//! proves less; it is here because it also sees one sentence in another language, which a detector
//! of whole texts does not, and costs no dependency. Of other languages than the four it knows a
//! few words, and that a sentence of some length has a word of its own language.

use super::prose::{Kind, Prose};
use super::{Finding, Part, Theme};
use crate::passenger::Language;
use std::collections::HashSet;
use std::sync::LazyLock;

// Of the four languages, and last of others.
static WORDS: LazyLock<[HashSet<&'static str>; 5]> = LazyLock::new(|| {
    let lines = include_str!("words/languages.txt");
    ["en: ", "es: ", "fr: ", "de: ", "others: "].map(|language| {
        let lines = lines.lines().filter_map(|line| line.strip_prefix(language));
        lines.flat_map(str::split_whitespace).collect()
    })
});

// A sentence of so many words has one of its language's, also when it is in a language that is not
// among the four.
const LONG: usize = 4;

/// Another language in a text: a sentence that has more of its words than of the reader's, or a
/// text that has none of the reader's.
pub(super) fn foreign(prose: &Prose, part: Part, language: Language) -> Finding {
    let mut own_words = 0;
    for sentence in &prose.sentences {
        let words = || sentence.iter().filter(|token| token.kind == Kind::Word);
        let vote = |list: &HashSet<&str>| {
            words().filter(|token| list.contains(token.norm.as_str())).count()
        };
        let own = vote(&WORDS[language as usize]);
        own_words += own;
        if own == 0 && words().count() >= LONG {
            return Some((Theme::Language, "a sentence without a word of the reader's".to_owned()));
        }
        if WORDS.iter().any(|other| vote(other) > own) {
            return Some((Theme::Language, "a sentence in another language".to_owned()));
        }
    }
    // A subject may be a noun and a number.
    (own_words == 0 && part != Part::Subject)
        .then(|| (Theme::Language, "no word of the reader's".to_owned()))
}
