//! A reservation that was not in the table as an export says: before and after.

use super::ids::RunId;
use crate::ids::{FlightId, Pnr};
use crate::reservation::{ContactField, FlightRecord, Reservation, ReservationChange};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What was found of a reservation.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Found {
    /// Nothing was in the table.
    Missing,
    /// Something else was in the table.
    Different,
}

/// What a run changed of a reservation, by one write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discrepancy {
    /// The run.
    pub run_id: RunId,
    /// The reservation.
    pub pnr: Pnr,
    /// The reservation's revision once it was written: with it each write is one discrepancy.
    pub revision: u64,
    /// What was found.
    pub found: Found,
    /// When it was written, UTC.
    pub at: Timestamp,
    /// Records as they were, of those that changed. Without the contact's address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<FlightRecord>,
    /// The same as they are now, and those that are new.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<FlightRecord>,
    /// What is now known otherwise of whom to tell: which parts, and not what they say.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub contact: BTreeSet<ContactField>,
    /// Flights that do not operate of which seats are taken by it: these need others.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub stranded: BTreeSet<FlightId>,
}

impl Discrepancy {
    /// What `change` changes of a reservation that was `before`.
    #[must_use]
    pub fn of(
        run_id: &RunId,
        before: &Reservation,
        change: &ReservationChange,
        at: Timestamp,
    ) -> Self {
        let was =
            |record: &FlightRecord| FlightRecord::of(before, &record.flight_id, &record.order);
        let after = &change.reservation;
        let said = |reservation: &Reservation, field: ContactField| {
            reservation.contact.get(&field).map(|known| known.said.clone())
        };
        let fields = after.contact.keys().copied();
        Self {
            run_id: run_id.clone(),
            pnr: after.pnr.clone(),
            revision: after.revision + 1,
            found: if before.revision == 0 { Found::Missing } else { Found::Different },
            at,
            before: change.updated.iter().filter_map(was).map(without_address).collect(),
            after: change.records().cloned().map(without_address).collect(),
            contact: fields.filter(|field| said(before, *field) != said(after, *field)).collect(),
            stranded: change
                .operates
                .iter()
                .filter(|(_, operates)| !**operates)
                .map(|(flight, _)| flight.clone())
                .collect(),
        }
    }
}

fn without_address(record: FlightRecord) -> FlightRecord {
    FlightRecord { contact_email: None, ..record }
}

/// Reservations that were found other than an export says, each once, however often the run wrote
/// it. Takes discrepancies in the order of their reservations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sum {
    /// Reservations that were not there.
    pub missing: u64,
    /// Reservations that were other.
    pub different: u64,
    last: Option<(Pnr, Found)>,
}

impl Sum {
    /// One more. What was missing when the run first wrote it was missing, whatever came after.
    pub fn add(&mut self, discrepancy: &Discrepancy) {
        let found = discrepancy.found;
        match &mut self.last {
            Some((pnr, known)) if *pnr == discrepancy.pnr => {
                if (*known, found) == (Found::Different, Found::Missing) {
                    *known = found;
                    self.different -= 1;
                    self.missing += 1;
                }
            }
            _ => {
                self.last = Some((discrepancy.pnr.clone(), found));
                match found {
                    Found::Missing => self.missing += 1,
                    Found::Different => self.different += 1,
                }
            }
        }
    }
}
