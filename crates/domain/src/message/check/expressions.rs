//! Fixed expressions of which single words are on a list, though together they state nothing: a
//! greeting, or what only this kind of news may refer to, such as the link that our code appends to
//! a cancellation. An expression stands as one word with a name, which is on no list, or on the
//! list that names it.
//!
//! A line is `name = words`, or words that are their own name; `a|b` is either, `?a` may be there.

use super::prose::{Kind, Prose, Token};
use crate::message::facts::{Facts, News};
use crate::notice::Nature;
use std::sync::LazyLock;

struct Expression {
    name: String,
    words: Vec<Word>,
}

struct Word {
    forms: Vec<&'static str>,
    optional: bool,
}

impl Expression {
    fn of(line: &'static str) -> Self {
        let (name, words) = match line.split_once(" = ") {
            Some((name, words)) => (name.to_owned(), words),
            None => (line.replace(' ', "_"), line),
        };
        let word = |text: &'static str| {
            let (optional, forms) =
                text.strip_prefix('?').map_or((false, text), |forms| (true, forms));
            Word { forms: forms.split('|').collect(), optional }
        };
        Self { name, words: words.split_whitespace().map(word).collect() }
    }
}

macro_rules! expressions {
    ($name:ident, $file:literal) => {
        static $name: LazyLock<Vec<Expression>> = LazyLock::new(|| {
            let lines = include_str!(concat!("words/", $file, ".txt")).lines();
            let lines = lines.filter(|line| !line.starts_with('#') && !line.is_empty());
            lines.map(Expression::of).collect()
        });
    };
}
expressions!(GENERAL, "expressions");
expressions!(CANCELLATION, "expressions_cancellation");
expressions!(REINSTATEMENT, "expressions_reinstatement");
expressions!(GATE, "expressions_gate");
expressions!(RETRACTION, "expressions_retraction");

/// Joins what every text may say.
pub(super) fn join_general(prose: &mut Prose) {
    join(prose, &GENERAL);
}

/// Joins what only this notice's text may say.
pub(super) fn join_of(prose: &mut Prose, facts: &Facts) {
    // Before the kinds of news: "our message about a cancellation" is one expression of both.
    if facts.nature == Nature::Retraction {
        join(prose, &RETRACTION);
    }
    match facts.news {
        News::Cancellation { .. } => join(prose, &CANCELLATION),
        News::Reinstatement { .. } => join(prose, &REINSTATEMENT),
        News::GateChange { .. } => join(prose, &GATE),
        News::Delay { .. } => {}
    }
}

fn join(prose: &mut Prose, expressions: &[Expression]) {
    for sentence in &mut prose.sentences {
        for at in 0.. {
            let Some(rest) = sentence.get(at..).filter(|rest| !rest.is_empty()) else {
                break;
            };
            let mut fitting = expressions.iter().filter_map(|expression| {
                fits(&expression.words, rest).map(|count| (expression, count))
            });
            if let Some((expression, count)) = fitting.next() {
                sentence.drain(at + 1..at + count);
                // Its case says nothing: an expression is no name.
                sentence[at].raw.clone_from(&expression.name);
                sentence[at].norm.clone_from(&expression.name);
                sentence[at].kind = Kind::Word;
            }
        }
    }
}

// How many tokens the words are, at least one.
fn fits(words: &[Word], tokens: &[Token]) -> Option<usize> {
    let Some((word, words)) = words.split_first() else {
        return Some(0);
    };
    let taken = tokens.split_first().and_then(|(token, tokens)| {
        let is_it = word.forms.contains(&token.norm.as_str());
        is_it.then(|| fits(words, tokens)).flatten().map(|count| count + 1)
    });
    taken.or_else(|| word.optional.then(|| fits(words, tokens)).flatten())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("our last text", Some(3))]
    #[case("last sms !", Some(2))]
    #[case("our text", None)]
    #[case("our last", None)]
    fn an_expression_fits_words_in_order(#[case] text: &str, #[case] count: Option<usize>) {
        let expression = Expression::of("our_message = ?our|my last|earlier text|sms");
        assert_eq!(expression.name, "our_message");
        let tokens = Prose::of(text).sentences.concat();
        assert_eq!(fits(&expression.words, &tokens), count);
    }

    #[test]
    fn no_expression_is_empty() {
        let all = [&GENERAL, &CANCELLATION, &REINSTATEMENT, &GATE, &RETRACTION];
        for expression in all.into_iter().flat_map(|expressions| expressions.iter()) {
            assert!(expression.words.iter().any(|word| !word.optional), "{}", expression.name);
        }
    }
}
