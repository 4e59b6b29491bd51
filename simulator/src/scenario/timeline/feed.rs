//! Bookings as they come in, in words.

use super::Timeline;
use flightpulse_domain::flight::Flight;
use serde_json::Value;
use std::time::Duration;

impl Timeline {
    pub(in crate::scenario) fn feed_flight(&mut self, flight: &Flight) {
        let Flight { flight_id, origin, destination, .. } = flight;
        let seats = flight.capacity.unwrap_or_default();
        self.add("▤", format!("{flight_id} seeded: {origin} to {destination}, {seats} seats"), &[]);
    }

    pub(in crate::scenario) fn feed_sent(&mut self, events: &[Value], took: Duration) {
        let event = |event: &Value| {
            let text = |place: &str| event.pointer(place).and_then(Value::as_str).unwrap_or("-");
            let kind = text("/eventType").trim_start_matches("commerce.");
            let (pnr, id) = (text("/_tlpairways/booking/pnr"), text("/_id"));
            format!("{kind} of {pnr} at {} ({id})", text("/timestamp"))
        };
        let (count, ms) = (events.len(), took.as_millis());
        let plural = if count == 1 { "" } else { "s" };
        let text = format!("webhook: {count} event{plural}, acknowledged after {ms} ms");
        self.add("▶", text, &events.iter().map(event).collect::<Vec<_>>());
    }

    /// What operations reads; `after` says since when, none when it is not what it must be.
    pub(in crate::scenario) fn operations(&mut self, found: &Value, after: Option<Duration>) {
        let number = |place: &str| found.pointer(place).and_then(Value::as_f64).unwrap_or_default();
        let (parties, people) = (number("/totals/reservations"), number("/totals/passengers"));
        let load = number("/load_factor") * 100.0;
        let revenue = found.pointer("/totals/revenue").and_then(Value::as_array);
        let revenue: Vec<_> = revenue.into_iter().flatten().map(money).collect();
        let readable = match after {
            Some(after) => format!("readable {} ms after the last request", after.as_millis()),
            None => "and that is not what it must be".to_owned(),
        };
        let text = format!(
            "API operations: {parties} reservations, {people} passengers, load factor {load:.1} %, \
             {}, {readable}",
            revenue.join(", ")
        );
        let records = found.get("records").and_then(Value::as_array);
        let record = |one: &Value| {
            let text = |name: &str| match one.get(name) {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Null) | None => "-".to_owned(),
                Some(other) => other.to_string(),
            };
            let price = one.get("revenue").map(money).unwrap_or_default();
            let (count, cabin) = (text("passenger_count"), text("cabin_class"));
            format!("{}  {:<9}  {count} {cabin}, {price}", text("pnr"), text("status"))
        };
        let records: Vec<_> = records.into_iter().flatten().map(record).collect();
        self.add("⇄", text, &records);
    }
}

fn money(money: &Value) -> String {
    let text = |name: &str| money.get(name).and_then(Value::as_str).unwrap_or("-");
    format!("{} {}", text("currency"), text("amount"))
}
