//! Flights in DynamoDB.

use super::{DynamoStore, failed, item, number, text};
use crate::keys::Key;
use crate::{FlightReader, ScheduleWriter, StoreError, Written};
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use flightpulse_domain::disruption::ScheduleUpdate;
use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::flight::{Flight, ToldSchedule};
use flightpulse_domain::ids::FlightId;
use std::collections::HashMap;

impl FlightReader for DynamoStore {
    async fn flight(&self, id: &FlightId) -> Result<Option<Flight>, StoreError> {
        self.get(&Key::flight(id)).await?.map(item::read).transpose()
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
        let set = "schedule_version = :version, #status = :status, GSI1PK = :status, \
             delay_minutes = :minutes, delay_reason = :reason, \
             actual_departure = :departure, actual_arrival = :arrival";
        let news = telling.then(|| update.news());
        let request = self
            .as_read(read, vec![set.to_owned()], news.as_ref())?
            .expression_attribute_values(":version", text(update.version.to_string()))
            .expression_attribute_values(":status", text(update.status.name()))
            .expression_attribute_values(":minutes", number(update.delay_minutes))
            .expression_attribute_values(":reason", text(update.reason.name()))
            .expression_attribute_values(":departure", text(update.departure.to_string()))
            .expression_attribute_values(":arrival", text(update.arrival.to_string()));
        conditional(request).await
    }

    async fn begin_telling(
        &self,
        read: &Flight,
        news: &ToldSchedule,
    ) -> Result<Written, StoreError> {
        conditional(self.as_read(read, Vec::new(), Some(news))?).await
    }

    async fn record_told(&self, id: &FlightId, version: &FacetVersion) -> Result<(), StoreError> {
        let told = "SET told_schedule = telling_schedule \
             REMOVE telling_schedule, maybe_told_schedule";
        self.end_telling(id, version, told).await
    }

    async fn abandon_telling(
        &self,
        id: &FlightId,
        version: &FacetVersion,
    ) -> Result<(), StoreError> {
        let maybe = "SET maybe_told_schedule = telling_schedule REMOVE telling_schedule";
        self.end_telling(id, version, maybe).await
    }
}

impl DynamoStore {
    fn update(&self, id: &FlightId) -> UpdateItemFluentBuilder {
        self.client.update_item().table_name(&self.table).set_key(Some(item::key(&Key::flight(id))))
    }

    /// An update on the condition that the flight is still as it was read, with what passengers
    /// are going to be told of.
    fn as_read(
        &self,
        read: &Flight,
        mut set: Vec<String>,
        news: Option<&ToldSchedule>,
    ) -> Result<UpdateItemFluentBuilder, StoreError> {
        let mut request = self.update(&read.flight_id);
        if let Some(news) = news {
            let mut after = read.clone();
            after.begin_telling(news.clone());
            for (name, told) in [
                ("telling_schedule", &after.telling_schedule),
                ("maybe_told_schedule", &after.maybe_told_schedule),
            ] {
                if let Some(told) = told {
                    set.push(format!("{name} = :{name}"));
                    request = request
                        .expression_attribute_values(format!(":{name}"), item::attribute(told)?);
                }
            }
        }
        let version =
            |told: &Option<ToldSchedule>| told.as_ref().map(|told| &told.version).cloned();
        let mut conditions = vec!["attribute_exists(PK) AND #status = :read_status".to_owned()];
        for (path, value, read) in [
            ("schedule_version", ":read_schedule", read.versions.schedule.clone()),
            ("told_schedule.version", ":read_told", version(&read.told_schedule)),
            ("telling_schedule.version", ":read_telling", version(&read.telling_schedule)),
            ("maybe_told_schedule.version", ":read_maybe", version(&read.maybe_told_schedule)),
        ] {
            match read {
                None => conditions.push(format!("attribute_not_exists({path})")),
                Some(version) => {
                    conditions.push(format!("{path} = {value}"));
                    request = request.expression_attribute_values(value, text(version.to_string()));
                }
            }
        }
        Ok(request
            .update_expression(format!("SET {}", set.join(", ")))
            .condition_expression(conditions.join(" AND "))
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":read_status", text(read.status.name())))
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
