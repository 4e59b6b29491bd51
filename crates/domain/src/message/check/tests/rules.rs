use super::corpus::good;
use crate::delay::Reason;
use crate::message::Draft;
use crate::message::check::{Breach, Part, check};
use crate::message::facts::Facts;
use crate::message::facts::tests::{
    about, cancellation, delay, gate_change, notice, reinstatement,
};
use crate::message::render::{MAX_SMS_LINK, MAX_SMS_NAME};
use crate::notice::Nature;
use crate::passenger::Language;
use proptest::prelude::*;
use rstest::rstest;

fn facts() -> Facts {
    Facts::of(&notice(), Language::En)
}

fn draft() -> Draft {
    Draft {
        email_subject: "Flight {{flight}} is delayed".into(),
        email_body: "Dear {{first_name}},\n\nYour flight {{flight}} is delayed by {{delay}}. It \
                     now departs at {{departure}}."
            .into(),
        sms: "{{first_name}}, flight {{flight}} is delayed by {{delay}}. New departure: \
              {{departure}}."
            .into(),
    }
}

fn check_sms(sms: &str) -> Result<(), Breach> {
    check(&facts(), &Draft { sms: sms.into(), ..draft() })
}

#[test]
fn a_good_draft_passes() {
    assert_eq!(check(&facts(), &draft()), Ok(()));
}

#[rstest]
#[case::name("flight {{flight}} is delayed by {{delay}}. New departure: {{departure}}.")]
#[case::flight("{{first_name}}, the flight is delayed by {{delay}}. New departure: {{departure}}.")]
#[case::delay("{{first_name}}, flight {{flight}} is delayed. New departure: {{departure}}.")]
#[case::departure("{{first_name}}, flight {{flight}} is delayed by {{delay}}.")]
fn what_is_required_must_be_there(#[case] sms: &str) {
    assert!(matches!(check_sms(sms), Err(Breach::Placeholder { part: Part::Sms, .. })), "{sms}");
}

#[rstest]
#[case("{{first_name}}, flight {{flight}} departs at {{departure}} (+{{delay}}).", true)]
#[case("{{first_name}}, flight {{flight}}: {{departure}}, +{{delay}}.", true)]
#[case("{{first_name}}, flight {{flight}} departs at +{{departure}}, {{delay}} late.", false)]
#[case("{{first_name}}, flight {{flight}} departs at {{departure}}, A+{{delay}}.", false)]
#[case("{{first_name}}, flight {{flight}} departs at {{departure}} + {{delay}}.", false)]
#[case("{{first_name}}, flight {{flight}} arrives {{departure}}, +{{delay}}.", false)]
fn a_plus_stands_before_a_delay_only(#[case] sms: &str, #[case] passes: bool) {
    assert_eq!(check_sms(sms).is_ok(), passes, "{sms}");
}

// A body of which one sentence is in question.
fn passes(nature: Nature, subject: crate::notice::Subject, sentence: &str) -> bool {
    let facts = Facts::of(&about(nature, subject), Language::En);
    let said = match facts.task() {
        "cancellation" => "Your flight {{flight}} is cancelled.",
        "gate_change" => "Your flight {{flight}} now leaves from gate {{new_gate}}.",
        "reinstatement" => "Your flight {{flight}} operates and departs at {{departure}}.",
        _ => "Your flight {{flight}} is delayed by {{delay}} and now departs at {{departure}}.",
    };
    let draft = Draft {
        email_subject: said.into(),
        email_body: format!("Dear {{{{first_name}}}},\n\n{said} {sentence}"),
        sms: format!("{{{{first_name}}}}, {said}"),
    };
    check(&facts, &draft).is_ok()
}

#[rstest]
#[case("Please choose another flight using the link below.", true)]
#[case("Please use the link to choose another flight.", true)]
#[case("Open the link below.", false)]
#[case("Use this link to choose another flight.", false)]
#[case("Use the link in our other message.", false)]
#[case("Enter your details through the link below.", false)]
fn a_cancellation_alone_has_a_link(#[case] sentence: &str, #[case] allowed: bool) {
    let of = |subject| passes(Nature::News, subject, sentence);
    assert_eq!(of(cancellation(Reason::Crew)), allowed);
    assert!(!of(delay(90, Reason::Crew)) && !of(gate_change(false)));
}

#[rstest]
#[case("The earlier cancellation has been withdrawn.", true)]
#[case("The cancellation has been confirmed.", false)]
#[case("The earlier cancellation stands.", false)]
fn of_a_cancellation_a_reinstatement_says_that_it_is_over(
    #[case] sentence: &str,
    #[case] allowed: bool,
) {
    assert_eq!(passes(Nature::Improvement, reinstatement(0, None), sentence), allowed);
    assert!(!passes(Nature::News, delay(90, Reason::Crew), sentence));
}

