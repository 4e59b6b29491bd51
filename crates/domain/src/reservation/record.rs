//! The flight-operations record: what was bought on one flight under one order, as operations reads
//! it; and the booking and the passenger by whom a reservation takes part in disruptions.

use super::{Ancillary, Cabin, ContactField, Feed, Order, Payment, Reservation};
use crate::booking::{Booking, BookingStatus};
use crate::ids::{BookingId, FlightId, InvalidId, PassengerId, Pnr};
use crate::money::{Currency, Money};
use crate::passenger::{Language, NotificationPreferences, Passenger, Tier};
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
    /// The order.
    pub order: Order,
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
    /// What of that was given back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ancillaries_refunded: Vec<Money>,
    /// Which feed the purchase came by.
    pub source: Feed,
}

impl FlightRecord {
    /// The record of what was bought on a flight under an order; none when nothing was.
    #[must_use]
    pub fn of(reservation: &Reservation, flight: &FlightId, order: &Order) -> Option<Self> {
        let purchase = reservation.purchase(flight, order)?;
        let purchased = purchase.stated.said.clone();
        let refunded = reservation.refunded(flight, order);
        Some(Self {
            flight_id: flight.clone(),
            flight_number: purchased.flight_number,
            pnr: reservation.pnr.clone(),
            order: order.clone(),
            origin: purchased.origin,
            destination: purchased.destination,
            departure_date: purchased.departure_date,
            status: if reservation.is_cancelled(flight, order) {
                RecordStatus::Cancelled
            } else {
                RecordStatus::Booked
            },
            passengers: purchased.passengers,
            revenue: purchased.price,
            refunded: amounts(refunded.seats),
            booking_timestamp: purchase.booked_at,
            purchased_at: purchase.stated.version.occurred_at(),
            contact_email: reservation.contacted(ContactField::Email),
            payments: purchased.payments,
            ancillaries: reservation.ancillaries_of(flight, order),
            ancillaries_refunded: amounts(refunded.ancillaries),
            source: purchased.feed,
        })
    }

    /// How many fly.
    #[must_use]
    pub fn passenger_count(&self) -> u32 {
        self.passengers.values().sum()
    }
}

fn amounts(by_currency: BTreeMap<Currency, i64>) -> Vec<Money> {
    by_currency.into_iter().map(|(currency, minor_units)| Money { minor_units, currency }).collect()
}

/// The id of a reservation's booking of a flight, by which the party takes part in what happens to
/// it.
///
/// # Errors
/// [`InvalidId`] when the two ids together are too long.
pub fn booking_id(pnr: &Pnr, flight: &FlightId) -> Result<BookingId, InvalidId> {
    BookingId::new(format!("AEP-{pnr}-{flight}"))
}

/// The id of a reservation's contact among passengers.
///
/// # Errors
/// [`InvalidId`] when the record locator makes no id.
pub fn contact_id(pnr: &Pnr) -> Result<PassengerId, InvalidId> {
    PassengerId::new(format!("AEP-{pnr}"))
}

impl Reservation {
    /// All that was sold beside the seats of a flight under an order, whenever it was.
    pub(super) fn ancillaries_of(&self, flight: &FlightId, order: &Order) -> Vec<Ancillary> {
        let Some(purchase) = self.purchase(flight, order) else {
            return Vec::new();
        };
        let mut sold = purchase.stated.said.ancillaries.clone();
        sold.extend(self.extras_of(flight, order));
        sold
    }

    fn contacted(&self, field: ContactField) -> Option<String> {
        self.contact.get(&field).map(|known| known.said.clone())
    }

    /// The booking of a flight: of the whole party, under its contact. None when it is not known
    /// that anything was bought. Its status is as far as the feed knows; a disruption may have
    /// changed it since.
    ///
    /// # Errors
    /// [`InvalidId`] as for [`booking_id`].
    pub fn booking(&self, flight: &FlightId) -> Result<Option<Booking>, InvalidId> {
        let records: Vec<_> = self
            .orders_of(flight)
            .filter_map(|order| FlightRecord::of(self, flight, order))
            .collect();
        let Some(created_at) = records.iter().map(|record| record.booking_timestamp).min() else {
            return Ok(None);
        };
        let is_held = |record: &&FlightRecord| record.status == RecordStatus::Booked;
        let held: u32 = records.iter().filter(is_held).map(FlightRecord::passenger_count).sum();
        let all: u32 = records.iter().map(FlightRecord::passenger_count).sum();
        let (booking_status, passenger_count) = match held {
            0 => (BookingStatus::Cancelled, all),
            held => (BookingStatus::Confirmed, held),
        };
        Ok(Some(Booking {
            booking_id: booking_id(&self.pnr, flight)?,
            passenger_id: contact_id(&self.pnr)?,
            flight_id: flight.clone(),
            confirmation_number: self.pnr.clone(),
            seat: None,
            fare_class: None,
            booking_status,
            checked_in: false,
            bags_checked: 0,
            special_requests: vec![],
            passenger_count,
            created_at,
            flight_status_version: None,
            rebooking_version: None,
        }))
    }

    /// The contact as a passenger, so that they are told like any other. One of whom nothing is
    /// known is there all the same: who cannot be reached is counted when there is something to
    /// tell.
    ///
    /// # Errors
    /// [`InvalidId`] as for [`contact_id`].
    pub fn passenger(&self) -> Result<Passenger, InvalidId> {
        let email = self.contacted(ContactField::Email);
        let phone = self.contacted(ContactField::Phone);
        Ok(Passenger {
            passenger_id: contact_id(&self.pnr)?,
            // Nobody is a name: a message greets whoever has none as a traveler.
            first_name: self.contacted(ContactField::FirstName).unwrap_or_default(),
            last_name: self.contacted(ContactField::LastName).unwrap_or_default(),
            rapid_rewards_number: None,
            tier: Tier::Member,
            notification_preferences: NotificationPreferences {
                email: email.is_some(),
                sms: phone.is_some(),
                push: false,
            },
            email,
            phone,
            language: self
                .contacted(ContactField::Language)
                .map(Language::from)
                .unwrap_or_default(),
        })
    }
}
