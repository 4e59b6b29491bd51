//! The table's keys. No other place writes one.

use crate::{DISCREPANCY_SHARDS, Seeding};
use flightpulse_domain::ids::{BookingId, EventId, FlightId, NotificationId, PassengerId, Pnr};
use flightpulse_domain::reconciliation::{Attempt, Discrepancy, RunId};
use flightpulse_domain::reservation::Order;
use jiff::Timestamp;

/// The sort key of an entity's own item.
pub const METADATA: &str = "METADATA";
/// The sort key of a claim.
pub const CLAIM: &str = "CLAIM";
/// What the sort keys of bookings under a flight or a passenger begin with.
pub const BOOKING_PREFIX: &str = "BOOKING#";
/// What the sort keys of flight-operations records begin with.
pub const RECORD_PREFIX: &str = "OPERATIONS#";
/// The sort key of a flight's totals.
pub const TOTALS: &str = "OPERATIONS";

/// An item's primary key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

impl Key {
    fn metadata(pk: String) -> Self {
        Self { pk, sk: METADATA.to_owned() }
    }

    /// A flight.
    #[must_use]
    pub fn flight(id: &FlightId) -> Self {
        Self::metadata(flight_partition(id))
    }

    /// A passenger.
    #[must_use]
    pub fn passenger(id: &PassengerId) -> Self {
        Self::metadata(passenger_partition(id))
    }

    /// A booking.
    #[must_use]
    pub fn booking(id: &BookingId) -> Self {
        Self::metadata(booking_partition(id))
    }

    /// A booking under its flight.
    #[must_use]
    pub fn flight_booking(flight: &FlightId, booking: &BookingId) -> Self {
        Self { pk: flight_partition(flight), sk: format!("{BOOKING_PREFIX}{booking}") }
    }

    /// A booking under its passenger.
    #[must_use]
    pub fn passenger_booking(passenger: &PassengerId, booking: &BookingId) -> Self {
        Self { pk: passenger_partition(passenger), sk: format!("{BOOKING_PREFIX}{booking}") }
    }

    /// A reservation.
    #[must_use]
    pub fn reservation(pnr: &Pnr) -> Self {
        Self::metadata(format!("RESERVATION#{pnr}"))
    }

    /// What a flight has of reservations, added up.
    #[must_use]
    pub fn flight_totals(flight: &FlightId) -> Self {
        Self { pk: flight_partition(flight), sk: TOTALS.to_owned() }
    }

    /// What a flight has of one order of one reservation.
    #[must_use]
    pub fn flight_record(flight: &FlightId, pnr: &Pnr, order: &Order) -> Self {
        let order = String::from(order.clone());
        Self { pk: flight_partition(flight), sk: format!("{RECORD_PREFIX}{pnr}#{order}") }
    }

    /// The claim of an event about a flight. The workflows write it (`statemachines/`).
    #[must_use]
    pub fn event_claim(event: &EventId, flight: &FlightId) -> Self {
        Self { pk: format!("EVENT#{event}"), sk: format!("CLAIM#{flight}") }
    }

    /// The claim of a notification.
    #[must_use]
    pub fn notification(id: &NotificationId) -> Self {
        Self { pk: format!("NOTIFICATION#{id}"), sk: CLAIM.to_owned() }
    }
}

/// What the item of a key is, for whoever meets items without having asked for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entity {
    /// A flight's own item.
    Flight,
    /// A booking's own item.
    Booking,
    /// Any other: a passenger, a reservation, what a flight has of one or of all, an entry under a flight or
    /// a passenger, a claim, a switch, an action, a run of a reconciliation and what it found.
    Other,
}

impl Key {
    /// What its item is.
    #[must_use]
    pub fn entity(&self) -> Entity {
        if self.sk != METADATA {
            Entity::Other
        } else if self.pk.starts_with("FLIGHT#") {
            Entity::Flight
        } else if self.pk.starts_with("BOOKING#") {
            Entity::Booking
        } else {
            Entity::Other
        }
    }
}

/// The switch that holds notifications.
#[must_use]
pub fn notification_switch() -> Key {
    Key::metadata("SWITCH#notifications".to_owned())
}

/// The partition of all that operators did. They do little: one partition holds it for ever.
pub const ACTIONS_PARTITION: &str = "OPERATOR_ACTIONS";
/// What the sort keys of actions begin with.
pub const ACTION_PREFIX: &str = "ACTION#";

/// An operator's action.
#[must_use]
pub fn action(id: &str) -> Key {
    Key { pk: ACTIONS_PARTITION.to_owned(), sk: format!("{ACTION_PREFIX}{id}") }
}

