//! Flights in DynamoDB.

use super::found::BEFORE_NEWS;
use super::item::{self, Item};
use super::{DynamoStore, failed, number, text};
use crate::keys::Key;
use crate::{FlightReader, FlightWriter, StoreError, Written};
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::Update;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::FlightId;
use std::collections::HashMap;

impl FlightReader for DynamoStore {
    async fn flight(&self, id: &FlightId) -> Result<Option<Flight>, StoreError> {
        self.get(&Key::flight(id)).await?.map(|found| found.flight()).transpose()
    }

    async fn flights(&self, ids: &[FlightId]) -> Result<HashMap<FlightId, Flight>, StoreError> {
        let keys: Vec<_> = ids.iter().map(Key::flight).collect();
        let found = self.get_all(&keys).await?;
        let mut flights = HashMap::with_capacity(found.len());
        for item in found {
            // One unreadable flight must not keep the others from being read.
            match item.flight() {
                Ok(flight) => drop(flights.insert(flight.flight_id.clone(), flight)),
                Err(error) => tracing::warn!(%error, "an unreadable item is left out"),
            }
        }
        Ok(flights)
    }
}

impl FlightWriter for DynamoStore {
    async fn write_flight(&self, read: &Flight, changed: &Flight) -> Result<Written, StoreError> {
        let update = FlightUpdate::new(read, changed)?;
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(update.key))
            .update_expression(update.expression)
            .condition_expression(update.condition)
            .set_expression_attribute_names(Some(update.names))
            .set_expression_attribute_values(Some(update.values));
        conditional(request).await
    }
}

/// The update of a flight that was decided on as it was read: refused when it has been written since.
pub(super) struct FlightUpdate {
    key: Item,
    expression: String,
    condition: &'static str,
    names: HashMap<String, String>,
    values: Item,
}

impl FlightUpdate {
    /// Every attribute that a decision changes; the others belong to whoever schedules flights and books
    /// them.
    pub(super) fn new(read: &Flight, changed: &Flight) -> Result<Self, StoreError> {
        let mut written = item::flight(changed)?;
        let mut set = vec!["#status = :status".to_owned()];
        let mut remove = BEFORE_NEWS.to_vec();
        let mut values = Item::from([
            (":status".to_owned(), text(changed.status.name())),
            (":read".to_owned(), number(read.revision)),
        ]);
        written.insert("revision".to_owned(), number(read.revision + 1));
        for name in CHANGED {
            match written.remove(name) {
                Some(value) => {
                    set.push(format!("{name} = :{name}"));
                    values.insert(format!(":{name}"), value);
                }
                None => remove.push(name),
            }
        }
        Ok(Self {
            key: item::key(&Key::flight(&read.flight_id)),
            expression: format!("SET {} REMOVE {}", set.join(", "), remove.join(", ")),
            condition: if read.revision == 0 {
                "attribute_exists(PK) AND (attribute_not_exists(revision) OR revision = :read)"
            } else {
                "revision = :read"
            },
            names: HashMap::from([("#status".to_owned(), "status".to_owned())]),
            values,
        })
    }

    /// As one write of a transaction.
    pub(super) fn in_transaction(self, table: &str) -> Result<Update, BuildError> {
        Update::builder()
            .table_name(table)
            .set_key(Some(self.key))
            .update_expression(self.expression)
            .condition_expression(self.condition)
            .set_expression_attribute_names(Some(self.names))
            .set_expression_attribute_values(Some(self.values))
            .build()
    }
}

/// The attributes of a flight that a disruption or its telling changes, beside its status.
const CHANGED: [&str; 15] = [
    "GSI1PK",
    "actual_departure",
    "actual_arrival",
    "gate",
    "delay_minutes",
    "delay_reason",
    "cancellation",
    "schedule_version",
    "gate_version",
    "status_version",
    "schedule_news",
    "gate_news",
    "status_news",
    "revision",
    "GSI1SK",
];

async fn conditional(request: UpdateItemFluentBuilder) -> Result<Written, StoreError> {
    match request.send().await {
        Ok(_) => Ok(Written::Yes),
        Err(error) => match error.as_service_error() {
            // A transaction that is under way at the flight is about to change it.
            Some(
                UpdateItemError::ConditionalCheckFailedException(_)
                | UpdateItemError::TransactionConflictException(_),
            ) => Ok(Written::Outdated),
            _ => Err(failed(error)),
        },
    }
}
