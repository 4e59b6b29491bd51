//! Whether an event stays as cheap as it is, with more of them and with more flights.

use crate::function::{Contender, Function};
use crate::stub::Stub;
use crate::tasks::kafka_consumer::{batch, quiet};
use bytes::Bytes;
use serde::Serialize;

/// Events since the process was started.
const EVENTS: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// Flights that the records of one batch are about.
const FLIGHTS: [usize; 6] = [10, 50, 100, 500, 1_000, 5_000];
/// Flights of a batch of a hundred events of which nobody need be told.
const QUIET: [usize; 3] = [1, 20, 100];
/// Records of a batch, by what is measured.
const HUNDRED: usize = 100;
const SMALL: usize = 1_000;
const LARGE: usize = 5_000;

/// One point of a curve.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Point {
    /// How many events or flights there are.
    at: usize,
    /// Processor time of the function for each event, in microseconds.
    microseconds_each: f64,
    /// Calls to AWS for each event.
    requests_each: f64,
    /// The most memory that was resident so far, in MB.
    peak_memory_mb: f64,
}

/// The curves of one function.
#[derive(Debug, Serialize)]
pub(crate) struct Growth {
    /// With the events that the process has handled so far.
    by_events: Vec<Point>,
    /// With the flights that a batch is about.
    by_flights: Vec<Point>,
    /// The same, of events of which nobody need be told, a hundred a batch.
    quiet: Vec<Point>,
}

impl Growth {
    /// Measures the consumer of one contender, up to so many events.
    ///
    /// # Errors
    /// When the function fails.
    pub(crate) async fn of(
        contender: &Contender,
        stub: &Stub,
        most_events: usize,
    ) -> anyhow::Result<Self> {
        let function = Function::start(contender, stub).await?;
        let payload = batch(SMALL, 20);
        // The start of the process is no event's.
        function.first(payload.clone()).await?;
        let mut by_events = Vec::new();
        let mut handled = 0;
        for at in EVENTS.into_iter().filter(|at| *at <= most_events) {
            by_events.push(point(&function, stub, at, (&payload, SMALL, at - handled)).await?);
            handled = at;
        }
        function.end().await?;
        let mut by_flights = Vec::new();
        for flights in FLIGHTS {
            let function = Function::start(contender, stub).await?;
            let payload = batch(LARGE, flights);
            function.first(payload.clone()).await?;
            let measured = (&payload, LARGE, most_events.min(100_000));
            by_flights.push(point(&function, stub, flights, measured).await?);
            function.end().await?;
        }
        let function = Function::start(contender, stub).await?;
        let mut of_quiet = Vec::new();
        for flights in QUIET {
            let payload = quiet(HUNDRED, flights);
            function.runtime.invoke(payload.clone()).await?;
            let measured = (&payload, HUNDRED, most_events.min(100_000));
            of_quiet.push(point(&function, stub, flights, measured).await?);
        }
        function.end().await?;
        Ok(Self { by_events, by_flights, quiet: of_quiet })
    }

    /// All curves, a line a point.
    pub(crate) fn table(&self) -> String {
        let head = format!("{:>12}{:>12}{:>14}{:>12}\n", "", "µs each", "calls each", "peak MB");
        let curve = |name: &str, points: &[Point]| {
            let line = |one: &Point| {
                let Point { at, microseconds_each, requests_each, peak_memory_mb } = one;
                format!(
                    "{at:>12}{microseconds_each:>12.2}{requests_each:>14.4}{peak_memory_mb:>12.1}\n"
                )
            };
            format!("{name}\n{}", points.iter().map(line).collect::<String>())
        };
        let by_events = curve("events so far", &self.by_events);
        let by_flights = curve("flights of a batch", &self.by_flights);
        let quiet = curve("flights of a hundred events that tell nobody", &self.quiet);
        format!("{head}{by_events}{by_flights}{quiet}")
    }
}

/// Handles so many events in batches of a size.
async fn point(
    function: &Function,
    stub: &Stub,
    at: usize,
    (payload, size, events): (&Bytes, usize, usize),
) -> anyhow::Result<Point> {
    stub.take_traffic();
    let before = function.processor_time()?;
    let times = events.div_ceil(size);
    for _ in 0..times {
        function.runtime.invoke(payload.clone()).await?;
    }
    let took = function.processor_time()?.saturating_sub(before);
    let requests: u64 = stub.take_traffic().values().map(|seen| seen.requests).sum();
    let count = (times * size) as f64;
    Ok(Point {
        at,
        microseconds_each: took.as_secs_f64() * 1e6 / count,
        requests_each: requests as f64 / count,
        peak_memory_mb: function.peak_memory()? as f64 / 1e6,
    })
}
