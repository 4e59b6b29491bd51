//! Filling in a passenger's own data, after every check and outside every prompt.

use super::fill::fill;
use super::gsm7::{SINGLE_SMS_SEPTETS, septets, transliterate};
use super::special_requests;
use crate::booking::Booking;
use crate::passenger::{Language, Passenger};

/// The longest first name in a text message, in septets. [`super::check`] leaves room for it.
pub const MAX_SMS_NAME: usize = 20;
/// The longest confirmation number that [`super::check`] leaves room for, in septets.
pub const MAX_SMS_PNR: usize = 8;
/// The longest seat in a text message, in septets.
pub const MAX_SMS_SEAT: usize = 14;
/// The longest rebooking link that [`super::check`] leaves room for, in septets. The stack takes
/// no longer one.
pub const MAX_SMS_LINK: usize = 60;

const MAX_NAME: usize = 40;

/// Whom a text is filled in for.
#[derive(Debug, Clone, Copy)]
pub struct Personal<'a> {
    /// The passenger.
    pub passenger: &'a Passenger,
    /// Their booking on the flight.
    pub booking: &'a Booking,
    /// Where another flight is chosen.
    pub rebooking_url: &'a str,
    /// The language that the text is in.
    pub language: Language,
}

impl Personal<'_> {
    fn fill(&self, text: &str, first_name: &str, seat: &str) -> String {
        fill(text, |placeholder| match placeholder {
            "{{first_name}}" => Some(first_name.to_owned()),
            "{{seat}}" => Some(seat.to_owned()),
            // Never cut: half a confirmation number is a wrong one, and so is half a link.
            "{{confirmation_number}}" => Some(self.booking.confirmation_number.as_str().to_owned()),
            "{{rebooking_link}}" => Some(self.rebooking_url.to_owned()),
            _ => {
                special_requests::value(placeholder, &self.booking.special_requests, self.language)
            }
        })
    }
}

/// Fills in an email's text.
#[must_use]
pub fn email(text: &str, personal: &Personal<'_>) -> String {
    let name = name(personal.passenger, personal.language);
    let seat = seat(personal.booking, personal.language);
    let filled: Vec<_> = text
        .split("\n\n")
        .map(|paragraph| (paragraph, personal.fill(paragraph, &name, &seat)))
        // A paragraph for requests that there are none of leaves no gap.
        .filter(|(paragraph, filled)| paragraph.is_empty() || !filled.is_empty())
        .map(|(_, filled)| filled)
        .collect();
    filled.join("\n\n")
}

/// Fills in a text message and writes it in the GSM 7-bit alphabet. None when it would not fit
/// one message.
#[must_use]
pub fn sms(text: &str, personal: &Personal<'_>) -> Option<String> {
    let short =
        |text: String, max: usize| transliterate(&text).chars().take(max).collect::<String>();
    let name = short(name(personal.passenger, personal.language), MAX_SMS_NAME);
    let seat = short(seat(personal.booking, personal.language), MAX_SMS_SEAT);
    let text = transliterate(&personal.fill(text, name.trim_end(), &seat));
    septets(&text).filter(|count| *count <= SINGLE_SMS_SEPTETS).map(|_| text)
}

/// The septets of a composed text message with every personal placeholder at its longest; none
/// when that cannot be said.
pub(super) fn septets_at_worst(text: &str) -> Option<usize> {
    let longest = |placeholder: &str| {
        let length = match placeholder {
            "{{first_name}}" => MAX_SMS_NAME,
            "{{confirmation_number}}" => MAX_SMS_PNR,
            "{{seat}}" => MAX_SMS_SEAT,
            "{{rebooking_link}}" => MAX_SMS_LINK,
            _ => return None,
        };
        Some("x".repeat(length))
    };
    septets(&transliterate(&fill(text, longest)))
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
            flight_status_version: None,
            rebooking_version: None,
            passenger_count: 1,
        }
    }

    fn personal<'a>(passenger: &'a Passenger, booking: &'a Booking) -> Personal<'a> {
        let rebooking_url = "https://www.example.com/rebook";
        Personal { passenger, booking, rebooking_url, language: Language::En }
    }

    fn email_for(text: &str, first_name: &str, seat: Option<&str>) -> String {
        email(text, &personal(&passenger(first_name), &booking(seat)))
    }

    fn sms_for(text: &str, first_name: &str) -> Option<String> {
        sms(text, &personal(&passenger(first_name), &booking(None)))
    }

    #[test]
    fn placeholders_become_the_passengers_own_data() {
        let text = "Hi {{first_name}}, seat {{seat}}, {{confirmation_number}}. {{first_name}}! \
                    {{rebooking_link}}";
        let filled = email_for(text, "Ada", Some("12C"));
        assert_eq!(filled, "Hi Ada, seat 12C, ABC123. Ada! https://www.example.com/rebook");
    }

    #[rstest]
    #[case(&[], "A\n\nB")]
    #[case(&["VGML"], "A\n\nB")]
    #[case(
        &["WCHR"],
        "A\n\nYou have wheelchair assistance on your booking: please tell our staff at the new \
         gate if nobody is waiting for you.\n\nB"
    )]
    fn special_requests_are_a_paragraph_or_nothing(
        #[case] requests: &[&str],
        #[case] filled: &str,
    ) {
        let mut booking = booking(None);
        booking.special_requests = requests.iter().map(|code| (*code).to_owned()).collect();
        let text = "A\n\n{{special_requests:gate_change}}\n\nB";
        assert_eq!(email(text, &personal(&passenger("Ada"), &booking)), filled);
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
        assert_eq!(email_for("{{first_name}}", name, None), shown);
    }

    #[rstest]
    #[case(Some("12C"), "12C")]
    #[case(None, "not assigned")]
    #[case(Some("call 555"), "not assigned")]
    fn only_a_seat_goes_in_as_a_seat(#[case] seat: Option<&str>, #[case] shown: &str) {
        assert_eq!(email_for("{{seat}}", "Ada", seat), shown);
    }

    #[test]
    fn a_text_message_is_in_its_alphabet_and_fits_or_is_none() {
        assert_eq!(sms_for("Hi {{first_name}}", "María").unwrap(), "Hi Maria");
        assert!(sms_for(&"x".repeat(161), "Ada").is_none());
    }

    proptest! {
        #[test]
        fn no_text_and_no_name_make_filling_panic(text in "\\PC{0,60}", name in "\\PC{0,30}") {
            let _ = email_for(&text, &name, None);
            let _ = sms_for(&text, &name);
        }
    }
}
