//! The ports to the operation's records, over DynamoDB and in memory.
//!
//! **Invariants.** `keys` alone knows the table's keys. Every port is narrow: a Lambda names in
//! its signature what it reads and writes. Both implementations pass the same suite
//! ([`conformance`]).

mod bulk;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
pub mod dynamo;
pub mod keys;
pub mod memory;
mod operators;
mod quiet;
mod reads;
mod reconciliations;
mod reservations;
mod watermarks;

pub use reads::{
    BookedBy, BookingLookup, EventClaim, EventClaimReader, FlightLister, FlightsOf,
    NotificationReader, Page, PassengerReader, SentNotification, ToldOf,
};

pub use bulk::{BulkWriter, MOST_SEEDINGS, Record, Seeding, SeedingLog};
pub use quiet::{MOST_QUIET_EVENTS, QuietWriter};
pub use reconciliations::{
    DISCREPANCY_RETENTION_SECONDS, DISCREPANCY_SHARDS, RUN_RETENTION_SECONDS, ReconciliationLog,
    ReconciliationReader,
};
pub use reservations::{OperationsReader, ReservationReader, ReservationWriter, Reservations};

pub use watermarks::{Watermark, Watermarks};

pub use operators::{Action, ActionLog, ActionPage, Hold, Outcome, SwitchReader, SwitchWriter};

use flightpulse_domain::booking::{Booking, BookingStatus};
use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::{BookingId, EventId, FlightId, NotificationId, PassengerId};
use flightpulse_domain::message::Author;
use flightpulse_domain::notice::Nature;
use flightpulse_domain::notification::Channel;
use flightpulse_domain::passenger::{Language, Passenger};
use jiff::Timestamp;
use std::collections::HashMap;
use std::future::Future;

/// Why the store did not answer; the variants are what a caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Throttled, unreachable or failing: ask again later.
    #[error("the table did not answer: {0}")]
    Unavailable(String),
    /// An item is not what it should be: asking again does not help.
    #[error("the item {key} cannot be read: {why}")]
    Corrupt {
        /// The item's key.
        key: String,
        /// What is wrong with it.
        why: String,
    },
    /// The request is not valid: a defect of ours, or too large.
    #[error("the table refused the request: {0}")]
    Refused(String),
    /// The deployment does not allow it: the same call succeeds once someone has mended that.
    #[error("the table does not let us: {0}")]
    NotAllowed(String),
}

impl StoreError {
    /// Whether the same call may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

/// Reads flights.
pub trait FlightReader: Send + Sync {
    /// One flight; none when it is not in the table.
    fn flight(
        &self,
        id: &FlightId,
    ) -> impl Future<Output = Result<Option<Flight>, StoreError>> + Send;

    /// Many flights, in as few calls as there can be (100 a call). What is not in the table is
    /// not in the answer; nor is an item that cannot be read.
    fn flights(
        &self,
        ids: &[FlightId],
    ) -> impl Future<Output = Result<HashMap<FlightId, Flight>, StoreError>> + Send;
}

/// What became of a conditional write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It is written.
    Yes,
    /// The item had changed since it was read, or is gone: read it and decide again.
    Outdated,
}

/// Changes flights.
pub trait FlightWriter: Send + Sync {
    /// Writes a flight that was decided on `read`: status, times, gate, versions and what
    /// passengers know. Refused when the flight has been written since it was read.
    fn write_flight(
        &self,
        read: &Flight,
        changed: &Flight,
    ) -> impl Future<Output = Result<Written, StoreError>> + Send;
}

/// A page of the bookings of one flight, by ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingPage {
    /// Booking and passenger.
    pub bookings: Vec<(BookingId, PassengerId)>,
    /// Where to go on; none after the last page.
    pub next: Option<String>,
}

/// A booking and its passenger, as far as they are in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingRecord {
    /// The booking.
    pub booking: Option<Booking>,
    /// The passenger.
    pub passenger: Option<Passenger>,
}

/// The passenger of an entry that cannot be read: nobody.
pub const UNREADABLE_PASSENGER: &str = "unreadable-entry";

