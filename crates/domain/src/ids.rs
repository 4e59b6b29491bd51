//! Typed ids: a passenger's id cannot be handed over where a booking's is asked for.

use serde::{Deserialize, Serialize};

/// Why a text is no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} must be 1 to {max} characters of A-Z a-z 0-9 . _ : - ; got {got}")]
pub struct InvalidId {
    /// The kind of id, as the contracts name it: `flight_id`, `event_id`, …
    pub kind: &'static str,
    /// The longest form allowed, in characters.
    pub max: usize,
    /// What was given, shortened for a log line.
    pub got: String,
}

// `#` separates the parts of a table key and `/` those of a URL path, so neither may be in an id:
// an id could otherwise name another item than the one meant.
fn check(kind: &'static str, max: usize, text: &str) -> Result<(), InvalidId> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':' | '-');
    if !text.is_empty() && text.len() <= max && text.chars().all(allowed) {
        return Ok(());
    }
    let shown: String = text.chars().take(40).collect();
    Err(InvalidId { kind, max, got: format!("{shown:?}") })
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $max:literal) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
            schemars::JsonSchema,
        )]
        #[serde(try_from = "String")]
        #[schemars(with = "String")]
        pub struct $name(String);

        impl $name {
            /// What every id of this kind matches, as a regular expression for documents.
            pub const PATTERN: &'static str = concat!("^[A-Za-z0-9._:-]{1,", $max, "}$");

            /// Takes the text as an id.
            ///
            /// # Errors
            /// [`InvalidId`] when it is empty, too long or has a character outside `A-Z a-z 0-9 . _ : -`.
            pub fn new(text: impl Into<String>) -> Result<Self, InvalidId> {
                let text = text.into();
                check($kind, $max, &text)?;
                Ok(Self(text))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

id!(
    /// A flight: opaque, `SW5678` in the sample airline, `{number}-{date}-{origin}` for dated legs.
    FlightId, "flight_id", 64
);
id!(
    /// A passenger.
    PassengerId, "passenger_id", 64
);
id!(
    /// A booking: one passenger's place on one flight.
    BookingId, "booking_id", 64
);
id!(
    /// An event, unique for all time at its source.
    EventId, "event_id", 128
);
id!(
    /// What ties together everything that one outside event set off.
    CorrelationId, "correlation_id", 128
);
id!(
    /// One text to one passenger by one channel; the same for every repeat of it.
    NotificationId, "notification_id", 64
);
id!(
    /// A record locator (PNR), shared by everyone on one reservation.
    Pnr, "confirmation_number", 16
);

// Every event id is a correlation id: both have the same form, and where nobody said what an event
// belongs to, it belongs to itself.
impl From<&EventId> for CorrelationId {
    fn from(id: &EventId) -> Self {
        Self(id.0.clone())
    }
}

impl FlightId {
    /// The flight's number as a passenger knows it: the part before the date of a dated leg
    /// (`UA15-2013-02-08-EWR` → `UA15`), else the whole id.
    #[must_use]
    pub fn number(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("SW5678", "SW5678")]
    #[case("UA15-2013-02-08-EWR", "UA15")]
    fn a_flights_number_is_the_part_before_the_date(#[case] id: &str, #[case] number: &str) {
        assert_eq!(FlightId::new(id).unwrap().number(), number);
    }

    #[rstest]
    #[case("")]
    #[case("SW 12")]
    #[case("SW#12")]
    #[case("../SW12")]
    #[case("ÜW12")]
    fn an_id_cannot_reach_into_a_key_or_a_path(#[case] text: &str) {
        let error = FlightId::new(text).unwrap_err();
        assert!(error.to_string().starts_with("flight_id must be 1 to 64 characters"), "{error}");
    }

    #[test]
    fn an_id_that_is_too_long_is_refused_and_shortened_in_the_message() {
        let error = EventId::new("x".repeat(129)).unwrap_err();
        assert!(error.to_string().len() < 160, "{error}");
    }

    #[test]
    fn an_id_is_checked_when_it_is_read_from_json() {
        assert!(serde_json::from_str::<FlightId>(r#""SW#1""#).is_err());
        assert_eq!(serde_json::from_str::<FlightId>(r#""SW1""#).unwrap().as_str(), "SW1");
    }
}
