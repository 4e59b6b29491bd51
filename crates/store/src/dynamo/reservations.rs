//! Reservations in DynamoDB, and what flights have of them.

use super::item::{self, Item};
use super::lists::readable;
use super::{DynamoStore, failed, number, text};
use crate::keys::{Key, RECORD_PREFIX, flight_partition};
use crate::{
    OperationsReader, Page, ReservationReader, ReservationWriter, Reservations, StoreError, Written,
};
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, CancellationReason, Put, TransactWriteItem, Update};
use flightpulse_domain::booking::BookingStatus;
use flightpulse_domain::ids::{FlightId, Pnr};
use flightpulse_domain::money::Currency;
use flightpulse_domain::reservation::{
    BookingChange, Cabin, FlightRecord, ReservationChange, Totals,
};
use std::collections::HashMap;
use std::time::Duration;

/// How often a transaction is tried that met another at one of its items, a flight's totals most
/// likely.
const TRIES: u32 = 6;

impl ReservationReader for DynamoStore {
    async fn reservations(&self, pnrs: &[Pnr]) -> Result<Reservations, StoreError> {
        let keys: Vec<_> = pnrs.iter().map(Key::reservation).collect();
        let mut found = self.batch_get(&keys).await?;
        Ok(pnrs
            .iter()
            .filter_map(|pnr| {
                Some((pnr.clone(), item::read(found.remove(&Key::reservation(pnr))?)))
            })
            .collect())
    }
}

impl ReservationWriter for DynamoStore {
    async fn write_reservation(&self, change: &ReservationChange) -> Result<Written, StoreError> {
        let writes = self.writes(change)?;
        for attempt in 0.. {
            let request = self.client.transact_write_items();
            let answer = request.set_transact_items(Some(writes.clone())).send().await;
            let Err(error) = answer else {
                return Ok(Written::Yes);
            };
            let reasons = match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                    cancelled.cancellation_reasons()
                }
                _ => return Err(failed(error)),
            };
            match Cancelled::by(reasons) {
                Cancelled::Outdated => return Ok(Written::Outdated),
                Cancelled::BookingGone => {
                    let key = Key::reservation(&change.reservation.pnr).to_string();
                    let why = "a booking of it is not in the table".to_owned();
                    return Err(StoreError::Corrupt { key, why });
                }
                Cancelled::Contended if attempt + 1 < TRIES => {
                    // Not all at once again: reservations differ in their record locators.
                    let spread =
                        change.reservation.pnr.as_str().bytes().map(u64::from).sum::<u64>();
                    tokio::time::sleep(Duration::from_millis((20 << attempt) + spread % 20)).await;
                }
                Cancelled::Contended => {
                    let what = format!("a transaction met others {TRIES} times");
                    return Err(StoreError::Unavailable(what));
                }
                Cancelled::Refused => return Err(failed(error)),
            }
        }
        Ok(Written::Outdated)
    }
}

/// Why a transaction was not made.
enum Cancelled {
    /// The reservation has been written since it was read.
    Outdated,
    /// A booking that it changes is not there.
    BookingGone,
    /// Another transaction was at one of the items, or there were too many writes at once.
    Contended,
    /// Any other reason.
    Refused,
}

impl Cancelled {
    /// The reasons stand in the order of the writes, of which the reservation is the first.
    fn by(reasons: &[CancellationReason]) -> Self {
        let is = |code: &str| reasons.iter().position(|reason| reason.code() == Some(code));
        match is("ConditionalCheckFailed") {
            Some(0) => Self::Outdated,
            Some(_) => Self::BookingGone,
            None => {
                let passing =
                    ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];
                let refused = reasons
                    .iter()
                    .filter_map(CancellationReason::code)
                    .any(|code| code != "None" && !passing.contains(&code));
                if refused { Self::Refused } else { Self::Contended }
            }
        }
    }
}

impl DynamoStore {
    fn writes(&self, change: &ReservationChange) -> Result<Vec<TransactWriteItem>, StoreError> {
        let not_built = |error: BuildError| StoreError::Refused(error.to_string());
        let mut writes = vec![self.reservation_write(change)?];
        let mut put = |item: Item| -> Result<(), StoreError> {
            let put = Put::builder().table_name(&self.table).set_item(Some(item)).build();
            writes.push(TransactWriteItem::builder().put(put.map_err(not_built)?).build());
            Ok(())
        };
        for record in change.records() {
            put(item::write(&Key::flight_record(&record.flight_id, &record.pnr), record)?)?;
        }
        if let Some(contact) = &change.contact {
            put(item::passenger(contact)?)?;
        }
        for booking in &change.bookings {
            if let BookingChange::Made(booking) = booking {
                item::booking(booking)?.into_iter().try_for_each(&mut put)?;
            }
        }
        for booking in &change.bookings {
            if let BookingChange::Changed { booking_id, booking_status, passenger_count } = booking
            {
                let update = self.booking_update(booking_id, *booking_status, *passenger_count);
                writes
                    .push(TransactWriteItem::builder().update(update.map_err(not_built)?).build());
            }
        }
        for (flight, added) in &change.totals {
            let update = self.totals_update(flight, added).map_err(not_built)?;
            writes.push(TransactWriteItem::builder().update(update).build());
        }
        Ok(writes)
    }