/// Reads who is booked.
pub trait BookingReader: Send + Sync {
    /// Up to `limit` bookings of a flight, from `cursor` on, in the order of their ids. An entry
    /// that cannot be read stands with [`UNREADABLE_PASSENGER`]: it must not hide the others, nor
    /// be hidden.
    fn bookings_of_flight(
        &self,
        id: &FlightId,
        cursor: Option<&str>,
        limit: usize,
    ) -> impl Future<Output = Result<BookingPage, StoreError>> + Send;

    /// Bookings with their passengers, in the order asked, in as few calls as there can be
    /// (50 pairs a call). An item that cannot be read is as if it were not there.
    fn booking_records(
        &self,
        ids: &[(BookingId, PassengerId)],
    ) -> impl Future<Output = Result<Vec<BookingRecord>, StoreError>> + Send;
}

/// What became of a change of a booking's status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookingChanged {
    /// The booking has the status.
    Yes,
    /// It stays as it is: it is not of this flight, it was given up, or a newer event of the flight
    /// has changed it.
    No,
    /// Its status has changed since it was read: read it and decide again.
    Outdated,
}

/// Changes bookings.
pub trait BookingWriter: Send + Sync {
    /// Gives a booking the status that a cancellation or reinstatement of its flight brings, with
    /// its entry in the index of statuses that are listed. `booking` is as it was read; `version` is that of the flight's status
    /// facet: of two events the newer one's status stays, whichever is written last. Writing it
    /// again changes nothing.
    fn set_booking_status(
        &self,
        booking: &Booking,
        status: BookingStatus,
        version: &FacetVersion,
    ) -> impl Future<Output = Result<BookingChanged, StoreError>> + Send;
}

/// What a claimed notification is about. Kept with the claim, so that it can be told who was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationClaim {
    /// The notification.
    pub notification_id: NotificationId,
    /// The event that set it off.
    pub event_id: EventId,
    /// The flight.
    pub flight_id: FlightId,
    /// The booking.
    pub booking_id: BookingId,
    /// The channel.
    pub channel: Channel,
    /// The passenger.
    pub passenger_id: PassengerId,
    /// What it tells of, by the name that events have for it.
    pub kind: String,
    /// How it stands to what was told before.
    pub nature: Nature,
    /// The language of the text.
    pub language: Language,
    /// Who wrote the text.
    pub author: Author,
    /// The operator's request by which it is told again, when it is.
    pub resend_id: Option<EventId>,
    /// What it says, in short; personal data.
    pub headline: String,
}

/// What became of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed {
    /// It is ours: send.
    Ours,
    /// It has been sent before.
    SentBefore,
    /// Another owner is about to send it.
    Others,
}

/// Claims notifications before they are sent.
pub trait NotificationClaims: Send + Sync {
    /// Claims a notification for an owner. The same owner may claim again until it is marked as
    /// sent; another only after [`CLAIM_SECONDS`].
    fn claim(
        &self,
        claim: &NotificationClaim,
        owner: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Claimed, StoreError>> + Send;

    /// Marks claimed notifications as sent at `now`, in as few calls as there can be (25 a call).
    /// One named twice is marked once. From then on they are among what a [`NotificationReader`]
    /// lists.
    fn mark_sent(
        &self,
        claims: &[NotificationClaim],
        owner: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// How long a claim keeps others away, in seconds: longer than a workflow's task with its
/// retries, after which its owner is gone.
pub const CLAIM_SECONDS: i64 = 900;

/// How long a claim is kept in the table, in seconds: 35 days, longer than Kafka (7 days by
/// default) and an event archive of 30 days can deliver the same event again.
pub const CLAIM_RETENTION_SECONDS: i64 = 35 * 24 * 3_600;

/// Writes whole records: what seeding and the booking feeds use.
pub trait RecordWriter: Send + Sync {
    /// Puts a flight, replacing what was there.
    fn put_flight(&self, flight: &Flight) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// Puts a passenger, replacing what was there.
    fn put_passenger(
        &self,
        passenger: &Passenger,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// Puts a booking with its entries under its flight and its passenger, in one transaction.
    fn put_booking(&self, booking: &Booking)
    -> impl Future<Output = Result<(), StoreError>> + Send;
}
