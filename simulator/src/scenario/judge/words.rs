//! Finding words and links in texts for people.

use flightpulse_domain::message::gsm7::transliterate;
use flightpulse_domain::notification::Channel;

/// A word or a text, folded so that case does not matter, nor the accents that a text message
/// cannot have.
pub(super) fn folded(text: &str, channel: Channel) -> String {
    match channel {
        Channel::Email => text.to_lowercase(),
        Channel::Sms => transliterate(text).to_lowercase(),
    }
}

/// Whether a text has a word as a whole word.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

/// The links of a text, without what ends the sentence that they stand in.
pub(super) fn links(text: &str) -> Vec<&str> {
    text.split_whitespace()
        .filter_map(|word| {
            let at = ["http://", "https://", "www."].iter().filter_map(|start| word.find(start));
            word.get(at.min()?..)
        })
        .map(|link| link.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '»', '"']))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("delayed by 90 minutes", "90", true)]
    #[case("delayed by 190 minutes, 905", "90", false)]
    #[case("Hola, María:", "María", true)]
    #[case("Marían", "María", false)]
    #[case("in 25 Minuten.", "25 Minuten", true)]
    #[case("Rebook: https://x.example/r", "https://x.example/r", true)]
    fn a_word_is_a_whole_word(#[case] text: &str, #[case] word: &str, #[case] there: bool) {
        assert_eq!(has_word(text, word), there);
    }

    #[test]
    fn case_does_not_matter_nor_what_a_text_message_cannot_have() {
        assert_eq!(folded("TERMINAL", Channel::Email), "terminal");
        assert_eq!(folded("Cancelación", Channel::Sms), "cancelacion");
    }

    #[rstest]
    #[case("see https://a.example/b.", &["https://a.example/b"])]
    #[case("(http://a.example), www.b.example!", &["http://a.example", "www.b.example"])]
    #[case("no link here", &[])]
    fn links_are_found(#[case] text: &str, #[case] found: &[&str]) {
        assert_eq!(links(text), found);
    }
}
