//! `--dry-run`: what would be sent, without sending it.

use super::airline::Airline;
use super::day::Day;
use super::expected;
use super::knowledge::{self, Event, Says};
use crate::terminal;
use serde_json::json;

/// Says what a replay of the day would be.
pub(super) fn show(
    day: &Day,
    events: &[Event],
    airline: &Airline<'_>,
    json: bool,
) -> anyhow::Result<()> {
    let reason = knowledge::reason(day);
    if json {
        let event = |event: &Event| {
            let departure = &day.departures[event.departure];
            json!({
                "event_type": event.event_type(), "timestamp": event.at,
                "payload": event.payload(departure, reason),
            })
        };
        let events: Vec<_> = events.iter().map(event).collect();
        terminal::line(serde_json::to_string_pretty(&json!({"date": day.date, "events": events}))?);
        return Ok(());
    }
    let cancelled = events.iter().filter(|event| event.says == Says::Cancelled).count();
    let (all, late) = (day.departures.len(), day.late());
    terminal::line(format_args!(
        "{}: {all} departures, of which {cancelled} did not operate and {late} left late",
        day.date
    ));
    terminal::line(format_args!(
        "{} events: {cancelled} cancellations, {} delays; passengers are told of {} of them",
        events.len(),
        events.len() - cancelled,
        expected::told(events).len()
    ));
    terminal::line(format_args!("{} bookings (generated)", airline.bookings()));
    Ok(())
}
