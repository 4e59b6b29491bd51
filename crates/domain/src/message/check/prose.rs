//! Prose as the rules read it: sentences of words, placeholders and pauses.

use super::expressions;
use deunicode::deunicode;

/// One word, placeholder or pause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// As it is written.
    pub(super) raw: String,
    /// In lower case, without accents; a placeholder as `{name}`; a pause as its sign.
    pub(super) norm: String,
    /// Whether it begins a sentence, so that a capital letter says nothing.
    pub(super) begins: bool,
    /// Whether it is glued to the token before: by a hyphen or an apostrophe.
    pub(super) glued: Option<char>,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Placeholder,
    /// A comma, a colon, a dash, a bracket, a quotation mark.
    Pause,
}

/// A text as sentences of tokens.
#[derive(Debug)]
pub(super) struct Prose {
    pub(super) sentences: Vec<Vec<Token>>,
}

/// A word in lower case without accents.
pub(super) fn normal(word: &str) -> String {
    deunicode(word).to_lowercase()
}

impl Prose {
    pub(super) fn of(text: &str) -> Self {
        let mut sentences = vec![Vec::new()];
        let mut rest = text;
        // Whether the next word begins a sentence, and what glues it to the one before.
        let (mut begins, mut glued) = (true, None);
        while let Some(c) = rest.chars().next() {
            let length = if rest.starts_with("{{") {
                let length = rest.find("}}").map_or(rest.len(), |end| end + 2);
                let name = rest[..length].trim_matches(['{', '}']);
                push(
                    &mut sentences,
                    &rest[..length],
                    format!("{{{name}}}"),
                    begins,
                    glued,
                    Kind::Placeholder,
                );
                // "{{first_name}}, your flight": what follows a name may begin a sentence.
                begins = name == "first_name";
                glued = None;
                length
            } else if c.is_alphabetic() {
                let length = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
                let word = &rest[..length];
                push(&mut sentences, word, normal(word), begins, glued, Kind::Word);
                (begins, glued) = (false, None);
                length
            } else {
                match c {
                    '.' | '!' | '?' | ';' | '…' | '\n' => {
                        sentences.push(Vec::new());
                        (begins, glued) = (true, None);
                    }
                    '\'' | '’' | '-' => glued = Some(if c == '-' { '-' } else { '\'' }),
                    ' ' | '\u{a0}' | '\u{202f}' => glued = None,
                    _ => {
                        push(
                            &mut sentences,
                            &c.to_string(),
                            c.to_string(),
                            false,
                            None,
                            Kind::Pause,
                        );
                        // A comma goes on with the sentence, whatever else may begin one.
                        begins = begins || c != ',';
                        glued = None;
                    }
                }
                c.len_utf8()
            };
            rest = &rest[length..];
        }
        sentences.retain(|sentence| !sentence.is_empty());
        let mut prose = Self { sentences };
        expressions::join_general(&mut prose);
        prose
    }

    pub(super) fn tokens(&self) -> impl Iterator<Item = &Token> {
        self.sentences.iter().flatten()
    }

    pub(super) fn words(&self) -> impl Iterator<Item = &Token> {
        self.tokens().filter(|token| token.kind == Kind::Word)
    }
}

fn push(
    sentences: &mut [Vec<Token>],
    raw: &str,
    norm: String,
    begins: bool,
    glued: Option<char>,
    kind: Kind,
) {
    if let Some(sentence) = sentences.last_mut() {
        sentence.push(Token { raw: raw.to_owned(), norm, begins, glued, kind });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let sentences = Prose::of(text).sentences;
        let shown = |sentence: Vec<Token>| {
            let mark = |token: Token| if token.begins { token.norm + "^" } else { token.norm };
            sentence.into_iter().map(mark).collect::<Vec<_>>().join(" ")
        };
        sentences.into_iter().map(shown).collect::<Vec<_>>().join(" / ")
    }

    #[test]
    fn a_text_is_sentences_of_words_placeholders_and_pauses() {
        assert_eq!(
            shown("Dear {{first_name}},\nL'été: {{departure}}! Guten Tag — Ihr Flug."),
            "dear^ {first_name} , / l^ ete : {departure}^ / guten_tag^ - ihr^ flug"
                .replace(" - ", " — ")
        );
    }

    #[test]
    fn a_broken_placeholder_is_no_trap() {
        for text in ["{{", "{{x", "}}", "{{}}", "{", "{{x}} {{"] {
            let _ = shown(text);
        }
    }
}
