//! What happens, as it happens: on the terminal, and kept for the report.

mod feed;
mod news;
mod reconciliation;

use super::script::{Plan, Planned};
use crate::kafka::RecordAt;
use crate::operations::NewEvent;
use crate::terminal::{self, Paint, on_the_clock, printable};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Something that happened.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Happening {
    /// Since the start, in milliseconds.
    elapsed_ms: u128,
    text: String,
}

/// What happened since the start.
#[derive(Debug)]
pub(super) struct Timeline {
    started: Instant,
    live: bool,
    paint: Paint,
    /// The events' names, by id, where there are several.
    names: BTreeMap<String, String>,
    happenings: Vec<Happening>,
}

impl Timeline {
    /// Begins; `live` says that it is shown on the terminal as it happens.
    pub(super) fn start(live: bool, title: &str) -> Self {
        let paint = Paint::for_stdout();
        if live {
            terminal::line(paint.bold(title));
        }
        Self {
            started: Instant::now(),
            live,
            paint,
            names: BTreeMap::new(),
            happenings: Vec::new(),
        }
    }

    /// Time since the start.
    pub(super) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Colours as the terminal wants them.
    pub(super) fn paint(&self) -> Paint {
        self.paint
    }

    /// Everything that happened.
    pub(super) fn into_happenings(self) -> Vec<Happening> {
        self.happenings
    }

    fn add(&mut self, symbol: &str, text: String, below: &[String]) {
        if self.live {
            let seconds = format!("{:7.2} s", self.elapsed().as_secs_f64());
            terminal::line(format_args!(
                "{}  {symbol} {}",
                self.paint.dim(seconds),
                printable(&text)
            ));
            for line in below {
                let shown = format!("             {}", printable(line));
                terminal::line(self.paint.dim(shown.trim_end()));
            }
        }
        self.happenings.push(Happening { elapsed_ms: self.elapsed().as_millis(), text });
    }

    pub(super) fn seeded(&mut self, table: &str, summary: &str) {
        self.add("▤", format!("{table} seeded: {summary}"), &[]);
    }

    pub(super) fn flight(&mut self, when: &str, flight: &Value) {
        let text = |name: &str| match flight.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => "-".to_owned(),
            Some(other) => other.to_string(),
        };
        let actual = flight.get("actual_departure").filter(|time| !time.is_null());
        let departs =
            text(if actual.is_some() { "actual_departure" } else { "scheduled_departure" });
        let departs = on_the_clock(&departs, &text("origin")).unwrap_or(departs);
        let (id, status, gate) = (text("flight_id"), text("status"), text("gate"));
        let on_time = match (status.as_str(), text("delay_minutes").as_str()) {
            ("CANCELLED", _) => format!("was to leave {departs}"),
            (_, "0") => format!("on schedule, leaves {departs}"),
            (_, delay) => format!("{delay} minutes late, leaves {departs}"),
        };
        let said = format!("API {when}: {id} {status}, {on_time}, gate {gate}");
        self.add("⇄", said, &[]);
    }

    /// What was written. Of several events each has a name, by which it is known from here on.
    pub(super) fn sent(&mut self, plan: &Plan, records: &[RecordAt]) {
        for one in &plan.events {
            let name = one.name.clone().map(|name| (one.event.event_id.to_string(), name));
            self.names.extend(name);
        }
        let written: Vec<_> = plan.writes.iter().map(|at| &plan.events[*at]).zip(records).collect();
        if let [(one, at)] = written.as_slice() {
            let RecordAt { topic, partition, offset } = at;
            let (what, id) = (what(&one.event), &one.event.event_id);
            let text = format!("Kafka: {what} in {topic}, partition {partition}, offset {offset}");
            return self.add("▶", format!("{text} ({id})"), &[]);
        }
        let width = self.names.values().map(String::len).max().unwrap_or(0);
        let line = |(one, at): &(&Planned, &RecordAt)| {
            let name = one.name.as_deref().unwrap_or_default();
            let (what, ago) = (what(&one.event), one.seconds_ago);
            let RecordAt { partition, offset, .. } = at;
            format!("{name:<width$}  happened {ago:>2} s ago  {what}, {partition}@{offset}")
        };
        let below: Vec<_> = written.iter().map(line).collect();
        let id = &plan.correlation_id;
        let text = format!("Kafka: {} records without waiting in between ({id})", below.len());
        self.add("▶", text, &below);
    }

    pub(super) fn patience_is_over(&mut self, patience: Duration) {
        self.add("⏱", format!("waited {} s; going on with what there is", patience.as_secs()), &[]);
    }
}

fn what(event: &NewEvent) -> String {
    let event_type = event.value["event_type"].as_str().unwrap_or_default();
    format!("{event_type} {}", event.flight_id)
}
