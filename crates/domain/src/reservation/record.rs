//! The flight-operations record: one flight of one reservation, as operations reads it.

use super::{Ancillary, Cabin, Feed, Payment, Reservation};
use crate::booking::{Booking, BookingStatus};
use crate::ids::{BookingId, FlightId, InvalidId, PassengerId, Pnr};
use crate::money::Money;
use crate::passenger::{NotificationPreferences, Passenger, Tier};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whether a record's seats are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RecordStatus {
    /// They are.
    Booked,
    /// They were given up.
    Cancelled,
}

/// A flight-operations record, as the table keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlightRecord {
    /// The flight.
    pub flight_id: FlightId,
    /// The flight's number.
    pub flight_number: String,
    /// The reservation.
    pub pnr: Pnr,
    /// The order; none when the feed names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<String>,
    /// IATA code of the airport of departure.
    pub origin: String,
    /// IATA code of the airport of arrival.
    pub destination: String,
    /// The day of departure by the clock of its airport.
    pub departure_date: Date,
    /// Whether its seats are held.
    pub status: RecordStatus,
    /// How many fly, by cabin.
    pub passengers: BTreeMap<Cabin, u32>,
    /// What the seats were sold for.
    pub revenue: Money,
    /// What of that was given back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refunded: Vec<Money>,
    /// When it was first bought, UTC.
    pub booking_timestamp: Timestamp,
    /// When the purchase that stands was made, UTC.
    pub purchased_at: Timestamp,
    /// Where the reservation's contact is written to; personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_email: Option<String>,
    /// How the order was paid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<Payment>,
    /// What else was sold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ancillaries: Vec<Ancillary>,
    /// Which feed the purchase came by.
    pub source: Feed,
}

impl FlightRecord {
    /// The record of a flight of a reservation; none when it is not known what was bought.
    #[must_use]
    pub fn of(reservation: &Reservation, flight: &FlightId) -> Option<Self> {
        let purchase = reservation.purchase(flight)?;
        let purchased_at = purchase.version.occurred_at();
        let purchased = purchase.said.clone();
        let leg = reservation.legs.get(flight)?;
        let refunded = reservation.refunded(flight).into_iter();
        Some(Self {
            flight_id: flight.clone(),
            flight_number: purchased.flight_number,
            pnr: reservation.pnr.clone(),
            order_id: purchased.order_id,
            origin: purchased.origin,
            destination: purchased.destination,
            departure_date: purchased.departure_date,
            status: if reservation.is_cancelled(flight) {
                RecordStatus::Cancelled
            } else {
                RecordStatus::Booked
            },
            passengers: purchased.passengers,
            revenue: purchased.price,
            refunded: refunded
                .map(|(currency, units)| Money { minor_units: units, currency })
                .collect(),
            booking_timestamp: leg.booked_at.unwrap_or(purchased_at),
            purchased_at,
            contact_email: reservation.contact.as_ref().and_then(|known| known.said.email.clone()),
            payments: purchased.payments,
            ancillaries: purchased.ancillaries,
            source: purchased.feed,
        })
    }

    /// How many fly.
    #[must_use]
    pub fn passenger_count(&self) -> u32 {
        self.passengers.values().sum()
    }

    /// The id of its booking, by which the party takes part in what happens to the flight.
    ///
    /// # Errors
    /// [`InvalidId`] when the ids of the flight and the reservation together are too long.
    pub fn booking_id(&self) -> Result<BookingId, InvalidId> {
        BookingId::new(format!("AEP-{}-{}", self.pnr, self.flight_id))
    }

    /// The booking as it is made: of the whole party, under its contact.
    ///
    /// # Errors
    /// [`InvalidId`] as for [`FlightRecord::booking_id`].
    pub fn booking(&self) -> Result<Booking, InvalidId> {
        Ok(Booking {
            booking_id: self.booking_id()?,
            passenger_id: contact_id(&self.pnr)?,
            flight_id: self.flight_id.clone(),
            confirmation_number: self.pnr.clone(),
            seat: None,
            fare_class: None,
            booking_status: self.booking_status(),
            checked_in: false,
            bags_checked: 0,
            special_requests: vec![],
            passenger_count: self.passenger_count(),
            created_at: self.booking_timestamp,
            flight_status_version: None,
            rebooking_version: None,
        })
    }

    /// Where its booking stands as far as the feed knows; a disruption may have changed it since.
    #[must_use]
    pub fn booking_status(&self) -> BookingStatus {
        match self.status {
            RecordStatus::Booked => BookingStatus::Confirmed,
            RecordStatus::Cancelled => BookingStatus::Cancelled,
        }
    }
}

/// The id of a reservation's contact among passengers.
fn contact_id(pnr: &Pnr) -> Result<PassengerId, InvalidId> {
    PassengerId::new(format!("AEP-{pnr}"))
}

impl Reservation {
    /// The contact as a passenger, so that they are told like any other; none when nobody is known.
    ///
    /// # Errors
    /// [`InvalidId`] when the record locator makes no id.
    pub fn passenger(&self) -> Result<Option<Passenger>, InvalidId> {
        let Some(contact) = &self.contact else {
            return Ok(None);
        };
        let contact = contact.said.clone();
        Ok(Some(Passenger {
            passenger_id: contact_id(&self.pnr)?,
            // Nobody is a name: a message greets whoever has none as a traveler.
            first_name: contact.first_name.unwrap_or_default(),
            last_name: contact.last_name.unwrap_or_default(),
            rapid_rewards_number: None,
            tier: Tier::Member,
            notification_preferences: NotificationPreferences {
                email: contact.email.is_some(),
                sms: contact.phone.is_some(),
                push: false,
            },
            email: contact.email,
            phone: contact.phone,
            language: contact.language,
        }))
    }
}
