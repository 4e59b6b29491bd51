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

#[cfg(test)]
mod tests {
    use super::*;
    use flightpulse_domain::reservation::{Order, Reservation, ReservationChange};
    use flightpulse_store::ReservationWriter;
    use flightpulse_store::memory::MemoryStore;
    use std::collections::HashMap;
    use tokio::sync::mpsc::unbounded_channel;

    fn pnr(text: &str) -> Pnr {
        Pnr::new(text).unwrap()
    }

    async fn write(store: &MemoryStore, locator: &str) {
        let before = Reservation::new(pnr(locator));
        let mut after = before.clone();
        let version = flightpulse_domain::facet::FacetVersion::new(
            jiff::Timestamp::UNIX_EPOCH,
            flightpulse_domain::ids::EventId::new("e").unwrap(),
        );
        after.cancelled_orders.insert(Order::new(None), version);
        let change = ReservationChange::between(&before, after, &HashMap::new()).unwrap().unwrap();
        store.write_reservation(&change).await.unwrap();
    }

    #[tokio::test]
    async fn bookings_are_waited_for_until_they_are_there() {
        let store = MemoryStore::default();
        write(&store, "ONE").await;
        let (tell, acknowledged) = unbounded_channel();
        tell.send((pnr("ONE"), Instant::now())).unwrap();
        tell.send((pnr("TWO"), Instant::now())).unwrap();
        let later = async {
            tokio::time::sleep(FINEST * 3).await;
            write(&store, "TWO").await;
            drop(tell);
        };
        let watching = watch(&store, acknowledged, Duration::from_secs(60));
        let (readable, ()) = tokio::join!(watching, later);
        assert_eq!((readable.count, readable.left), (2, 0));
    }

    #[tokio::test]
    async fn what_never_comes_is_left_after_a_while() {
        let store = MemoryStore::default();
        let (tell, acknowledged) = unbounded_channel();
        tell.send((pnr("ONE"), Instant::now())).unwrap();
        drop(tell);
        let readable = watch(&store, acknowledged, Duration::from_millis(60)).await;
        assert_eq!((readable.count, readable.left), (0, 1));
    }
}
