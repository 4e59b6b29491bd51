use super::*;
use crate::message::facts::tests::notice;
use proptest::prelude::*;
use rstest::rstest;

fn facts(language: Language) -> Facts {
    Facts::of(&notice(), language)
}

fn good() -> Texts {
    Texts {
        email_subject: "Your flight SW5678 now leaves at 3:40 PM".into(),
        email_body: "Dear {{first_name}}, flight SW5678 from DEN to PHX is delayed by 90 minutes \
            for a maintenance check. It now leaves at 3:40 PM on Sunday, November 22 and lands at \
            5:35 PM. Seat {{seat}}, confirmation {{confirmation_number}}. Thank you for your \
            patience."
            .into(),
        sms: "{{first_name}}, flight SW5678 is delayed 90 minutes. New departure: 3:40 PM.".into(),
    }
}

fn check_sms(sms: &str) -> Result<(), Breach> {
    check(&facts(Language::En), &Texts { sms: sms.into(), ..good() })
}

#[rstest]
#[case(Language::En, "{{first_name}}, SW5678 is 90 minutes late, new departure 3:40 p.m.")]
#[case(Language::En, "{{first_name}}: a 90-minute delay for SW5678. Departs 3:40PM!")]
#[case(Language::Es, "{{first_name}}, el vuelo SW5678 sale a las 15:40 (90 minutos tarde).")]
#[case(Language::Es, "{{first_name}}, la nueva hora de salida de SW5678: 15:40 (90 minutos).")]
#[case(Language::Fr, "{{first_name}}, nouvelle heure du vol SW5678: 15:40, retard 90 minutes.")]
#[case(Language::Fr, "{{first_name}}, le vol SW5678 part à 15h40, 90 minutes de retard.")]
#[case(Language::De, "{{first_name}}, Flug SW5678 startet um 15:40 Uhr, 90 Minuten später.")]
fn good_texts_pass(#[case] language: Language, #[case] text: &str) {
    let texts = Texts { email_subject: "SW5678".into(), email_body: text.into(), sms: text.into() };
    assert_eq!(check(&facts(language), &texts), Ok(()));
}

#[test]
fn a_good_email_passes() {
    assert_eq!(check(&facts(Language::En), &good()), Ok(()));
}

#[rstest]
#[case::time_missing("{{first_name}}, SW5678 is 90 minutes late.")]
#[case::delay_missing("{{first_name}}, SW5678 leaves at 3:40 PM.")]
#[case::flight_missing("{{first_name}}, 90 minutes late, departs 3:40 PM.")]
#[case::name_missing("SW5678 is 90 minutes late, departs 3:40 PM.")]
#[case::other_time("{{first_name}}, SW5678 is 90 minutes late, 3:40 PM, not 2:10 PM.")]
#[case::other_half("{{first_name}}, SW5678 is 90 minutes late, departs 3:40 AM.")]
#[case::longer_number("{{first_name}}, SW5678 is 90 minutes late, departs 13:40 PM.")]
#[case::other_delay("{{first_name}}, SW5678 is 190 minutes late, departs 3:40 PM.")]
#[case::other_flight("{{first_name}}, SW5678 (not SW1234) is 90 minutes late, departs 3:40 PM.")]
#[case::flight_in_a_longer("{{first_name}}, SW56789 is 90 minutes late, departs 3:40 PM.")]
#[case::words("{{first_name}}, SW5678 90 minutes late, 3:40 PM. Wait two more hours.")]
#[case::spanish_words("{{first_name}}, SW5678 90 minutes, 3:40 PM. Espere dos horas.")]
#[case::one_hour("{{first_name}}, SW5678 90 minutes, 3:40 PM. Espere una hora.")]
#[case::une_heure("{{first_name}}, SW5678 90 minutes, 3:40 PM. Encore une heure.")]
#[case::arrival("{{first_name}}, SW5678 90 minutes late, departs 3:40 PM, lands 5:35 PM.")]
#[case::way_back("{{first_name}}, SW5678 PHX to DEN 90 minutes late, departs 3:40 PM.")]
#[case::tomorrow("{{first_name}}, SW5678 90 minutes late, departs tomorrow 3:40 PM.")]
#[case::weekday("{{first_name}}, SW5678 90 minutes late, departs Friday 3:40 PM.")]
#[case::manana("{{first_name}}, SW5678 90 minutes, sale mañana 3:40 PM.")]
#[case::earlier("{{first_name}}, SW5678 leaves 90 minutes earlier, 3:40 PM.")]
#[case::negated("{{first_name}}, SW5678 is not 90 minutes late, 3:40 PM.")]
#[case::zone("{{first_name}}, SW5678 90 minutes late, 3:40 PM Eastern.")]
#[case::gate_letter("{{first_name}}, SW5678 90 minutes late, 3:40 PM. Go to gate B.")]
#[case::rebook("{{first_name}}, SW5678 90 minutes late, 3:40 PM. We rebook you.")]
#[case::stem("{{first_name}}, SW5678 90 minutes, 3:40 PM. Le reembolsaremos.")]
#[case::compound("{{first_name}}, SW5678 90 minutes, 3:40 PM. Fünfundvierzig.")]
#[case::emoji("{{first_name}}, SW5678 90 minutes late, 3:40 PM. 🆓 🏨")]
#[case::hidden_dot("{{first_name}}, SW5678 90 minutes late, 3:40 PM. evil․example")]
#[case::amount("{{first_name}}, SW5678 90 minutes late, 3:40 PM. You get $.")]
#[case::promise("{{first_name}}, SW5678 90 minutes late, 3:40 PM. We refund you.")]
#[case::link("{{first_name}}, SW5678 90 minutes late, 3:40 PM. See evil.example")]
#[case::url("{{first_name}}, SW5678 90 minutes late, 3:40 PM. http://evil/x")]
#[case::email_address("{{first_name}}, SW5678 90 minutes late, 3:40 PM. a@b")]
#[case::airport("{{first_name}}, SW5678 to LAX 90 minutes late, departs 3:40 PM.")]
#[case::gate("{{first_name}}, SW5678 90 minutes late, 3:40 PM, gate D15.")]
#[case::cancelled("{{first_name}}, SW5678 is cancelled. 90 minutes, 3:40 PM.")]
#[case::unknown_placeholder("{{first_name}} {{email}}, SW5678 90 minutes late, 3:40 PM.")]
#[case::broken_placeholder("{{first_name}} {{seat, SW5678 90 minutes late, 3:40 PM.")]
#[case::other_digits("{{first_name}}, SW5678 90 minutes late, 3:40 PM, gate ٣.")]
#[case::empty(" ")]
fn wrong_texts_are_refused(#[case] sms: &str) {
    assert!(check_sms(sms).is_err(), "{sms}");
}

