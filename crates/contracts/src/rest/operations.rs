//! What a flight has of reservations, as operations reads it.

use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::{FlightId, Pnr};
use flightpulse_domain::money::{Currency, Money};
use flightpulse_domain::reservation::{
    Ancillary, AncillaryCategory, Cabin, Feed, FlightRecord, Load, Payment, RecordStatus, Totals,
};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Money")]
pub struct MoneyView {
    /// As a decimal number in the currency's major unit, with all its decimals.
    pub amount: String,
    /// In the currency's minor units.
    pub minor_units: i64,
    /// ISO 4217 code of the currency.
    pub currency: String,
}

impl From<Money> for MoneyView {
    fn from(money: Money) -> Self {
        Self {
            amount: money.decimal(),
            minor_units: money.minor_units,
            currency: money.currency.code().to_owned(),
        }
    }
}

fn sums(by_currency: &BTreeMap<Currency, i64>) -> Vec<MoneyView> {
    let money = |(currency, units): (&Currency, &i64)| {
        MoneyView::from(Money { minor_units: *units, currency: *currency })
    };
    by_currency.iter().map(money).collect()
}

/// Sums over the reservations of a flight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OperationsTotals")]
pub struct TotalsView {
    /// Reservations that hold seats.
    pub reservations: i64,
    /// Passengers of those.
    pub passengers: i64,
    /// The same by cabin.
    pub passengers_by_cabin: BTreeMap<Cabin, i64>,
    /// What seats were sold for, less what was given back, by currency. A cancellation alone gives
    /// nothing back.
    pub revenue: Vec<MoneyView>,
    /// What else was sold for, less what was given back, by currency.
    pub ancillary_revenue: Vec<MoneyView>,
    /// How many ancillaries of each category go with the seats that are held.
    pub ancillaries: BTreeMap<AncillaryCategory, i64>,
}

impl From<&Totals> for TotalsView {
    fn from(totals: &Totals) -> Self {
        Self {
            reservations: totals.reservations,
            passengers: totals.all_passengers(),
            passengers_by_cabin: totals.passengers.clone(),
            revenue: sums(&totals.revenue),
            ancillary_revenue: sums(&totals.ancillary_revenue),
            ancillaries: totals.ancillaries.clone(),
        }
    }
}

/// A payment for an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Payment")]
pub struct PaymentView {
    /// How, in the feed's words.
    pub method: String,
    /// How much.
    pub amount: MoneyView,
}

impl From<Payment> for PaymentView {
    fn from(payment: Payment) -> Self {
        Self { method: payment.method, amount: payment.amount.into() }
    }
}

/// Something sold beside the seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Ancillary")]
pub struct AncillaryView {
    /// What, as the feed calls it.
    pub kind: String,
    /// What it is.
    pub category: AncillaryCategory,
    /// How many.
    pub quantity: u32,
    /// For how much, all of them together.
    pub price: Option<MoneyView>,
}

impl From<Ancillary> for AncillaryView {
    fn from(ancillary: Ancillary) -> Self {
        Self {
            category: AncillaryCategory::of(&ancillary.kind),
            kind: ancillary.kind,
            quantity: ancillary.quantity,
            price: ancillary.price.map(MoneyView::from),
        }
    }
}

