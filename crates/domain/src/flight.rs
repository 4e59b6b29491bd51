//! Flights, and what passengers were last told of them.

use crate::delay::Reason;
use crate::facet::FacetVersion;
use crate::ids::FlightId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a flight stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FlightStatus {
    /// As planned.
    Scheduled,
    /// Passengers are boarding.
    Boarding,
    /// Later than planned.
    Delayed,
    /// Does not operate.
    Cancelled,
    /// In the air.
    Departed,
    /// On its way to another airport.
    Diverted,
    /// At its destination.
    Arrived,
}

impl FlightStatus {
    /// The status's name in the table and the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Scheduled => "SCHEDULED",
            Self::Boarding => "BOARDING",
            Self::Delayed => "DELAYED",
            Self::Cancelled => "CANCELLED",
            Self::Departed => "DEPARTED",
            Self::Diverted => "DIVERTED",
            Self::Arrived => "ARRIVED",
        }
    }
}

/// The version of each facet; none until an event has changed it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FacetVersions {
    /// Of the times and the delay.
    #[serde(rename = "schedule_version", skip_serializing_if = "Option::is_none")]
    pub schedule: Option<FacetVersion>,
    /// Of the gate.
    #[serde(rename = "gate_version", skip_serializing_if = "Option::is_none")]
    pub gate: Option<FacetVersion>,
    /// Of the status.
    #[serde(rename = "status_version", skip_serializing_if = "Option::is_none")]
    pub status: Option<FacetVersion>,
}

/// What passengers were last told of the schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldSchedule {
    /// The version of the facet that they were told of.
    pub version: FacetVersion,
    /// The departure that they were told, in UTC.
    pub departure: Timestamp,
    /// The delay that they were told, in minutes.
    pub delay_minutes: u32,
}

/// A flight as the table keeps it. All times are UTC; passengers read their airport's local time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flight {
    /// The flight's id.
    pub flight_id: FlightId,
    /// IATA code of the airport of departure.
    pub origin: String,
    /// IATA code of the airport of arrival.
    pub destination: String,
    /// Departure as planned.
    pub scheduled_departure: Timestamp,
    /// Arrival as planned.
    pub scheduled_arrival: Timestamp,
    /// Departure as now expected, or as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual_departure: Option<Timestamp>,
    /// Arrival as now expected, or as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual_arrival: Option<Timestamp>,
    /// Where the flight stands.
    pub status: FlightStatus,
    /// The gate, once one is assigned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// The aircraft's type or registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aircraft: Option<String>,
    /// How much later than planned it leaves, in minutes.
    #[serde(default)]
    pub delay_minutes: u32,
    /// Why it is late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_reason: Option<Reason>,
    /// Passengers with a booking that is not cancelled.
    #[serde(default)]
    pub booked_passengers: u32,
    /// The version of each facet.
    #[serde(flatten)]
    pub versions: FacetVersions,
    /// What passengers were last told of the schedule, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_schedule: Option<ToldSchedule>,
    /// What they are being told of it just now: some may have read it already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telling_schedule: Option<ToldSchedule>,
    /// What some of them may have read though the telling was never finished: it failed, or newer
    /// news took its place. While it is there, every report is told, whatever it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maybe_told_schedule: Option<ToldSchedule>,
}

impl Flight {
    /// Passengers are going to be told of this. What they were being told of until now, some may
    /// have read.
    pub fn begin_telling(&mut self, news: ToldSchedule) {
        if let Some(cut_short) = self.telling_schedule.replace(news.clone())
            && cut_short.version != news.version
        {
            self.maybe_told_schedule = Some(cut_short);
        }
    }

    /// All passengers have been told of this version, if it is the one being told.
    pub fn record_told(&mut self, version: &FacetVersion) {
        if let Some(news) = self.telling_schedule.take_if(|news| news.version == *version) {
            self.told_schedule = Some(news);
            self.maybe_told_schedule = None;
        }
    }

    /// Telling of this version has failed, if it is the one being told: some may have read it.
    pub fn abandon_telling(&mut self, version: &FacetVersion) {
        if let Some(news) = self.telling_schedule.take_if(|news| news.version == *version) {
            self.maybe_told_schedule = Some(news);
        }
    }

    /// Whether passengers have been, or are being, told of a newer version than this, so that
    /// telling them of this one would take back what is true.
    #[must_use]
    pub fn has_newer_schedule_news(&self, than: &FacetVersion) -> bool {
        [&self.told_schedule, &self.telling_schedule]
            .into_iter()
            .flatten()
            .any(|news| news.version > *than)
    }
}
