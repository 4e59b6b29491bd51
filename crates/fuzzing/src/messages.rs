//! What a model answers, and what a passenger then reads.

use flightpulse_domain::booking::Booking;
use flightpulse_domain::message::check::check_for;
use flightpulse_domain::message::facts::Facts;
use flightpulse_domain::message::gsm7::{SINGLE_SMS_SEPTETS, septets, transliterate};
use flightpulse_domain::message::prompt::read_answer;
use flightpulse_domain::message::render::{self, Personal};
use flightpulse_domain::message::{Draft, PERSONAL, Texts, compose, templates};
use flightpulse_domain::notice::Notice;
use flightpulse_domain::passenger::{Language, Passenger, Tier};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Where another flight is chosen.
const LINK: &str = "https://example.com/rebook";

/// Reads `{"notice": …, "language": …, "tier": …, "answer": …}`: what a model answered to a notice.
/// Any input is tried as a text too.
pub fn messages(input: &[u8]) {
    alphabet(&String::from_utf8_lossy(input));
    let Ok(mut given) = serde_json::from_slice::<Value>(input) else { return };
    let mut take = |name: &str| given.get_mut(name).map(Value::take).unwrap_or_default();
    let Ok(notice) = serde_json::from_value::<Notice>(take("notice")) else { return };
    let language = serde_json::from_value(take("language")).unwrap_or_default();
    let tier = serde_json::from_value(take("tier")).unwrap_or(Tier::Member);
    let facts = Facts::of(&notice, language);
    let Ok(draft) = read_answer(take("answer")) else { return };
    if check_for(&facts, tier, &draft).is_ok() {
        told(&draft, &facts, tier, language);
    }
}

/// A text is in the alphabet of text messages or is not; written in it, it is, once and for all.
fn alphabet(text: &str) {
    let written = transliterate(text);
    let count = septets(&written);
    let doubled = written.chars().filter(|c| "^{}\\[~]|€".contains(*c)).count();
    assert_eq!(count, Some(written.chars().count() + doubled));
    assert_eq!(transliterate(&written), written);
    if septets(text).is_some() {
        assert_eq!(written, text);
    }
}

/// What passed the check has no number of its own, leaves nothing unfilled, and fits one message.
fn told(draft: &Draft, facts: &Facts, tier: Tier, language: Language) {
    let prose = [&draft.email_subject, &draft.email_body, &draft.sms];
    for text in prose {
        assert!(!text.chars().any(char::is_numeric), "{text:?}");
        assert!(!text.contains("://") && !text.contains('@'), "{text:?}");
    }
    let texts = compose(draft, facts);
    // The template's texts have every fact; what else is a number is wrong.
    let plain = compose(&templates::draft(facts, tier), facts);
    let placeholders = facts.placeholders().into_iter();
    let values = placeholders.filter_map(|(name, _)| facts.value(name));
    let known: BTreeSet<_> =
        parts(&plain).iter().cloned().chain(values).flat_map(|text| numbers(&text)).collect();
    for text in parts(&texts) {
        for number in numbers(&text) {
            assert!(known.contains(&number), "{number} is no fact: {text:?}");
        }
        let rest = PERSONAL.iter().fold(text.clone(), |text, name| text.replace(name, ""));
        let unfilled = rest.replace("{{special_requests:", "");
        assert!(!unfilled.contains("{{"), "{text:?}");
    }
    personal(&texts, language);
}

fn parts(texts: &Texts) -> [String; 3] {
    [texts.email_subject.clone(), texts.email_body.clone(), texts.sms.clone()]
}

/// The runs of digits of a text.
fn numbers(text: &str) -> Vec<String> {
    let runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    runs.map(str::to_owned).collect()
}

/// Filled in for someone with a long name.
fn personal(texts: &Texts, language: Language) {
    let passenger = json!({
        "passenger_id": "P001", "first_name": "Maximiliana-Theodora Élodie", "last_name": "Groß",
        "tier": "MEMBER",
    });
    let booking = json!({
        "booking_id": "B001", "passenger_id": "P001", "flight_id": "SW5678",
        "confirmation_number": "K7QX2M", "booking_status": "CONFIRMED",
        "created_at": "2026-11-01T00:00:00Z", "special_requests": ["WCHR"],
    });
    let passenger = serde_json::from_value::<Passenger>(passenger);
    let booking = serde_json::from_value::<Booking>(booking);
    let (Ok(passenger), Ok(booking)) = (passenger, booking) else { unreachable!("they are") };
    let personal =
        Personal { passenger: &passenger, booking: &booking, rebooking_url: LINK, language };
    let sms = render::sms(&texts.sms, &personal);
    let count = sms.as_deref().and_then(septets);
    assert!(count.is_some_and(|count| count <= SINGLE_SMS_SEPTETS), "{sms:?}");
    let email = render::email(&texts.email_body, &personal);
    for text in [sms.unwrap_or_default(), email] {
        assert!(!text.contains("{{"), "{text:?}");
    }
}
