//! Reservations in DynamoDB, and what flights have of them.

use super::found::Found;
use super::item::{self, Item};
use super::lists::readable;
use super::reconciliations::discrepancy;
use super::{DynamoStore, failed, number, text, totals};
use crate::keys::{Key, RECORD_PREFIX, flight_partition};
use crate::reservations::booking_gone;
use crate::{
    OperationsReader, Page, ReservationReader, ReservationWriter, Reservations, StoreError, Written,
};
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, ConditionCheck, Put, TransactWriteItem, Update,
};
use flightpulse_domain::booking::{Booking, BookingStatus};
use flightpulse_domain::flight::FlightStatus;
use flightpulse_domain::ids::{FlightId, Pnr};
use flightpulse_domain::reservation::{BookingChange, FlightRecord, ReservationChange, Totals};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

/// How often a transaction is tried that met another at one of its items, a flight's totals most
/// likely.
const TRIES: u32 = 8;

impl ReservationReader for DynamoStore {
    async fn reservations(&self, pnrs: &[Pnr]) -> Result<Reservations, StoreError> {
        let keys: Vec<_> = pnrs.iter().map(Key::reservation).collect();
        let mut found = self.get_by_key(&keys).await?;
        Ok(pnrs
            .iter()
            .filter_map(|pnr| Some((pnr.clone(), found.remove(&Key::reservation(pnr))?.read())))
            .collect())
    }
}

impl ReservationWriter for DynamoStore {
    async fn write_reservation(&self, change: &ReservationChange) -> Result<Written, StoreError> {
        let pnr = &change.reservation.pnr;
        let (writes, conditions) = self.writes(change)?;
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
            match Cancelled::by(reasons, conditions) {
                Cancelled::Outdated => return Ok(Written::Outdated),
                Cancelled::BookingGone => return Err(booking_gone(pnr)),
                Cancelled::Refused(why) => return Err(StoreError::Refused(why)),
                Cancelled::Contended if attempt + 1 < TRIES => {
                    tokio::time::sleep(Duration::from_millis(pause(pnr, attempt))).await;
                }
                Cancelled::Contended => {
                    let what = format!("a transaction met others {TRIES} times");
                    return Err(StoreError::Unavailable(what));
                }
            }
        }
        Ok(Written::Outdated)
    }
}

/// Why a transaction was not made.
#[derive(Debug, PartialEq, Eq)]
enum Cancelled {
    /// The reservation has been written since it was read, or a flight was cancelled or reinstated.
    Outdated,
    /// A booking that it changes is not there.
    BookingGone,
    /// Another transaction was at one of the items, or there were too many writes at once.
    Contended,
    /// It can never be made: an item would be too large, for one.
    Refused(String),
}

impl Cancelled {
    /// The reasons stand in the order of the writes, of which the first `conditions` are of what was
    /// decided on.
    fn by(reasons: &[CancellationReason], conditions: usize) -> Self {
        const PASSING: [&str; 4] =
            ["None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];
        let failed = |reason: &CancellationReason| reason.code() == Some("ConditionalCheckFailed");
        match reasons.iter().position(failed) {
            Some(at) if at < conditions => return Self::Outdated,
            Some(_) => return Self::BookingGone,
            None => {}
        }
        let lasting = |reason: &&CancellationReason| {
            reason.code().is_some_and(|code| !PASSING.contains(&code))
        };
        match reasons.iter().find(lasting) {
            Some(reason) => Self::Refused(format!(
                "{}: {}",
                reason.code().unwrap_or_default(),
                reason.message().unwrap_or_default()
            )),
            None => Self::Contended,
        }
    }
}

/// How long to wait before a transaction is tried again, in milliseconds. Two that meet do not wait
/// equally long, or they would meet again.
fn pause(pnr: &Pnr, attempt: u32) -> u64 {
    let mut hasher = DefaultHasher::new();
    (pnr, attempt).hash(&mut hasher);
    let most = 40 << attempt;
    most / 2 + hasher.finish() % (most / 2)
}

type Building<T> = Result<T, BuildError>;

impl DynamoStore {
    /// What was decided on first, and how many writes those are; then all others.
    fn writes(
        &self,
        change: &ReservationChange,
    ) -> Result<(Vec<TransactWriteItem>, usize), StoreError> {
        let refused = |error: BuildError| StoreError::Refused(error.to_string());
        let mut writes = vec![self.reservation_write(change)?];
        for (flight, operates) in &change.operates {
            let check = self.flight_check(flight, *operates).map_err(refused)?;
            writes.push(TransactWriteItem::builder().condition_check(check).build());
        }
        let conditions = writes.len();
        let mut put = |item: Item| -> Result<(), StoreError> {
            let put = Put::builder().table_name(&self.table).set_item(Some(item)).build();
            writes.push(TransactWriteItem::builder().put(put.map_err(refused)?).build());
            Ok(())
        };
        for record in change.records() {
            let key = Key::flight_record(&record.flight_id, &record.pnr, &record.order);
            put(item::write(&key, record)?)?;
        }
        if let Some(contact) = &change.contact {
            put(item::passenger(contact)?)?;
        }
        for booking in &change.bookings {
            if let BookingChange::Made(booking) = booking {
                item::booking(booking)?.into_iter().try_for_each(&mut put)?;
            }
        }
        if let Some(found) = &change.discrepancy {
            put(discrepancy(found)?)?;
        }
        for update in change.bookings.iter().filter_map(|booking| self.booking_update(booking)) {
            let update = update.map_err(refused)?;
            writes.push(TransactWriteItem::builder().update(update).build());
        }
        for (flight, added) in &change.totals {
            let update = self.totals_update(flight, added).map_err(refused)?;
            writes.push(TransactWriteItem::builder().update(update).build());
        }
        Ok((writes, conditions))
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

    /// That a flight operates, which one that is not known yet is taken to do; or that it does not.
    fn flight_check(&self, flight: &FlightId, operates: bool) -> Building<ConditionCheck> {
        let condition = if operates {
            "attribute_not_exists(PK) OR #status <> :cancelled"
        } else {
            "#status = :cancelled"
        };
        ConditionCheck::builder()
            .table_name(&self.table)
            .set_key(Some(item::key(&Key::flight(flight))))
            .condition_expression(condition)
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":cancelled", text(FlightStatus::Cancelled.name()))
            .build()
    }