    fn reservation_write(
        &self,
        change: &ReservationChange,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut reservation = change.reservation.clone();
        let read = reservation.revision;
        reservation.revision += 1;
        let item = item::write(&Key::reservation(&reservation.pnr), &reservation)?;
        let put = Put::builder().table_name(&self.table).set_item(Some(item));
        let put = if read == 0 {
            put.condition_expression("attribute_not_exists(PK)")
        } else {
            put.condition_expression("revision = :read")
                .expression_attribute_values(":read", number(read))
        };
        let put = put.build().map_err(|error| StoreError::Refused(error.to_string()))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    fn booking_update(
        &self,
        id: &flightpulse_domain::ids::BookingId,
        status: Option<BookingStatus>,
        passenger_count: u32,
    ) -> Result<Update, BuildError> {
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(item::key(&Key::booking(id))))
            .condition_expression("attribute_exists(PK)")
            .expression_attribute_values(":count", number(passenger_count));
        let update = match status {
            // Whoever gives a flight up, or takes it again, is no longer in need of another.
            Some(status) => update
                .expression_attribute_values(":status", text(status.name()))
                .update_expression(
                    "SET passenger_count = :count, booking_status = :status \
                     REMOVE GSI2PK, GSI2SK, rebooking_version",
                ),
            None => update.update_expression("SET passenger_count = :count"),
        };
        update.build()
    }

    fn totals_update(&self, flight: &FlightId, added: &Totals) -> Result<Update, BuildError> {
        let mut update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(item::key(&Key::flight_totals(flight))));
        let mut adds = Vec::new();
        for (at, (name, count)) in attributes(added).into_iter().enumerate() {
            adds.push(format!("#n{at} :n{at}"));
            update = update
                .expression_attribute_names(format!("#n{at}"), name)
                .expression_attribute_values(format!(":n{at}"), number(count));
        }
        update.update_expression(format!("ADD {}", adds.join(", "))).build()
    }
}

const RESERVATIONS: &str = "reservations";
const PASSENGERS: &str = "passengers#";
const REVENUE: &str = "revenue#";
const ANCILLARY_REVENUE: &str = "ancillary_revenue#";
const ANCILLARY: &str = "ancillary#";

/// Totals as attributes, each a number of its own: ADD makes what is not there yet, which it cannot
/// within a map.
fn attributes(totals: &Totals) -> Vec<(String, i64)> {
    let mut attributes = Vec::new();
    if totals.reservations != 0 {
        attributes.push((RESERVATIONS.to_owned(), totals.reservations));
    }
    let mut all = |prefix: &str, name: &str, count: i64| {
        attributes.push((format!("{prefix}{name}"), count));
    };
    totals.passengers.iter().for_each(|(cabin, count)| all(PASSENGERS, cabin.name(), *count));
    totals.revenue.iter().for_each(|(currency, units)| all(REVENUE, currency.code(), *units));
    let beside = totals.ancillary_revenue.iter();
    beside.for_each(|(currency, units)| all(ANCILLARY_REVENUE, currency.code(), *units));
    totals.ancillaries.iter().for_each(|(kind, count)| all(ANCILLARY, kind, *count));
    attributes
}

fn read_totals(item: &Item) -> Result<Totals, StoreError> {
    let mut totals = Totals::default();
    for (name, value) in item.iter().filter(|(name, _)| *name != "PK" && *name != "SK") {
        let corrupt = || StoreError::Corrupt {
            key: item::key_of(item).map_or_else(|_| "?".to_owned(), |key| key.to_string()),
            why: format!("{name} is no total"),
        };
        let AttributeValue::N(digits) = value else {
            return Err(corrupt());
        };
        let count: i64 = digits.parse().map_err(|_| corrupt())?;
        if count == 0 {
            continue;
        }
        let currency = |code: &str| Currency::from_code(code).map_err(|_| corrupt());
        // The longer prefix first: one begins as the other does.
        if name == RESERVATIONS {
            totals.reservations = count;
        } else if let Some(cabin) = name.strip_prefix(PASSENGERS) {
            totals.passengers.insert(Cabin::named(cabin), count);
        } else if let Some(code) = name.strip_prefix(REVENUE) {
            totals.revenue.insert(currency(code)?, count);
        } else if let Some(code) = name.strip_prefix(ANCILLARY_REVENUE) {
            totals.ancillary_revenue.insert(currency(code)?, count);
        } else if let Some(kind) = name.strip_prefix(ANCILLARY) {
            totals.ancillaries.insert(kind.to_owned(), count);
        } else {
            return Err(corrupt());
        }
    }
    Ok(totals)
}

impl OperationsReader for DynamoStore {
    async fn totals(&self, ids: &[FlightId]) -> Result<HashMap<FlightId, Totals>, StoreError> {
        let keys: Vec<_> = ids.iter().map(Key::flight_totals).collect();
        let mut found = self.batch_get(&keys).await?;
        let mut totals = HashMap::new();
        for id in ids {
            if let Some(item) = found.remove(&Key::flight_totals(id)) {
                totals.insert(id.clone(), read_totals(&item)?);
            }
        }
        Ok(totals)
    }

    async fn records_of(
        &self,
        id: &FlightId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<FlightRecord>, StoreError> {
        let start = after
            .map(|after| Key { pk: flight_partition(id), sk: format!("{RECORD_PREFIX}{after}") });
        let query = self
            .query()
            .key_condition_expression("PK = :flight AND begins_with(SK, :record)")
            .expression_attribute_values(":flight", text(flight_partition(id)))
            .expression_attribute_values(":record", text(RECORD_PREFIX))
            .set_exclusive_start_key(start.as_ref().map(item::key))
            .consistent_read(true);
        let (items, last) = self.page(query, limit).await?;
        let next = last.as_ref().and_then(|last| {
            Some(item::key_of(last).ok()?.sk.strip_prefix(RECORD_PREFIX)?.to_owned())
        });
        Ok(Page { items: readable(items, item::read), next })
    }
}