#[rstest]
#[case("Flug {{flight}} verspätet sich um {{delay}}: ab {{departure}}.", true)]
#[case("{{flight}} ab {{departure}}, {{delay}} später.", true)]
#[case("Flug {{flight}} {{delay}} später, Start {{departure}}.", true)]
#[case("{{flight}} {{delay}} später. Boarding ab {{departure}}.", false)]
#[case("{{flight}} {{delay}} später. Seien Sie ab {{departure}} am Gate.", false)]
#[case("{{flight}} {{delay}} später. Check-in Start {{departure}}.", false)]
fn a_german_departure_may_be_short(#[case] sms: &str, #[case] passes: bool) {
    let facts = Facts::of(&notice(), Language::De);
    let draft = Draft {
        email_subject: "Flug {{flight}} ist verspätet".into(),
        email_body: "Hallo {{first_name}},\n\nIhr Flug {{flight}} ist um {{delay}} verspätet. Er \
                     startet um {{departure}}."
            .into(),
        sms: format!("{{{{first_name}}}}, {sms}"),
    };
    assert_eq!(check(&facts, &draft).is_ok(), passes, "{sms}: {:?}", check(&facts, &draft));
}

#[rstest]
#[case(delay(0, Reason::Crew))]
#[case(cancellation(Reason::Crew))]
#[case(reinstatement(0, None))]
fn a_draft_for_other_news_is_refused(#[case] subject: crate::notice::Subject) {
    let facts = Facts::of(&about(Nature::News, subject), Language::En);
    assert!(check(&facts, &draft()).is_err());
}

#[test]
fn a_subject_is_one_line() {
    let two = Draft { email_subject: "Flight {{flight}}\nReply-To: me".into(), ..draft() };
    assert!(check(&facts(), &two).is_err());
}

#[test]
fn a_text_message_must_fit_with_what_is_filled_in_and_appended() {
    let facts = Facts::of(&about(Nature::News, cancellation(Reason::Crew)), Language::En);
    let text = |length: usize| Draft {
        email_subject: "Flight {{flight}} is cancelled".into(),
        email_body: "Dear {{first_name}},\n\nYour flight {{flight}} is cancelled.".into(),
        sms: format!("{{{{first_name}}}}, {{{{flight}}}} is cancelled. {}", "x".repeat(length)),
    };
    let fixed = MAX_SMS_NAME + ", SW5678 is cancelled.  ".len() + MAX_SMS_LINK;
    assert_eq!(check(&facts, &text(160 - fixed)), Ok(()));
    assert_eq!(check(&facts, &text(161 - fixed)), Err(Breach::SmsTooLong(161)));
}

#[test]
fn a_breach_as_text_has_none_of_the_words() {
    let breach = check_sms("{{first_name}}, {{flight}} {{delay}} {{departure}} xyzzy dollars");
    let breach = breach.unwrap_err();
    assert!(format!("{breach:?}").contains("dollar"));
    assert!(!breach.to_string().contains("dollar"), "{breach}");
}

// What may not stand in any text, wherever it is put.
const FORBIDDEN: [&str; 30] = [
    "7",
    "15:40",
    "SW99",
    "twelve",
    "veinte",
    "douze",
    "zwölf",
    "Denver,",
    "LAX",
    "www.x.example",
    "evil.example",
    "http://x",
    "refund",
    "reembolso",
    "remboursement",
    "Gutschein",
    "hotel",
    "not",
    "nunca",
    "jamais",
    "nicht",
    "tomorrow",
    "mañana",
    "demain",
    "Montag",
    "call",
    "llame",
    "appelez",
    "anrufen",
    "{{seat}}",
];

fn put(text: &str, at: usize, word: &str) -> String {
    let spaces: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
    let at = spaces[at % spaces.len()];
    format!("{} {word}{}", &text[..at], &text[at..])
}

/// One of the three texts of a message.
fn part_of(texts: &mut Draft, part: usize) -> &mut String {
    match part {
        0 => &mut texts.email_subject,
        1 => &mut texts.email_body,
        _ => &mut texts.sms,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_good_text_with_a_forbidden_word_put_anywhere_is_refused(
        which in 0usize..1_000, part in 0usize..3, at in 0usize..1_000, word in 0usize..30,
    ) {
        let good = good();
        let text = &good[which % good.len()];
        let mut texts = text.texts.clone();
        let target = part_of(&mut texts, part);
        *target = put(target, at, FORBIDDEN[word]);
        prop_assert!(check(&text.ask.facts(), &texts).is_err(), "{texts:#?}");
    }

    // In all scripts, and as fractions, circled or Roman: whatever Unicode says is a number.
    #[test]
    fn a_good_text_with_a_number_put_anywhere_is_refused(
        which in 0usize..1_000, part in 0usize..3, at in any::<prop::sample::Index>(), digit in "\\p{N}",
    ) {
        let good = good();
        let text = &good[which % good.len()];
        let mut texts = text.texts.clone();
        let target = part_of(&mut texts, part);
        let places: Vec<_> = target.char_indices().map(|(place, _)| place).collect();
        target.insert_str(places[at.index(places.len())], &digit);
        prop_assert!(check(&text.ask.facts(), &texts).is_err(), "{texts:#?}");
    }

    #[test]
    fn no_text_makes_the_check_panic(text in "(\\PC|\\{\\{flight\\}\\}|\\{|\\}|[ .,:'\\-\n]){0,80}") {
        let texts = Draft { email_subject: text.clone(), email_body: text.clone(), sms: text };
        for language in Language::ALL {
            let _ = check(&Facts::of(&notice(), language), &texts);
        }
    }
}
