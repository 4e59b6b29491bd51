//! Filling in a passenger's own data, after every check and outside every prompt.

use super::gsm7::{SINGLE_SMS_SEPTETS, septets, transliterate};
use crate::booking::Booking;
use crate::passenger::{Language, Passenger};

/// The longest first name in a text message, in septets. [`super::check`] leaves room for it.
pub const MAX_SMS_NAME: usize = 20;
/// The longest confirmation number that [`super::check`] leaves room for, in septets.
pub const MAX_SMS_PNR: usize = 8;
/// The longest seat in a text message, in septets.
pub const MAX_SMS_SEAT: usize = 14;

const MAX_NAME: usize = 40;

/// Fills in an email's text, which is in `language`.
#[must_use]
pub fn email(text: &str, passenger: &Passenger, booking: &Booking, language: Language) -> String {
    fill(
        text,
        &name(passenger, language),
        &seat(booking, language),
        booking.confirmation_number.as_str(),
    )
}

/// Fills in a text message, which is in `language`, and writes it in the GSM 7-bit alphabet. None when it would not fit
/// one message.
#[must_use]
pub fn sms(
    text: &str,
    passenger: &Passenger,
    booking: &Booking,
    language: Language,
) -> Option<String> {
    let short =
        |text: String, max: usize| transliterate(&text).chars().take(max).collect::<String>();
    let name = short(name(passenger, language), MAX_SMS_NAME);
    let seat = short(seat(booking, language), MAX_SMS_SEAT);
    // Never cut: half a confirmation number is a wrong one.
    let pnr = booking.confirmation_number.as_str();
    let text = transliterate(&fill(text, name.trim_end(), &seat, pnr));
    septets(&text).filter(|count| *count <= SINGLE_SMS_SEPTETS).map(|_| text)
}

// One pass over the text: a name that looks like a placeholder is not filled in again.
fn fill(text: &str, first_name: &str, seat: &str, pnr: &str) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        filled.push_str(&rest[..at]);
        let from = &rest[at..];
        let known =
            [("{{first_name}}", first_name), ("{{seat}}", seat), ("{{confirmation_number}}", pnr)];
        match known.iter().find(|(placeholder, _)| from.starts_with(placeholder)) {
            Some((placeholder, value)) => {
                filled.push_str(value);
                rest = &from[placeholder.len()..];
            }
            None => {
                filled.push_str("{{");
                rest = &from[2..];
            }
        }
    }
    filled.push_str(rest);
    filled
}

// A first name comes from outside and is put into a text that carries our name: only what a name
// is made of goes in, so that it cannot bring a link or a sentence of its own.
fn name(passenger: &Passenger, language: Language) -> String {
    let name = passenger.first_name.trim();
    let of_a_name = |c: char| c.is_alphabetic() || matches!(c, ' ' | '\'' | '’' | '-');
    if !name.is_empty() && name.chars().count() <= MAX_NAME && name.chars().all(of_a_name) {
        return name.to_owned();
    }
    match language {
        Language::En => "traveler",
        Language::Es => "viajero",
        Language::Fr => "voyageur",
        Language::De => "Reisegast",
    }
    .to_owned()
}

fn seat(booking: &Booking, language: Language) -> String {
    let is_seat = |seat: &&str| {
        !seat.is_empty() && seat.len() <= 4 && seat.chars().all(|c| c.is_ascii_alphanumeric())
    };
    let none_yet = match language {
        Language::En => "not assigned",
        Language::Es => "sin asignar",
        Language::Fr => "non attribué",
        Language::De => "noch offen",
    };
    booking.seat.as_deref().filter(is_seat).unwrap_or(none_yet).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::booking::BookingStatus;
    use crate::ids::{BookingId, FlightId, PassengerId, Pnr};
    use crate::passenger::{NotificationPreferences, Tier};
    use proptest::prelude::*;
    use rstest::rstest;

    fn passenger(first_name: &str) -> Passenger {
        Passenger {
            passenger_id: PassengerId::new("P001").unwrap(),
            first_name: first_name.into(),
            last_name: "Byron".into(),
            email: None,
            phone: None,
            rapid_rewards_number: None,
            tier: Tier::Member,
            notification_preferences: NotificationPreferences::default(),
            language: Language::En,
        }
    }

    fn booking(seat: Option<&str>) -> Booking {
        Booking {
            booking_id: BookingId::new("B001").unwrap(),
            passenger_id: PassengerId::new("P001").unwrap(),
            flight_id: FlightId::new("SW5678").unwrap(),
            confirmation_number: Pnr::new("ABC123").unwrap(),
            seat: seat.map(str::to_owned),
            fare_class: None,
            booking_status: BookingStatus::Confirmed,
            checked_in: false,
            bags_checked: 0,
            special_requests: vec![],
            created_at: "2026-10-01T00:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn placeholders_become_the_passengers_own_data() {
        let text = "Hi {{first_name}}, seat {{seat}}, {{confirmation_number}}. {{first_name}}!";
        let filled = email(text, &passenger("Ada"), &booking(Some("12C")), Language::En);
        assert_eq!(filled, "Hi Ada, seat 12C, ABC123. Ada!");
    }

    #[rstest]
    #[case("Zoë", "Zoë")]
    #[case("Jean-Luc", "Jean-Luc")]
    #[case("O'Neil", "O'Neil")]
    #[case("Visit evil.example", "traveler")]
    #[case("{{seat}}", "traveler")]
    #[case("", "traveler")]
    #[case("A\nB", "traveler")]
    fn only_a_name_goes_in_as_a_name(#[case] name: &str, #[case] shown: &str) {
        assert_eq!(email("{{first_name}}", &passenger(name), &booking(None), Language::En), shown);
    }

    #[rstest]
    #[case(Some("12C"), "12C")]
    #[case(None, "not assigned")]
    #[case(Some("call 555"), "not assigned")]
    fn only_a_seat_goes_in_as_a_seat(#[case] seat: Option<&str>, #[case] shown: &str) {
        assert_eq!(email("{{seat}}", &passenger("Ada"), &booking(seat), Language::En), shown);
    }

    #[test]
    fn a_text_message_is_in_its_alphabet_and_fits_or_is_none() {
        let said =
            sms("Hi {{first_name}}", &passenger("María"), &booking(None), Language::En).unwrap();
        assert_eq!(said, "Hi Maria");
        assert!(sms(&"x".repeat(161), &passenger("Ada"), &booking(None), Language::En).is_none());
    }

    proptest! {
        #[test]
        fn no_text_and_no_name_make_filling_panic(text in "\\PC{0,60}", name in "\\PC{0,30}") {
            let _ = email(&text, &passenger(&name), &booking(None), Language::En);
            let _ = sms(&text, &passenger(&name), &booking(None), Language::En);
        }
    }
}
