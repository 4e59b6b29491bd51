//! Sending again what one letter holds.

use super::letter::{Content, Kind, Letter};
use super::plan::{self, Again, Bytes, How};
use super::walk::{Act, Outcome};
use crate::interrupt::Interrupt;
use flightpulse_domain::ids::FlightId;
use jiff::Timestamp;

/// Where things are sent, and what is looked up before. Errors are sentences for whoever reads why
/// a letter stays.
pub(super) trait Outlets {
    /// Sends; answers where it was accepted.
    async fn send(&self, again: &Again) -> Result<String, String>;
    /// The bytes at `s3://bucket/key`.
    async fn bytes(&self, place: &str) -> Result<Vec<u8>, String>;
    /// Whether the flight is in the table.
    async fn knows(&self, flight: &FlightId) -> Result<bool, String>;
    /// The flight of a booking, if the booking is there.
    async fn flight_of(&self, booking_id: &str) -> Option<FlightId>;
}

/// Sends letters again.
pub(super) struct Redrive<O> {
    pub(super) outlets: O,
    pub(super) how: How,
    /// Says what it would do and does not do it.
    pub(super) dry_run: bool,
    /// The time by which events are read.
    pub(super) now: Timestamp,
    /// Whether somebody has asked to end it.
    pub(super) interrupt: Interrupt,
}

impl<O: Outlets> Act for Redrive<O> {
    async fn act(&self, letter: &Letter) -> Outcome {
        self.redrive(letter).await.unwrap_or_else(Outcome::Stays)
    }

    fn is_over(&self) -> bool {
        self.interrupt.is_asked()
    }
}

impl<O: Outlets> Redrive<O> {
    async fn redrive(&self, letter: &Letter) -> Result<Outcome, String> {
        if let Kind::Booking { booking_id, .. } = &letter.kind {
            let flight = self.outlets.flight_of(booking_id).await;
            return Err(plan::advice(letter, booking_id, flight.as_ref()));
        }
        if let Some(flight) = plan::waits_for(letter, &self.how).map_err(|stays| stays.0)?
            && !self.outlets.knows(&flight).await?
        {
            return Err(format!(
                "flight {flight} is not in the table yet (--force sends it anyway)"
            ));
        }
        let fetched = match plan::bytes_at(letter, &self.how) {
            Some(place) => Some(self.outlets.bytes(place).await?),
            None => None,
        };
        let own = match letter.kind.content() {
            Some(Content::Here(bytes)) => Some(bytes.as_slice()),
            _ => fetched.as_deref(),
        };
        let again =
            plan::again(letter, Bytes(own), &self.how, self.now).map_err(|stays| stays.0)?;
        if self.dry_run {
            return Ok(Outcome::Would(again.to_string()));
        }
        Ok(Outcome::Accepted(self.outlets.send(&again).await?))
    }
}

#[cfg(test)]
mod tests {
    use super::super::letter::tests::{bus_event, letter, record};
    use super::*;
    use crate::cli::Shelf;
    use serde_json::json;
    use std::cell::RefCell;

    const GOOD: &[u8] = br#"{"event_id":"e9","event_type":"GATE_CHANGE","source":"ops",
        "timestamp":"2026-11-21T09:40:00Z","payload":{"flight_id":"SW5678","new_gate":"D15"}}"#;

    #[derive(Default)]
    struct Fake {
        sent: RefCell<Vec<String>>,
        knows: bool,
        away: bool,
    }

    impl Outlets for Fake {
        async fn send(&self, again: &Again) -> Result<String, String> {
            if self.away {
                return Err("the brokers are away".into());
            }
            self.sent.borrow_mut().push(again.to_string());
            Ok("there".into())
        }

        async fn bytes(&self, place: &str) -> Result<Vec<u8>, String> {
            if place.ends_with("gone") { Err("it is gone".into()) } else { Ok(GOOD.to_vec()) }
        }

        async fn knows(&self, _flight: &FlightId) -> Result<bool, String> {
            Ok(self.knows)
        }

        async fn flight_of(&self, booking_id: &str) -> Option<FlightId> {
            (booking_id == "B1").then(|| FlightId::new("SW5678").unwrap())
        }
    }

    fn redrive(outlets: Fake) -> Redrive<Fake> {
        let now = "2026-11-21T10:00:00Z".parse().unwrap();
        let interrupt = Interrupt::listen();
        Redrive { outlets, how: How::default(), dry_run: false, now, interrupt }
    }

    fn stays(outcome: Outcome) -> String {
        match outcome {
            Outcome::Stays(why) => why,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_dry_run_sends_nothing() {
        let mut redrive = redrive(Fake::default());
        redrive.dry_run = true;
        let outcome = redrive.act(&letter(Shelf::DeadLetters, &record(GOOD))).await;
        let size = GOOD.len();
        let would = format!("to the topic flight-operations, key SW5678, {size} bytes");
        assert_eq!(outcome, Outcome::Would(would));
        assert!(redrive.outlets.sent.borrow().is_empty());
    }

    #[tokio::test]
    async fn what_is_not_accepted_stays() {
        let redrive = redrive(Fake { away: true, ..Fake::default() });
        let why = stays(redrive.act(&letter(Shelf::DeadLetters, &record(GOOD))).await);
        assert_eq!(why, "the brokers are away");
    }

    #[tokio::test]
    async fn an_unknown_flight_waits_for_its_flight() {
        let waiting = letter(Shelf::UnknownFlights, &bus_event("flight.unknown"));
        let unknown = redrive(Fake::default());
        assert!(stays(unknown.act(&waiting).await).contains("SW5678 is not in the table yet"));
        assert!(unknown.outlets.sent.borrow().is_empty());
        let known = redrive(Fake { knows: true, ..Fake::default() });
        assert_eq!(known.act(&waiting).await, Outcome::Accepted("there".into()));
        assert_eq!(known.outlets.sent.borrow().len(), 1);
        let mut forced = redrive(Fake::default());
        forced.how.force = true;
        assert_eq!(forced.act(&waiting).await, Outcome::Accepted("there".into()));
    }

    #[tokio::test]
    async fn bytes_in_the_bucket_are_fetched_or_the_letter_stays() {
        let mut body = record(b"");
        body.as_object_mut().unwrap().remove("bytes_base64");
        body["bytes_at"] = json!("s3://b/k");
        let redrive = redrive(Fake::default());
        assert_eq!(
            redrive.act(&letter(Shelf::DeadLetters, &body)).await,
            Outcome::Accepted("there".into())
        );
        body["bytes_at"] = json!("s3://b/gone");
        assert_eq!(stays(redrive.act(&letter(Shelf::DeadLetters, &body)).await), "it is gone");
    }

    #[tokio::test]
    async fn a_booking_is_told_with_its_flight() {
        let booking = |id: &str| {
            let body = json!({"kind": "booking", "booking_id": id, "event_id": "e1",
                "execution_id": "x", "reason": "gone", "at": "2026-11-21T09:00:00Z"});
            letter(Shelf::DeadLetters, &body)
        };
        let redrive = redrive(Fake::default());
        assert!(stays(redrive.act(&booking("B1")).await).contains("ops resend SW5678"));
        assert!(stays(redrive.act(&booking("B2")).await).contains("ops resend FLIGHT"));
    }
}