/// The partition of all runs of reconciliations: one for each file, some hundreds for an export.
pub const RUNS_PARTITION: &str = "RECONCILIATIONS";
/// What the sort keys of runs begin with; their ids follow, which are in the order of time.
pub const RUN_PREFIX: &str = "RUN#";
/// What the sort keys of the discrepancies of a run begin with.
pub const DISCREPANCY_PREFIX: &str = "DISCREPANCY#";

/// A run.
#[must_use]
pub fn run(id: &str) -> Key {
    Key { pk: RUNS_PARTITION.to_owned(), sk: format!("{RUN_PREFIX}{id}") }
}

/// The partition of the parts of a run.
#[must_use]
pub fn run_partition(run: &RunId) -> String {
    format!("RECONCILIATION#{run}")
}

/// What the sort keys of the parts of an attempt at a run begin with.
#[must_use]
pub fn parts_prefix(attempt: &Attempt) -> String {
    format!("PART#{attempt}#")
}

/// A part of a run. The sort keys of an attempt are in the order of numbers.
#[must_use]
pub fn run_part(run: &RunId, attempt: &Attempt, nth: u32) -> Key {
    Key { pk: run_partition(run), sk: format!("{}{nth:05}", parts_prefix(attempt)) }
}

/// The partition of discrepancies of a run in one shard.
#[must_use]
pub fn discrepancies_partition(run: &RunId, shard: u32) -> String {
    format!("{}#{shard}", run_partition(run))
}

/// A discrepancy. The shard is told by the reservation, so that all of one are together; the sort
/// keys are in the order in which it was written.
#[must_use]
pub fn discrepancy(found: &Discrepancy) -> Key {
    let sum = |sum: u32, byte: u8| sum.wrapping_mul(31).wrapping_add(byte.into());
    let shard = found.pnr.as_str().bytes().fold(7, sum) % DISCREPANCY_SHARDS;
    let sk = format!("{DISCREPANCY_PREFIX}{}#{:010}", found.pnr, found.revision);
    Key { pk: discrepancies_partition(&found.run_id, shard), sk }
}

/// The partition of all generated networks that were written. There are few.
pub const SEEDINGS_PARTITION: &str = "SEEDINGS";

/// How far the writing of a generated network has come. The sort keys are in the order of days.
#[must_use]
pub fn seeding(seeding: &Seeding) -> Key {
    let Seeding { seed, flights, passengers, date, .. } = seeding;
    let sk = format!("SEEDING#{date}#{seed}-{flights}-{passengers}");
    Key { pk: SEEDINGS_PARTITION.to_owned(), sk }
}

/// How far a history of Adobe's Query Service has been read. Its name is that of its host, its database
/// and its table: a table of the same name elsewhere is another history.
#[must_use]
pub fn watermark(history: &str) -> Key {
    Key { pk: "WATERMARKS".to_owned(), sk: format!("QUERY_SERVICE#{history}") }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} / {}", self.pk, self.sk)
    }
}

/// The partition of a flight and of the bookings under it.
#[must_use]
pub fn flight_partition(id: &FlightId) -> String {
    format!("FLIGHT#{id}")
}

/// The partition of a passenger and of the bookings under them.
#[must_use]
pub fn passenger_partition(id: &PassengerId) -> String {
    format!("PASSENGER#{id}")
}

/// The partition of a booking.
#[must_use]
pub fn booking_partition(id: &BookingId) -> String {
    format!("BOOKING#{id}")
}

/// What the partition keys of flights begin with.
pub const FLIGHT_PREFIX: &str = "FLIGHT#";
/// What the partition keys of notifications begin with.
pub const NOTIFICATION_PREFIX: &str = "NOTIFICATION#";

/// An index of the table. Each holds several kinds of items, told apart by their partitions:
/// statuses have no `#`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// Flights by status, in the order of scheduled departure; and the notifications of a flight
    /// ([`flight_partition`]), in the order of sending.
    Gsi1,
    /// Bookings by a status that is asked for by list; and the notifications of a booking
    /// ([`booking_partition`]), in the order of sending.
    Gsi2,
}

impl Index {
    /// The index's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gsi1 => "GSI1",
            Self::Gsi2 => "GSI2",
        }
    }

    /// The name of its partition key.
    #[must_use]
    pub fn pk(self) -> &'static str {
        match self {
            Self::Gsi1 => "GSI1PK",
            Self::Gsi2 => "GSI2PK",
        }
    }

    /// The name of its sort key.
    #[must_use]
    pub fn sk(self) -> &'static str {
        match self {
            Self::Gsi1 => "GSI1SK",
            Self::Gsi2 => "GSI2SK",
        }
    }
}

/// The sort key of a sent notification in both indexes: `{time}#{id}`, the time in UTC at a fixed
/// width of microseconds, so that the order of keys is the order of time.
#[must_use]
pub fn sent_order(sent_at: Timestamp, id: &NotificationId) -> String {
    format!("{sent_at:.6}#{id}")
}
