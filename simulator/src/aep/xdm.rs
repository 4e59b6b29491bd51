//! Events as Adobe Experience Platform sends them: XDM, in the shape of the airline's document.

use super::bookings::{Booking, Bookings, Event, Extra, Leg, Purchase, Refund, Said};
use flightpulse_domain::money::{Currency, Money};
use flightpulse_domain::xdm::{CREDIT_MEMO_ISSUED, ORDER_CANCELLED, PURCHASES};
use serde_json::{Map, Value, json};

/// The airline's own name in Experience Platform.
const TENANT: &str = "_tlpairways";

/// The event as it is sent; `prefixed` has the names of XDM with their prefix, as Adobe's examples
/// have them.
pub(super) fn event(
    bookings: &Bookings,
    booking: &Booking,
    event: &Event,
    prefixed: bool,
) -> Value {
    let mut value = plain(bookings, booking, event);
    if let (Some(id), Some(fields)) = (&event.id, value.as_object_mut()) {
        fields.insert("_id".to_owned(), json!(id));
    }
    if prefixed { with_prefixes(value) } else { value }
}

fn plain(bookings: &Bookings, booking: &Booking, event: &Event) -> Value {
    let money = |units| decimal(units, event.currency);
    let (kind, mut order, items) = match &event.said {
        Said::Bought(purchase) => {
            let order = json!({"priceTotal": money(purchase.total()), "payments": payments(event, purchase)});
            (PURCHASES, order, purchase_items(bookings, event, purchase))
        }
        Said::BoughtBeside(flight, extra) => {
            let number = flight.map(|flight| bookings.flights[flight].number.as_str());
            let order = json!({"priceTotal": money(extra.units)});
            (PURCHASES, order, vec![extra_item(event, extra, number)])
        }
        Said::GaveUp(flights) => {
            let item = |flight: &usize| json!({TENANT: flight_of(bookings, *flight)});
            (ORDER_CANCELLED, json!({}), flights.iter().map(item).collect())
        }
        Said::GaveBack(Refund::Flights(flights)) => {
            let item = |(flight, units): &(usize, i64)| json!({"priceTotal": money(*units), TENANT: flight_of(bookings, *flight)});
            (CREDIT_MEMO_ISSUED, json!({}), flights.iter().map(item).collect())
        }
        Said::GaveBack(Refund::Extras(units)) => {
            let extra = Extra { kind: "refund", count: 1, units: *units };
            (CREDIT_MEMO_ISSUED, json!({}), vec![extra_item(event, &extra, None)])
        }
        Said::GaveBack(Refund::Listed(amounts)) => {
            let refund = |units: &i64| json!({"refundAmount": money(*units)});
            let refunds: Vec<_> = amounts.iter().map(refund).collect();
            (CREDIT_MEMO_ISSUED, json!({"refunds": refunds}), Vec::new())
        }
        Said::GaveBack(Refund::Total(units)) => {
            (CREDIT_MEMO_ISSUED, json!({"priceTotal": money(*units)}), Vec::new())
        }
    };
    order["purchaseID"] = json!(event.order);
    order["currencyCode"] = json!(event.currency.code());
    let (first, last) = booking.name;
    json!({
        "eventType": kind,
        "timestamp": event.at.to_string(),
        "commerce": {"order": order, kind.trim_start_matches("commerce."): {"value": 1}},
        "productListItems": items,
        "person": {"name": {"firstName": first, "lastName": last}},
        TENANT: {"booking": own(booking, event)},
    })
}

fn own(booking: &Booking, event: &Event) -> Value {
    let mut own = json!({"pnr": booking.pnr});
    if let Said::Bought(purchase) = &event.said {
        own["passengerCount"] = json!(purchase.legs.first().map(Leg::party));
        if let Some(email) = &purchase.email {
            own["contactEmail"] = json!(email);
        }
        if let Some(phone) = &purchase.phone {
            own["contactPhone"] = json!(phone);
        }
    }
    own
}

fn purchase_items(bookings: &Bookings, event: &Event, purchase: &Purchase) -> Vec<Value> {
    let seats = purchase.legs.iter().flat_map(|leg| seat_items(bookings, event, leg));
    let extras = purchase.legs.iter().enumerate().flat_map(|(nth, leg)| {
        let number = &bookings.flights[leg.flight].number;
        // What names no flight goes with the first.
        let number = (nth > 0 || leg.extras.len() > 1).then_some(number.as_str());
        leg.extras.iter().map(move |extra| extra_item(event, extra, number))
    });
    seats.chain(extras).collect()
}

fn seat_items<'a>(
    bookings: &'a Bookings,
    event: &'a Event,
    leg: &'a Leg,
) -> impl Iterator<Item = Value> + 'a {
    leg.seats.iter().map(move |(cabin, count, units)| {
        let flight = &bookings.flights[leg.flight];
        let (from, to, number) = (flight.origin, flight.destination, &flight.number);
        let mut own = flight_of(bookings, leg.flight);
        own["cabinClass"] = json!(cabin.name());
        json!({
            "SKU": format!("FLIGHT-{from}-{to}-{number}"),
            "name": format!("{from} to {to}"),
            "quantity": count,
            "priceTotal": decimal(*units, event.currency),
            TENANT: own,
        })
    })
}

fn extra_item(event: &Event, extra: &Extra, number: Option<&str>) -> Value {
    let mut own = json!({"ancillaryType": extra.kind});
    if let Some(number) = number {
        own["flightNumber"] = json!(number);
    }
    json!({
        "SKU": extra.kind.to_ascii_uppercase(),
        "quantity": extra.count,
        "priceTotal": decimal(extra.units, event.currency),
        TENANT: own,
    })
}

fn flight_of(bookings: &Bookings, flight: usize) -> Value {
    let flight = &bookings.flights[flight];
    json!({
        "flightNumber": flight.number, "origin": flight.origin,
        "destination": flight.destination, "departureDate": flight.date,
    })
}

fn payments(event: &Event, purchase: &Purchase) -> Vec<Value> {
    let payment = |(method, units): &(&str, i64)| {
        json!({
            "transactionID": format!("{}-{method}", event.order), "paymentType": method,
            "paymentAmount": decimal(*units, event.currency),
        })
    };
    purchase.payments.iter().map(payment).collect()
}

/// An amount as a JSON number, as most senders have it.
fn decimal(minor_units: i64, currency: Currency) -> Value {
    let text = Money { minor_units, currency }.decimal();
    match text.parse::<f64>() {
        Ok(whole) if whole.fract() == 0.0 => json!(whole as i64),
        Ok(number) => json!(number),
        Err(_) => Value::String(text),
    }
}

/// The same with the prefix before the names that XDM has.
pub(super) fn with_prefixes(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields.into_iter().map(prefixed).collect::<Map<_, _>>().into(),
        Value::Array(values) => values.into_iter().map(with_prefixes).collect(),
        other => other,
    }
}

fn prefixed((name, value): (String, Value)) -> (String, Value) {
    match name.as_str() {
        "_id" => ("@id".to_owned(), value),
        // What is the airline's own has the airline's names.
        TENANT => (name, value),
        _ => (format!("xdm:{name}"), with_prefixes(value)),
    }
}

impl Purchase {
    /// All that it costs, in minor units.
    fn total(&self) -> i64 {
        self.legs.iter().map(|leg| leg.price() + leg.beside()).sum()
    }
}
