//! From when a booking was acknowledged to when its record can be read: of a sample, so that asking
//! is no load.

use crate::histogram::Histogram;
use flightpulse_domain::ids::Pnr;
use flightpulse_store::ReservationReader;
use std::collections::VecDeque;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedReceiver;

/// Bookings that are asked for in one call.
const PER_CALL: usize = 25;
/// How exactly a time is measured: to a tenth of it, and no finer than this.
const FINEST: Duration = Duration::from_millis(25);
const COARSEST: Duration = Duration::from_secs(1);

/// A booking that was acknowledged.
pub(super) type Acknowledged = (Pnr, Instant);

/// What came of the sample.
#[derive(Default)]
pub(super) struct Readable {
    pub(super) times: Histogram,
    pub(super) count: u64,
    /// Those that were not to be read by the deadline.
    pub(super) left: u64,
}

/// Asks for the bookings that come in until they can be read; for `patience` after the last came in.
pub(super) async fn watch(
    store: &impl ReservationReader,
    mut acknowledged: UnboundedReceiver<Acknowledged>,
    patience: Duration,
) -> Readable {
    let mut readable = Readable::default();
    let mut waiting: VecDeque<Acknowledged> = VecDeque::new();
    let mut closed_at: Option<Instant> = None;
    loop {
        if waiting.is_empty() {
            match acknowledged.recv().await {
                Some(one) => waiting.push_back(one),
                None => return readable,
            }
        }
        while let Ok(one) = acknowledged.try_recv() {
            waiting.push_back(one);
        }
        if acknowledged.is_closed() && acknowledged.is_empty() {
            let since = *closed_at.get_or_insert_with(Instant::now);
            if since.elapsed() > patience {
                readable.left = waiting.len() as u64;
                return readable;
            }
        }
        let asked: Vec<_> = waiting.iter().take(PER_CALL).map(|(pnr, _)| pnr.clone()).collect();
        // One that cannot be read now is asked for again.
        let found = store.reservations(&asked).await.unwrap_or_default();
        let now = Instant::now();
        waiting.retain(|(pnr, at)| {
            let is_there = found.contains_key(pnr);
            if is_there {
                readable.times.add(now.saturating_duration_since(*at));
                readable.count += 1;
            }
            !is_there
        });
        let oldest = waiting.front().map_or(Duration::ZERO, |(_, at)| at.elapsed());
        tokio::time::sleep((oldest / 10).clamp(FINEST, COARSEST)).await;
    }
}
