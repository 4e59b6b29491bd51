//! What the function does itself for a batch, without the calls to AWS: decode, decide, encode. For `bench/`.
//!
//! `own_work FILE TIMES` handles the invocation of a file so many times, over a table and a bus that
//! answer at once, and prints the processor time that it took as JSON.

// A tool prints; and one that cannot go on ends.
#![allow(clippy::print_stdout)]

use flightpulse_allocator as _;
use flightpulse_bus::{Event, EventPublisher, PublishError};
use flightpulse_dead_letters::memory::MemoryDeadLetters;
use flightpulse_domain::disruption::QuietOutcome;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::{EventId, FlightId};
use flightpulse_kafka_batch::Invocation;
use flightpulse_kafka_consumer::handler::Consumer;
use flightpulse_store::{FlightReader, QuietWriter, StoreError, Written, conformance};
use jiff::Timestamp;
use serde_json::json;
use std::collections::HashMap;
use std::error::Error;
use std::hint::black_box;
use std::time::Duration;

/// Every flight is there.
struct Flights(Flight);

impl FlightReader for Flights {
    async fn flight(&self, _: &FlightId) -> Result<Option<Flight>, StoreError> {
        Ok(Some(self.0.clone()))
    }

    async fn flights(&self, ids: &[FlightId]) -> Result<HashMap<FlightId, Flight>, StoreError> {
        Ok(ids.iter().map(|id| (id.clone(), self.0.clone())).collect())
    }
}

impl QuietWriter for Flights {
    async fn complete_quietly(
        &self,
        _: &Flight,
        changed: &Flight,
        events: &[(EventId, QuietOutcome)],
        _: Timestamp,
    ) -> Result<Written, StoreError> {
        black_box((changed, events));
        Ok(Written::Yes)
    }
}

/// Every event is taken.
struct Bus;

impl EventPublisher for Bus {
    async fn publish(&self, events: &[Event]) -> Vec<Result<(), PublishError>> {
        black_box(events).iter().map(|_| Ok(())).collect()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("the file of an invocation is missing")?;
    let times: u32 = arguments.next().ok_or("how many times is missing")?.parse()?;
    let invocation = std::fs::read(file)?;
    let flights = Flights(conformance::flight("SW1000"));
    let consumer = Consumer { flights, bus: Bus, dead_letters: MemoryDeadLetters::default() };
    // As the runtime reads it.
    let handle = async || {
        let event: Invocation = serde_json::from_slice(&invocation)?;
        Ok::<_, Box<dyn Error>>(consumer.handle(event, Timestamp::now()).await?)
    };
    handle().await?;
    let from = processor_time()?;
    for _ in 0..times {
        black_box(handle().await?);
    }
    let took = processor_time()? - from;
    println!("{}", json!({"times": times, "processor_seconds": took.as_secs_f64()}));
    Ok(())
}

/// Of this thread, which is the only one.
fn processor_time() -> Result<Duration, Box<dyn Error>> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = stat.split_whitespace().next().ok_or("the kernel counts no time")?;
    Ok(Duration::from_nanos(nanoseconds.parse()?))
}