    /// The change of a booking that is there; none for one that is made.
    fn booking_update(&self, change: &BookingChange) -> Option<Building<Update>> {
        let (id, count) = match change {
            BookingChange::Made(_) => return None,
            BookingChange::TakenAgain(booking) => (&booking.booking_id, booking.passenger_count),
            BookingChange::GivenUp { booking_id, passenger_count }
            | BookingChange::Resized { booking_id, passenger_count } => {
                (booking_id, *passenger_count)
            }
        };
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(item::key(&Key::booking(id))))
            .condition_expression("attribute_exists(PK)")
            .expression_attribute_values(":count", number(count));
        Some(
            match change {
                BookingChange::TakenAgain(booking) => taken_again(update, booking),
                // Whoever gives a flight up is no longer in need of another.
                BookingChange::GivenUp { .. } => update
                    .expression_attribute_values(":status", text(BookingStatus::Cancelled.name()))
                    .update_expression(
                        "SET passenger_count = :count, booking_status = :status \
                         REMOVE GSI2PK, GSI2SK, rebooking_version",
                    ),
                _ => update.update_expression("SET passenger_count = :count"),
            }
            .build(),
        )
    }

    fn totals_update(&self, flight: &FlightId, added: &Totals) -> Building<Update> {
        let mut update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(item::key(&Key::flight_totals(flight))));
        let mut adds = Vec::new();
        for (at, (name, count)) in totals::attributes(added).into_iter().enumerate() {
            adds.push(format!("#n{at} :n{at}"));
            update = update
                .expression_attribute_names(format!("#n{at}"), name)
                .expression_attribute_values(format!(":n{at}"), number(count));
        }
        update.update_expression(format!("ADD {}", adds.join(", "))).build()
    }
}

/// A seat that is taken again is a new one: nobody has checked in for it.
fn taken_again(mut update: UpdateBuilder, booking: &Booking) -> UpdateBuilder {
    let mut set = vec!["passenger_count = :count", "booking_status = :status", "checked_in = :no"];
    let mut remove = vec!["seat"];
    update = update
        .expression_attribute_values(":status", text(booking.booking_status.name()))
        .expression_attribute_values(":no", AttributeValue::Bool(false));
    if let Some(version) = &booking.flight_status_version {
        set.push("flight_status_version = :flight_version");
        update = update.expression_attribute_values(":flight_version", text(version.to_string()));
    }
    match &booking.rebooking_version {
        Some(version) => {
            set.extend(["rebooking_version = :since", "GSI2PK = :status", "GSI2SK = :created"]);
            update = update
                .expression_attribute_values(":since", text(version.to_string()))
                .expression_attribute_values(":created", text(booking.created_at.to_string()));
        }
        None => remove.extend(["GSI2PK", "GSI2SK", "rebooking_version"]),
    }
    update.update_expression(format!("SET {} REMOVE {}", set.join(", "), remove.join(", ")))
}

impl OperationsReader for DynamoStore {
    async fn totals(&self, ids: &[FlightId]) -> Result<HashMap<FlightId, Totals>, StoreError> {
        let keys: Vec<_> = ids.iter().map(Key::flight_totals).collect();
        let mut found = self.get_by_key(&keys).await?;
        let mut totals = HashMap::new();
        for id in ids {
            if let Some(item) = found.remove(&Key::flight_totals(id)) {
                totals.insert(id.clone(), totals::read(&item)?);
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
        let next = last
            .as_ref()
            .and_then(|last| Some(last.key().ok()?.sk.strip_prefix(RECORD_PREFIX)?.to_owned()));
        Ok(Page { items: readable(items, Found::read), next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(&["ConditionalCheckFailed", "None", "None"], Cancelled::Outdated)]
    #[case(&["None", "ConditionalCheckFailed", "TransactionConflict"], Cancelled::Outdated)]
    #[case(&["None", "None", "ConditionalCheckFailed"], Cancelled::BookingGone)]
    #[case(&["None", "TransactionConflict", "None"], Cancelled::Contended)]
    #[case(&["ThrottlingError", "TransactionConflict"], Cancelled::Contended)]
    #[case(&["None", "ValidationError", "TransactionConflict"], Cancelled::Refused("ValidationError: ".into()))]
    fn a_transaction_that_is_not_made_is_told_by_what_can_be_done(
        #[case] codes: &[&str],
        #[case] expected: Cancelled,
    ) {
        let reasons: Vec<_> =
            codes.iter().map(|code| CancellationReason::builder().code(*code).build()).collect();
        assert_eq!(Cancelled::by(&reasons, 2), expected);
    }
}
