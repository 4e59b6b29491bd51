//! Patterns of words, for what single words do not say.
//!
//! A pattern is words with spaces between. `a|b` is either, `stem~` a word that begins so,
//! `!a|b` a word that is neither (and there must be one), `&a|b` a word right after the one before,
//! `..` up to three words and `...` up to
//! eight, neither of which leaves the sentence or passes a turning word ("now", and for `..` also
//! "to": what follows is the new thing). Pauses do not count.

use super::prose::{Kind, Prose, Token};

/// A list of patterns.
pub(super) struct Patterns(Vec<Vec<Piece>>);

enum Piece {
    Word { forms: Vec<Form>, wanted: bool, directly: bool },
    Gap { most: usize, passes_to: bool },
}

enum Form {
    Whole(&'static str),
    Stem(&'static str),
}

impl Form {
    fn of(text: &'static str) -> Self {
        text.strip_suffix('~').map_or(Self::Whole(text), Self::Stem)
    }

    fn fits(&self, word: &str) -> bool {
        match self {
            Self::Whole(form) => word == *form,
            Self::Stem(stem) => word.starts_with(stem),
        }
    }
}

impl Piece {
    fn of(text: &'static str) -> Self {
        let (directly, forms) = text.strip_prefix('&').map_or((false, text), |rest| (true, rest));
        let (wanted, forms) = forms.strip_prefix('!').map_or((true, forms), |rest| (false, rest));
        match text {
            ".." => Self::Gap { most: 3, passes_to: false },
            "..." => Self::Gap { most: 8, passes_to: true },
            _ => Self::Word { forms: forms.split('|').map(Form::of).collect(), wanted, directly },
        }
    }
}

const TURNING: [&str; 9] =
    ["now", "ahora", "desormais", "maintenant", "jetzt", "nun", "but", "pero", "sondern"];
const TO: [&str; 8] = ["to", "hacia", "vers", "zu", "zum", "nach", "auf", "into"];

impl Patterns {
    /// No pattern yet.
    pub(super) fn none() -> Self {
        Self(Vec::new())
    }

    pub(super) fn add(&mut self, pattern: &'static str) {
        self.0.push(pattern.split_whitespace().map(Piece::of).collect());
    }

    /// The patterns of a text's lines, without the empty ones and those that begin with `#`.
    pub(super) fn read(lines: &'static str) -> Self {
        let mut patterns = Self::none();
        let lines = lines.lines().map(str::trim);
        lines
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .for_each(|line| patterns.add(line));
        patterns
    }

    /// The words of the first sentence that a pattern fits.
    pub(super) fn find(&self, prose: &Prose) -> Option<String> {
        prose.sentences.iter().find_map(|sentence| {
            let is_pause = |at: usize| sentence[at].kind == Kind::Pause;
            let places = (0..sentence.len()).filter(|at| !is_pause(*at));
            let tokens: Vec<Place> =
                places.map(|at| (&sentence[at], at > 0 && is_pause(at - 1))).collect();
            let pattern = self.0.iter().find(|pattern| {
                (0..tokens.len()).any(|at| tokens.get(at..).is_some_and(|rest| fits(pattern, rest)))
            });
            pattern.map(|pattern| describe(pattern))
        })
    }
}

// A token that is no pause, and whether one is before it.
type Place<'a> = (&'a Token, bool);

fn fits(pattern: &[Piece], tokens: &[Place]) -> bool {
    let Some((piece, pattern)) = pattern.split_first() else {
        return true;
    };
    match piece {
        Piece::Word { forms, wanted, directly } => {
            tokens.split_first().is_some_and(|((token, paused), tokens)| {
                forms.iter().any(|form| form.fits(&token.norm)) == *wanted
                    && !(*directly && *paused)
                    && fits(pattern, tokens)
            })
        }
        Piece::Gap { most, passes_to } => {
            for skipped in 0..=*most {
                let Some(rest) = tokens.get(skipped..) else {
                    return false;
                };
                if fits(pattern, rest) {
                    return true;
                }
                let turns = rest.first().is_none_or(|(token, _)| {
                    let word = token.norm.as_str();
                    TURNING.contains(&word) || !passes_to && TO.contains(&word)
                });
                if turns {
                    return false;
                }
            }
            false
        }
    }
}

fn describe(pattern: &[Piece]) -> String {
    let words = pattern.iter().map(|piece| match piece {
        Piece::Gap { .. } => "..",
        Piece::Word { forms, .. } => match forms.first() {
            Some(Form::Whole(form) | Form::Stem(form)) => form,
            None => "",
        },
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const PATTERNS: &str = "# comment\nold|former~ .. {gate}\n\nwe will !keep\n\
                            before ... {departure}\ngate &{flight}";

    #[rstest]
    #[case("the old gate {{gate}}", true)]
    #[case("the formerly known gate: {{gate}}", true)]
    #[case("the old gate. {{gate}}", false)]
    #[case("the old gate is now {{gate}}", false)]
    #[case("from the old one to {{gate}}", false)]
    #[case("an old and rather far away gate {{gate}}", false)]
    #[case("We will keep you informed", false)]
    #[case("We will pay", true)]
    #[case("We will", false)]
    #[case("gate {{flight}}", true)]
    #[case("gate: {{flight}}", false)]
    #[case("before it is to leave at {{departure}}", true)]
    #[case("before it is now to leave at {{departure}}", false)]
    fn a_pattern_fits_words_in_order(#[case] text: &str, #[case] fits: bool) {
        assert_eq!(Patterns::read(PATTERNS).find(&Prose::of(text)).is_some(), fits);
    }
}