#[test]
fn in_an_email_the_arrival_comes_after_the_departure() {
    let body = "{{first_name}}: SW5678, 90 minutes late, lands 3:40 PM, leaves 5:35 PM.";
    let swapped = Texts {
        email_body: body.replace("3:40", "x").replace("5:35", "3:40").replace('x', "5:35"),
        ..good()
    };
    assert!(check(&facts(Language::En), &swapped).is_err());
}

#[test]
fn a_subject_is_one_line() {
    let two = Texts { email_subject: "SW5678\nReply-To: me".into(), ..good() };
    assert!(check(&facts(Language::En), &two).is_err());
}

#[test]
fn another_day_must_be_said() {
    let mut notice = notice();
    let crate::notice::Subject::Delay { delay_minutes, .. } = &mut notice.subject;
    *delay_minutes = 1_530;
    let facts = Facts::of(&notice, Language::En);
    assert!(facts.new_departure_is_on_another_day);
    let text = |when: &str| {
        format!("{{{{first_name}}}}: SW5678 is 1530 minutes late, departs 3:40 PM{when}.")
    };
    for (when, passes) in [("", false), (", Sunday, November 22", true)] {
        let texts =
            Texts { email_subject: "SW5678".into(), email_body: text(when), sms: text(when) };
        assert_eq!(check(&facts, &texts).is_ok(), passes, "{:?}", check(&facts, &texts));
    }
}

#[test]
fn a_text_message_must_fit_with_its_placeholders_at_their_longest() {
    let base = "{{first_name}}, SW5678 is 90 minutes late, departs 3:40 PM. ";
    let fixed = base.len() - "{{first_name}}".len() + MAX_SMS_NAME;
    let fits = format!("{base}{}", "x".repeat(SINGLE_SMS_SEPTETS - fixed));
    assert_eq!(check_sms(&fits), Ok(()));
    assert_eq!(check_sms(&format!("{fits}x")), Err(Breach::SmsTooLong(161)));
}

proptest! {
    #[test]
    fn no_text_makes_the_check_panic(text in "\\PC{0,200}") {
        let texts = Texts { email_subject: text.clone(), email_body: text.clone(), sms: text };
        for language in Language::ALL {
            let _ = check(&facts(language), &texts);
        }
    }

    // Whatever number is added to a good text, the text is refused.
    #[test]
    fn an_added_number_is_always_refused(number in 0u32..1_000_000, at in 0usize..3) {
        let base = "{{first_name}}, flight SW5678 is delayed 90 minutes. Departs 3:40 PM.";
        let places = [14, base.len(), 29];
        let mut text = base.to_owned();
        text.insert_str(places[at], &format!(" {number} "));
        let repeats_a_fact = text.contains("90 90") || number == 90 && at == 2;
        prop_assert!(repeats_a_fact || check_sms(&text).is_err(), "{}", text);
    }
}

#[derive(serde::Deserialize)]
struct Written {
    language: Language,
    delay_minutes: u32,
    reason: crate::delay::Reason,
    correction: bool,
    texts: Texts,
}

// The texts that the local model writes: natural sentences in four languages, which must pass, or
// the local cloud would show templates only.
#[test]
fn every_text_of_the_local_model_passes() {
    let corpus = include_str!("../../../testdata/local-model-texts.json");
    let corpus: Vec<Written> = serde_json::from_str(corpus).unwrap();
    assert!(corpus.len() > 150);
    for written in corpus {
        let mut notice = notice();
        notice.correction = written.correction;
        let crate::notice::Subject::Delay { delay_minutes, reason, .. } = &mut notice.subject;
        (*delay_minutes, *reason) = (written.delay_minutes, written.reason);
        let facts = Facts::of(&notice, written.language);
        assert_eq!(check(&facts, &written.texts), Ok(()), "{:#?}", written.texts);
    }
}
