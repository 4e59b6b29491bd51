//! Flights, and what passengers were last told of them.

use crate::delay::Reason;
use crate::facet::{Facet, FacetVersion};
use crate::ids::FlightId;
use crate::inbound::RebookingPriority;
use crate::news::{News, Telling, ToldGate, ToldSchedule, ToldStatus};
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

    /// Whether the flight still waits for its passengers, so that its times and gate matter to
    /// them.
    #[must_use]
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Scheduled | Self::Boarding | Self::Delayed)
    }

    /// Whether the flight has left the gate or landed: nothing about its departure changes any
    /// more.
    #[must_use]
    pub fn has_left(self) -> bool {
        matches!(self, Self::Departed | Self::Diverted | Self::Arrived)
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

impl FacetVersions {
    /// The version of a facet; none until an event has changed it.
    #[must_use]
    pub fn of(&self, facet: Facet) -> Option<&FacetVersion> {
        match facet {
            Facet::Schedule => self.schedule.as_ref(),
            Facet::Gate => self.gate.as_ref(),
            Facet::Status => self.status.as_ref(),
        }
    }

    /// Gives a facet its version.
    pub fn set(&mut self, facet: Facet, version: FacetVersion) {
        let place = match facet {
            Facet::Schedule => &mut self.schedule,
            Facet::Gate => &mut self.gate,
            Facet::Status => &mut self.status,
        };
        *place = Some(version);
    }
}

/// Why a flight does not operate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    /// Why.
    pub reason: Reason,
    /// How urgently its passengers need another flight.
    #[serde(default)]
    pub rebooking_priority: RebookingPriority,
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
    /// Seats for sale on that aircraft, when they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u32>,
    /// How much later than planned it leaves, in minutes.
    #[serde(default)]
    pub delay_minutes: u32,
    /// Why it is late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_reason: Option<Reason>,
    /// Why it does not operate, while it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancellation: Option<Cancellation>,
    /// Passengers with a booking that is not cancelled.
    #[serde(default)]
    pub booked_passengers: u32,
    /// The version of each facet.
    #[serde(flatten)]
    pub versions: FacetVersions,
    /// What passengers know of the schedule.
    #[serde(default, skip_serializing_if = "Telling::is_empty")]
    pub schedule_news: News<ToldSchedule>,
    /// What passengers know of the gate.
    #[serde(default, skip_serializing_if = "Telling::is_empty")]
    pub gate_news: News<ToldGate>,
    /// What passengers know of whether it operates.
    #[serde(default, skip_serializing_if = "Telling::is_empty")]
    pub status_news: News<ToldStatus>,
    /// How often the flight has been written: a write that was decided on an older revision is
    /// refused.
    #[serde(default)]
    pub revision: u64,
}

impl Flight {
    /// A flight as it is planned: nothing has been said of it, and nobody is booked.
    ///
    /// `origin` and `destination` are IATA codes; `departure` and `arrival` are UTC.
    #[must_use]
    pub fn scheduled(
        flight_id: FlightId,
        origin: impl Into<String>,
        destination: impl Into<String>,
        departure: Timestamp,
        arrival: Timestamp,
    ) -> Self {
        Self {
            flight_id,
            origin: origin.into(),
            destination: destination.into(),
            scheduled_departure: departure,
            scheduled_arrival: arrival,
            actual_departure: None,
            actual_arrival: None,
            status: FlightStatus::Scheduled,
            gate: None,
            aircraft: None,
            capacity: None,
            delay_minutes: 0,
            delay_reason: None,
            cancellation: None,
            booked_passengers: 0,
            versions: FacetVersions::default(),
            schedule_news: News::default(),
            gate_news: News::default(),
            status_news: News::default(),
            revision: 0,
        }
    }

    /// The departure as now expected, UTC.
    #[must_use]
    pub fn departure(&self) -> Timestamp {
        self.actual_departure.unwrap_or(self.scheduled_departure)
    }

    /// The arrival as now expected, UTC.
    #[must_use]
    pub fn arrival(&self) -> Timestamp {
        self.actual_arrival.unwrap_or(self.scheduled_arrival)
    }

    /// How far the telling of a facet has come.
    #[must_use]
    pub fn news(&self, facet: Facet) -> &dyn Telling {
        match facet {
            Facet::Schedule => &self.schedule_news,
            Facet::Gate => &self.gate_news,
            Facet::Status => &self.status_news,
        }
    }

    fn news_mut(&mut self, facet: Facet) -> &mut dyn Telling {
        match facet {
            Facet::Schedule => &mut self.schedule_news,
            Facet::Gate => &mut self.gate_news,
            Facet::Status => &mut self.status_news,
        }
    }

    /// All passengers have been told of this version of the facet, if it is the one being told.
    pub fn record_told(&mut self, facet: Facet, version: &FacetVersion) {
        self.revision += 1;
        self.news_mut(facet).finish(version);
    }

    /// Telling of this version has failed, of whichever facet it is the one being told: some may
    /// have read it.
    pub fn abandon_telling(&mut self, version: &FacetVersion) {
        self.revision += 1;
        for facet in Facet::ALL {
            self.news_mut(facet).abandon(version);
        }
    }
}