/// A flight-operations record: what one order of one reservation has on one flight. What is not
/// known is null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FlightRecord")]
pub struct RecordView {
    /// The flight.
    pub flight_id: FlightId,
    /// The flight's number.
    pub flight_number: String,
    /// The reservation's record locator.
    pub pnr: Pnr,
    /// The order.
    pub order_id: Option<String>,
    /// Origin and destination: `DEL-BOM`.
    pub route: String,
    /// IATA code of the airport of departure.
    pub origin: String,
    /// IATA code of the airport of arrival.
    pub destination: String,
    /// The day of departure by the clock of its airport.
    pub departure_date: Date,
    /// Whether its seats are held.
    pub status: RecordStatus,
    /// How many fly.
    pub passenger_count: u32,
    /// Their cabin; null where the party sits in several.
    pub cabin_class: Option<Cabin>,
    /// How many fly in each.
    pub passengers_by_cabin: BTreeMap<Cabin, u32>,
    /// What the seats were sold for.
    pub revenue: MoneyView,
    /// What of that was given back, by currency.
    pub refunded: Vec<MoneyView>,
    /// When it was first bought, UTC.
    pub booking_timestamp: Timestamp,
    /// When the purchase that stands was made, UTC.
    pub purchased_at: Timestamp,
    /// Where the reservation's contact is written to.
    pub contact_email: Option<String>,
    /// How the order was paid.
    pub payments: Vec<PaymentView>,
    /// What else was sold.
    pub ancillaries: Vec<AncillaryView>,
    /// What of that was given back, by currency.
    pub ancillaries_refunded: Vec<MoneyView>,
    /// Which feed the purchase came by.
    pub source: Feed,
    /// That the booking takes part in the flight's operation: always, for a record is written
    /// together with its booking.
    pub processed: bool,
}

impl From<FlightRecord> for RecordView {
    fn from(record: FlightRecord) -> Self {
        let one_cabin = || match record.passengers.len() {
            1 => record.passengers.keys().next().copied(),
            _ => None,
        };
        Self {
            cabin_class: one_cabin(),
            passenger_count: record.passenger_count(),
            flight_id: record.flight_id,
            flight_number: record.flight_number,
            pnr: record.pnr,
            order_id: record.order.id().map(str::to_owned),
            route: format!("{}-{}", record.origin, record.destination),
            origin: record.origin,
            destination: record.destination,
            departure_date: record.departure_date,
            status: record.status,
            passengers_by_cabin: record.passengers,
            revenue: record.revenue.into(),
            refunded: record.refunded.into_iter().map(MoneyView::from).collect(),
            booking_timestamp: record.booking_timestamp,
            purchased_at: record.purchased_at,
            contact_email: record.contact_email,
            payments: record.payments.into_iter().map(PaymentView::from).collect(),
            ancillaries: record.ancillaries.into_iter().map(AncillaryView::from).collect(),
            ancillaries_refunded: record
                .ancillaries_refunded
                .into_iter()
                .map(MoneyView::from)
                .collect(),
            source: record.source,
            processed: true,
        }
    }
}

/// What a flight has of reservations: totals of all, and a page of records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FlightOperations")]
pub struct OperationsView {
    /// The flight.
    pub flight_id: FlightId,
    /// Seats for sale on its aircraft; null while that is not known.
    pub capacity: Option<u32>,
    /// Passengers with a booking that is not cancelled, however it came.
    pub booked_passengers: u32,
    /// Those by capacity, rounded to four decimals; over 1 where it is overbooked; null while the
    /// capacity is not known.
    pub load_factor: Option<f64>,
    /// The totals.
    pub totals: TotalsView,
    /// The records, in the order of their record locators.
    pub records: Vec<RecordView>,
    /// How many there are in this answer.
    pub count: usize,
    /// The `cursor` of the next answer; null after the last.
    pub next: Option<String>,
}

impl OperationsView {
    /// What is answered for a flight, `flight` and `totals` as far as each is known.
    #[must_use]
    pub fn new(
        flight_id: FlightId,
        flight: Option<&Flight>,
        totals: Option<&Totals>,
        records: Vec<FlightRecord>,
        next: Option<String>,
    ) -> Self {
        let load = Load::of(flight, totals);
        let records: Vec<_> = records.into_iter().map(RecordView::from).collect();
        Self {
            flight_id,
            capacity: load.capacity,
            booked_passengers: load.booked_passengers,
            load_factor: load.factor(),
            totals: totals.unwrap_or(&Totals::default()).into(),
            count: records.len(),
            records,
            next,
        }
    }
}
