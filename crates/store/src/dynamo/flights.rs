//! Flights in DynamoDB.

use super::{DynamoStore, failed, item, number, text};
use crate::keys::Key;
use crate::{FlightReader, ScheduleWriter, StoreError, Written};
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use flightpulse_domain::disruption::ScheduleUpdate;
use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::FlightId;
use std::collections::HashMap;

impl FlightReader for DynamoStore {
    async fn flight(&self, id: &FlightId) -> Result<Option<Flight>, StoreError> {
        self.get(&Key::flight(id))
            .await?
            .map(item::read)
            .transpose()
    }

    async fn flights(&self, ids: &[FlightId]) -> Result<HashMap<FlightId, Flight>, StoreError> {
        let keys: Vec<_> = ids.iter().map(Key::flight).collect();
        let found = self.batch_get(&keys).await?;
        let mut flights = HashMap::with_capacity(found.len());
        for item in found.into_values() {
            // One unreadable flight must not keep the others from being read.
            match item::read::<Flight>(item) {
                Ok(flight) => drop(flights.insert(flight.flight_id.clone(), flight)),
                Err(error) => tracing::warn!(%error, "an unreadable item is left out"),
            }
        }
        Ok(flights)
    }
}

impl ScheduleWriter for DynamoStore {
    async fn apply_schedule(
        &self,
        read: &Flight,
        update: &ScheduleUpdate,
        telling: bool,
    ) -> Result<Written, StoreError> {
        let mut set = String::from(
            "SET schedule_version = :version, #status = :status, GSI1PK = :status, \
             delay_minutes = :minutes, delay_reason = :reason, \
             actual_departure = :departure, actual_arrival = :arrival",
        );
        let mut request = self.update(&read.flight_id);
        if telling {
            set.push_str(", telling_schedule = :telling");
            request =
                request.expression_attribute_values(":telling", item::attribute(&update.news())?);
        }
        let unchanged = match &read.versions.schedule {
            None => "attribute_not_exists(schedule_version)",
            Some(version) => {
                request =
                    request.expression_attribute_values(":read_version", text(version.to_string()));
                "schedule_version = :read_version"
            }
        };
        let request = request
            .update_expression(set)
            .condition_expression(format!(
                "attribute_exists(PK) AND #status = :read_status AND {unchanged}"
            ))
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":read_status", text(read.status.name()))
            .expression_attribute_values(":version", text(update.version.to_string()))
            .expression_attribute_values(":status", text(update.status.name()))
            .expression_attribute_values(":minutes", number(update.delay_minutes))
            .expression_attribute_values(":reason", text(update.reason.name()))
            .expression_attribute_values(":departure", text(update.departure.to_string()))
            .expression_attribute_values(":arrival", text(update.arrival.to_string()));
        conditional(request).await
    }

    async fn record_told(&self, id: &FlightId, version: &FacetVersion) -> Result<(), StoreError> {
        self.end_telling(
            id,
            version,
            "SET told_schedule = telling_schedule REMOVE telling_schedule",
        )
        .await
    }

    async fn abandon_telling(
        &self,
        id: &FlightId,
        version: &FacetVersion,
    ) -> Result<(), StoreError> {
        self.end_telling(id, version, "REMOVE telling_schedule")
            .await
    }
}

impl DynamoStore {
    fn update(&self, id: &FlightId) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(item::key(&Key::flight(id))))
    }

    async fn end_telling(
        &self,
        id: &FlightId,
        version: &FacetVersion,
        expression: &str,
    ) -> Result<(), StoreError> {
        let request = self
            .update(id)
            .update_expression(expression)
            .condition_expression("telling_schedule.version = :version")
            .expression_attribute_values(":version", text(version.to_string()));
        // Outdated: it was noted before, or newer news have taken its place. Both are as wanted.
        conditional(request).await.map(|_| ())
    }
}

async fn conditional(request: UpdateItemFluentBuilder) -> Result<Written, StoreError> {
    match request.send().await {
        Ok(_) => Ok(Written::Yes),
        Err(error)
            if error
                .as_service_error()
                .is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
        {
            Ok(Written::Outdated)
        }
        Err(error) => Err(failed(error)),
    }
}
