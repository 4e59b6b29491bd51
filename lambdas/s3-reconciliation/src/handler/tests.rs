//! Runs over stores in memory: planned, each part read, concluded, as the workflow does.

use super::*;
use flightpulse_bus::memory::MemoryBus;
use flightpulse_contracts::tasks::reconciliation::{Concluded, Planned};
use flightpulse_domain::flight::{Flight, FlightStatus};
use flightpulse_domain::ids::{EventId, FlightId, Pnr};
use flightpulse_domain::reconciliation::{Run, RunId, RunStatus};
use flightpulse_domain::reservation::{Feed, Reservation, ReservationChange, Totals};
use flightpulse_domain::xdm::{self, Read};
use flightpulse_exports::memory::MemoryExports;
use flightpulse_store::memory::MemoryStore;
use flightpulse_store::{
    OperationsReader, ReconciliationReader, RecordWriter, ReservationReader, ReservationWriter,
};
use serde_json::json;
use std::collections::HashMap;

mod attempts;
mod bad;
mod found;

const BUCKET: &str = "flightpulse-exports";
const FOLDER: &str = "exports/65f1c0/exportTime=202611300600/";
const FLIGHT: &str = "TL123-2026-12-15-DEL";

fn now() -> Timestamp {
    "2026-12-01T00:00:00Z".parse().unwrap()
}

pub(super) type Memory = Reconciliation<MemoryStore, MemoryBus, MemoryExports>;

fn memory() -> Memory {
    Reconciliation {
        store: MemoryStore::default(),
        bus: MemoryBus::default(),
        exports: MemoryExports::default(),
        clock: now,
    }
}

fn event(pnr: &str, kind: &str, second: u32, party: u32) -> Value {
    json!({
        "_id": format!("{pnr}-{kind}-{second}"), "eventType": kind,
        "timestamp": format!("2026-11-30T10:00:{second:02}Z"),
        "commerce": {"order": {"purchaseID": pnr, "priceTotal": 300, "currencyCode": "INR"}},
        "productListItems": [{
            "SKU": "F", "quantity": party, "priceTotal": 300.5,
            "_tlpairways": {
                "flightNumber": "TL123", "origin": "DEL", "destination": "BOM",
                "departureDate": "2026-12-15", "cabinClass": "economy"
            }
        }],
        "_tlpairways": {
            "booking": {"pnr": pnr, "passengerCount": party, "contactEmail": "user@example.com"}
        }
    })
}

fn purchase(pnr: &str) -> Value {
    event(pnr, xdm::PURCHASES, 1, 2)
}

fn lines(events: &[Value]) -> Vec<u8> {
    events.iter().flat_map(|event| format!("{event}\n").into_bytes()).collect()
}

/// What the live feed has brought.
async fn streamed(memory: &Memory, events: &[Value]) {
    for event in events {
        let Ok(Read::Booking(event)) = xdm::read(event, Feed::Streaming, now()) else {
            panic!("it is a booking")
        };
        let before = reservation(memory, event.pnr.as_str()).await;
        let before = before.unwrap_or_else(|| Reservation::new(event.pnr.clone()));
        let mut after = before.clone();
        after.apply(&event).unwrap();
        if let Some(change) = ReservationChange::between(&before, after, &HashMap::new()).unwrap() {
            memory.store.write_reservation(&change).await.unwrap();
        }
    }
}

async fn reservation(memory: &Memory, pnr: &str) -> Option<Reservation> {
    let pnr = Pnr::new(pnr).unwrap();
    let mut found = memory.store.reservations(std::slice::from_ref(&pnr)).await.unwrap();
    found.remove(&pnr).map(Result::unwrap)
}

async fn totals(memory: &Memory) -> Totals {
    let id = FlightId::new(FLIGHT).unwrap();
    let found = memory.store.totals(std::slice::from_ref(&id)).await.unwrap();
    found.get(&id).cloned().unwrap_or_default()
}

fn plan(name: &str, execution: &str) -> ReconciliationTask {
    ReconciliationTask::Plan {
        bucket: BUCKET.to_owned(),
        key: format!("{FOLDER}{name}"),
        execution: execution.to_owned(),
        started_at: now(),
        run_id: RunId::of(execution, now()),
        again: false,
    }
}

async fn planned(memory: &Memory, task: ReconciliationTask) -> Planned {
    serde_json::from_value(memory.handle(task).await.unwrap()).unwrap()
}

/// The plan of the same run once more, by another execution.
fn plan_again(name: &str, execution: &str, run: &RunId) -> ReconciliationTask {
    ReconciliationTask::Plan {
        bucket: BUCKET.to_owned(),
        key: format!("{FOLDER}{name}"),
        execution: execution.to_owned(),
        started_at: now(),
        run_id: run.clone(),
        again: true,
    }
}

fn parts(planned: &Planned) -> Vec<ReconciliationTask> {
    let task = |part: &_| ReconciliationTask::Reconcile {
        run_id: planned.run_id.clone(),
        attempt: planned.attempt.clone(),
        file: planned.file.clone().unwrap(),
        part: Clone::clone(part),
    };
    planned.parts.iter().map(task).collect()
}

fn conclude(planned: &Planned, failure: Option<String>) -> ReconciliationTask {
    let Planned { run_id, attempt, .. } = planned.clone();
    ReconciliationTask::Conclude { run_id, attempt, failure }
}

async fn concluded(memory: &Memory, planned: &Planned, failure: Option<String>) -> Concluded {
    let answer = memory.handle(conclude(planned, failure)).await.unwrap();
    serde_json::from_value(answer).unwrap()
}

/// A whole run, as the workflow makes it.
async fn run(memory: &Memory, task: ReconciliationTask) -> (RunId, Concluded) {
    let planned = planned(memory, task).await;
    assert!(planned.concerned);
    for part in parts(&planned) {
        memory.handle(part).await.unwrap();
    }
    let concluded = concluded(memory, &planned, planned.failure.clone()).await;
    (planned.run_id, concluded)
}

async fn noted(memory: &Memory, run: &RunId) -> Run {
    memory.store.run(run).await.unwrap().unwrap()
}

/// The lines of all files under a folder.
fn written(memory: &Memory, folder: &str) -> Vec<Value> {
    let files = memory.exports.under(folder).into_iter();
    let text = |(_, content): (String, bytes::Bytes)| String::from_utf8(content.to_vec()).unwrap();
    let lines = |text: String| {
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    };
    files.filter(|(key, _)| key.ends_with(".ndjson")).map(text).flat_map(lines).collect()
}

fn report(memory: &Memory, run: &RunId) -> Value {
    let found = memory.exports.under(&format!("reports/{run}/"));
    let (_, report) = found.iter().find(|(key, _)| key.ends_with("/report.json")).unwrap();
    serde_json::from_slice(report).unwrap()
}

async fn cancelled_flight(memory: &Memory) {
    let mut flight: Flight = flightpulse_store::conformance::flight(FLIGHT);
    flight.status = FlightStatus::Cancelled;
    let id = EventId::new("cancelled").unwrap();
    flight.versions.status = Some(flightpulse_domain::facet::FacetVersion::new(now(), id));
    memory.store.put_flight(&flight).await.unwrap();
}
