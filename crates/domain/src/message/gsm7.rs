//! The GSM 7-bit alphabet: what a single text message can hold (3GPP TS 23.038, 6.2.1).

/// The septets that one text message holds.
pub const SINGLE_SMS_SEPTETS: usize = 160;

const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
// Each is sent as an escape and a second septet.
const EXTENSION: &str = "^{}\\[~]|€";

fn septets_of(c: char) -> Option<usize> {
    if BASIC.contains(c) { Some(1) } else { EXTENSION.contains(c).then_some(2) }
}

/// The septets that a text takes; none when it has a character outside the alphabet.
#[must_use]
pub fn septets(text: &str) -> Option<usize> {
    text.chars().map(septets_of).sum()
}

/// The text with every character outside the alphabet written in it: `María` → `Maria`,
/// `“so”` → `"so"`, `王` → `Wang `. A single character outside would cost more than half of the
/// message's length (UCS-2).
#[must_use]
pub fn transliterate(text: &str) -> String {
    text.chars()
        .map(|c| match septets_of(c) {
            Some(_) => c.to_string(),
            None => deunicode::deunicode_char(c)
                .unwrap_or("?")
                .chars()
                .filter(|c| septets_of(*c).is_some())
                .collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("plain", Some(5))]
    #[case("ñÑüß", Some(4))]
    #[case("5 €", Some(4))]
    #[case("María", None)]
    #[case("", Some(0))]
    fn septets_are_counted(#[case] text: &str, #[case] count: Option<usize>) {
        assert_eq!(septets(text), count);
    }

    #[rstest]
    #[case("María", "Maria")]
    #[case("“so” – it’s…", "\"so\" - it's...")]
    #[case("François", "Francois")]
    #[case("Łukasz", "Lukasz")]
    #[case("ñ stays, é stays", "ñ stays, é stays")]
    fn what_the_alphabet_lacks_is_written_in_it(#[case] text: &str, #[case] written: &str) {
        assert_eq!(transliterate(text), written);
    }

    #[test]
    fn the_alphabet_has_its_127_characters() {
        assert_eq!(BASIC.chars().count(), 127);
    }

    proptest! {
        #[test]
        fn whatever_is_transliterated_can_be_sent(text in "\\PC{0,80}") {
            let written = transliterate(&text);
            prop_assert!(septets(&written).is_some());
            prop_assert_eq!(transliterate(&written), written);
        }

        #[test]
        fn what_is_in_the_alphabet_stays(text in "[@£$¥èÇ\nØΔ_Ξß !\"#¤%&'()*+0-9:;<=>?¡A-ZÄa-zä^{}\\\\\\[~\\]|€]{0,80}") {
            prop_assert!(septets(&text).is_some());
            prop_assert_eq!(transliterate(&text), text);
        }

        #[test]
        fn septets_of_two_texts_add_up(one in "[a-zéñ€^ ]{0,40}", two in "[A-ZÄ{}|~0-9]{0,40}") {
            let both = septets(&format!("{one}{two}"));
            prop_assert_eq!(both, septets(&one).zip(septets(&two)).map(|(one, two)| one + two));
            let doubled = one.chars().chain(two.chars()).filter(|c| EXTENSION.contains(*c)).count();
            prop_assert_eq!(both, Some(one.chars().count() + two.chars().count() + doubled));
        }

        #[test]
        fn one_character_outside_takes_it_out(text in "[a-z ]{0,40}", c in any::<char>()) {
            prop_assert_eq!(septets(&format!("{text}{c}")).is_some(), septets_of(c).is_some());
        }
    }
}
