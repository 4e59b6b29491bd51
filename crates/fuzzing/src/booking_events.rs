//! Events of bookings, as Adobe Experience Platform sends them.

use crate::now;
use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::inbound::MAX_CLOCK_SKEW_MINUTES;
use flightpulse_domain::money::{MAX_MINOR_UNITS, Money};
use flightpulse_domain::reservation::{
    BookingEvent, ContactField, Feed, Purchased, Reservation, Said,
};
use flightpulse_domain::xdm::{self, Read};
use jiff::ToSpan;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Events that are folded of one input.
const MOST: usize = 20;

/// Reads JSON: an event, or an array of them.
pub fn booking_events(input: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(input) else { return };
    let events = match value {
        Value::Array(events) => events,
        one => vec![one],
    };
    let heard: Vec<_> = events.iter().take(MOST).filter_map(understood).collect();
    let mut by_pnr: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for event in &heard {
        by_pnr.entry(&event.pnr).or_default().push(event);
    }
    by_pnr.values().for_each(|events| fold(events));
}

/// What an event says of a booking, however its names are written, and whatever stands beside what
/// is read of it.
pub(crate) fn understood(event: &Value) -> Option<BookingEvent> {
    let read = |event: &Value| xdm::read(event, Feed::Reconciliation, now());
    let answer = read(event);
    if let Value::Object(fields) = event {
        let columns = fields.iter().filter(|(name, _)| xdm::is_read(name));
        let columns = columns.map(|(name, value)| (name.clone(), value.clone())).collect();
        assert_eq!(read(&Value::Object(columns)), answer, "a column is read that is not named");
        if !has_prefixes(event) {
            assert_eq!(read(&prefixed(event)).ok(), answer.clone().ok(), "by its prefixes");
        }
    }
    match answer {
        Ok(Read::Booking(event)) => {
            plausible(&event);
            Some(event)
        }
        Ok(Read::Other(_)) => None,
        Err(rejection) => {
            assert!(rejection.to_string().chars().count() < 1_000, "{rejection}");
            None
        }
    }
}

fn has_prefixes(value: &Value) -> bool {
    match value {
        Value::Object(map) => map
            .iter()
            .any(|(name, value)| name.starts_with("xdm:") || name == "@id" || has_prefixes(value)),
        Value::Array(values) => values.iter().any(has_prefixes),
        _ => false,
    }
}

/// The same with the prefix of Adobe's examples before every name but an id's and a tenant's.
fn prefixed(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let name = |name: &String| match name.starts_with('_') {
                true => name.clone(),
                false => format!("xdm:{name}"),
            };
            Value::Object(
                map.iter().map(|(n, value)| (name(n), prefixed(value))).collect::<Map<_, _>>(),
            )
        }
        Value::Array(values) => values.iter().map(prefixed).collect(),
        other => other.clone(),
    }
}

fn plausible(event: &BookingEvent) {
    let latest = now().saturating_add(MAX_CLOCK_SKEW_MINUTES.minutes()).unwrap_or(now());
    assert!(event.version.occurred_at() <= latest, "{:?}", event.version);
    let text = event.version.to_string();
    assert_eq!(FacetVersion::try_from(text).ok().as_ref(), Some(&event.version));
    for (field, value) in &event.contact {
        assert!(!value.trim().is_empty() && !value.contains('\0'), "{field:?} {value:?}");
        match field {
            ContactField::Email => assert!(value.contains('@'), "{value:?}"),
            ContactField::Phone => {
                assert!(value.starts_with('+') && value.len() <= 16, "{value:?}")
            }
            _ => {}
        }
    }
    if let Said::Purchased(flights) = &event.said {
        assert!(!flights.is_empty());
        flights.values().for_each(bought);
    }
}

fn bought(purchased: &Purchased) {
    assert!(purchased.passengers.values().all(|count| *count > 0), "{purchased:?}");
    amount(purchased.price);
    purchased.payments.iter().for_each(|payment| amount(payment.amount));
    purchased.ancillaries.iter().filter_map(|one| one.price).for_each(amount);
}

/// An amount is zero or more, and what is written of it is read as the same.
fn amount(money: Money) {
    assert!(money.minor_units >= 0, "{money:?}");
    // Sums of several products may be larger than what is believed of one.
    if money.minor_units <= MAX_MINOR_UNITS {
        assert_eq!(Money::read(&Value::String(money.decimal()), money.currency), Ok(money));
    }
}

/// The order in which events come does not matter, nor how often; what is kept is read as it was
/// written.
fn fold(events: &[&BookingEvent]) {
    let Some(first) = events.first() else { return };
    let all = |events: &mut dyn Iterator<Item = &&BookingEvent>| {
        let mut reservation = Reservation::new(first.pnr.clone());
        let mut taken = events.map(|event| reservation.apply(event));
        taken.all(|taken| taken.is_ok()).then_some(reservation)
    };
    // One that is larger than is taken loses what comes last.
    let Some(reservation) = all(&mut events.iter()) else { return };
    assert_eq!(all(&mut events.iter().rev()).as_ref(), Some(&reservation));
    assert_eq!(all(&mut events.iter().chain(events)).as_ref(), Some(&reservation));
    let written = serde_json::to_value(&reservation).unwrap_or_default();
    assert_eq!(serde_json::from_value::<Reservation>(written).ok(), Some(reservation));
}
