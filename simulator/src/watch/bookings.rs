//! A flight's bookings, read back from the table.

use crate::place::Place;
use crate::scenario::Bookings as Statuses;
use anyhow::Context;
use flightpulse_domain::ids::FlightId;
use flightpulse_store::BookingReader;
use flightpulse_store::dynamo::DynamoStore;

/// Bookings of one page, which are read together.
const PAGE: usize = 50;

/// A booking whose status is another than at the look before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BookingChange {
    pub(crate) booking_id: String,
    /// None: it was not there.
    pub(crate) from: Option<String>,
    /// None: it is not there any more.
    pub(crate) to: Option<String>,
}

/// Looks at the bookings of one flight.
pub(crate) struct Bookings {
    store: DynamoStore,
    flight: FlightId,
    statuses: Statuses,
}

impl Bookings {
    /// The bookings of this flight, as they are now.
    pub(crate) async fn now(place: &Place, flight: &FlightId) -> anyhow::Result<Self> {
        let client = aws_sdk_dynamodb::Client::new(&place.sdk);
        let store = DynamoStore::new(client, &place.outputs.table_name);
        let statuses = read(&store, flight).await?;
        Ok(Self { store, flight: flight.clone(), statuses })
    }

    /// The bookings with their status, as last seen.
    pub(crate) fn statuses(&self) -> &Statuses {
        &self.statuses
    }

    /// Looks again; answers what has changed.
    pub(super) async fn look(&mut self) -> anyhow::Result<Vec<BookingChange>> {
        let now = read(&self.store, &self.flight).await?;
        let changes = changes(&self.statuses, &now);
        self.statuses = now;
        Ok(changes)
    }
}

async fn read(store: &DynamoStore, flight: &FlightId) -> anyhow::Result<Statuses> {
    let cannot = || format!("the bookings of {flight} cannot be read");
    let (mut statuses, mut next) = (Statuses::new(), None::<String>);
    loop {
        let page = store.bookings_of_flight(flight, next.as_deref(), PAGE).await;
        let page = page.with_context(cannot)?;
        let records = store.booking_records(&page.bookings).await.with_context(cannot)?;
        let known = records.into_iter().filter_map(|record| record.booking);
        statuses.extend(known.map(|booking| {
            (booking.booking_id.to_string(), booking.booking_status.name().to_owned())
        }));
        next = page.next;
        if next.is_none() {
            return Ok(statuses);
        }
    }
}

fn changes(before: &Statuses, now: &Statuses) -> Vec<BookingChange> {
    let mut ids: Vec<_> = before.keys().chain(now.keys()).collect();
    ids.sort();
    ids.dedup();
    ids.into_iter()
        .filter(|id| before.get(*id) != now.get(*id))
        .map(|id| BookingChange {
            booking_id: id.clone(),
            from: before.get(id).cloned(),
            to: now.get(id).cloned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_changed_is_what_is_another_or_new_or_gone() {
        let statuses = |all: &[(&str, &str)]| -> Statuses {
            all.iter().map(|(id, status)| ((*id).to_owned(), (*status).to_owned())).collect()
        };
        let before = statuses(&[("B1", "CONFIRMED"), ("B2", "CANCELLED"), ("B3", "CONFIRMED")]);
        let now = statuses(&[("B1", "NEEDS_REBOOKING"), ("B2", "CANCELLED"), ("B4", "CONFIRMED")]);
        let shown: Vec<_> = changes(&before, &now)
            .into_iter()
            .map(|one| format!("{} {:?} {:?}", one.booking_id, one.from, one.to))
            .collect();
        assert_eq!(
            shown,
            [
                r#"B1 Some("CONFIRMED") Some("NEEDS_REBOOKING")"#,
                r#"B3 Some("CONFIRMED") None"#,
                r#"B4 None Some("CONFIRMED")"#,
            ]
        );
    }
}
