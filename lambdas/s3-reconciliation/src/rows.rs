//! A file's rows, decoded on a thread of their own and judged, some hundreds at a time.

use flightpulse_booking_intake::Heard;
use flightpulse_domain::ids::Pnr;
use flightpulse_domain::reconciliation::{Counts, Format, Slice};
use flightpulse_domain::reservation::{BookingEvent, Feed};
use flightpulse_domain::xdm::{self, Read};
use flightpulse_export_rows::{NotRead, Place, Row, Source};
use flightpulse_exports::{ExportError, ExportReader, StoredFile};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// Events of bookings in a window: the more, the more of them are of one reservation, which costs one
/// reading. Two windows are in memory: one in work, and one that is filled or waits.
const EVENTS: u64 = 2_000;
/// Bytes of a window, as JSON: in memory they are several times as many.
const BYTES: usize = 8 << 20;
/// How much is kept of a row that is rejected, in bytes.
const KEPT: usize = 4 << 10;
/// Rows in a window, most of which may be about something else.
const ROWS: u64 = 20_000;

/// An event of a file, and where it is.
pub(crate) struct Told {
    pub(crate) event: BookingEvent,
    pub(crate) place: Place,
}

impl Heard for Told {
    fn event(&self) -> &BookingEvent {
        &self.event
    }
}

/// A row that is not taken in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rejected {
    pub(crate) place: Place,
    pub(crate) reason: String,
    /// What it is; none where it is no longer at hand.
    pub(crate) row: Option<serde_json::Value>,
}

/// Some rows, one after the other.
#[derive(Default)]
pub(crate) struct Window {
    pub(crate) heard: BTreeMap<Pnr, Vec<Told>>,
    pub(crate) rejected: Vec<Rejected>,
    pub(crate) counts: Counts,
    bytes: usize,
}

impl Window {
    fn is_full(&self) -> bool {
        self.counts.booking_events + self.counts.rejected >= EVENTS
            || self.counts.rows >= ROWS
            || self.bytes >= BYTES
    }

    fn add(&mut self, row: Row, now: Timestamp) {
        let Row { place, bytes, content } = row;
        self.counts.rows += 1;
        self.bytes += bytes;
        let mut reject = |reason: String, row: serde_json::Value| {
            self.counts.rejected += 1;
            self.rejected.push(Rejected { place, reason, row: Some(row) });
        };
        let row = match content {
            Ok(row) => row,
            Err(unread) => return reject(unread.reason, unread.text.into()),
        };
        match xdm::read(&row, Feed::Reconciliation, now) {
            Ok(Read::Booking(event)) => {
                self.counts.booking_events += 1;
                self.heard.entry(event.pnr.clone()).or_default().push(Told { event, place });
            }
            Ok(Read::Other(kind)) => {
                self.counts.ignored += 1;
                self.counts.untyped += u64::from(kind.is_none());
            }
            Err(rejection) => reject(rejection.to_string(), kept(row, bytes)),
        }
    }
}

/// A row as it is; of a large one its beginning, as text.
fn kept(row: serde_json::Value, bytes: usize) -> serde_json::Value {
    if bytes <= KEPT {
        return row;
    }
    row.to_string().chars().take(KEPT).collect::<String>().into()
}

/// A file of the bucket, for a thread that may block.
pub(crate) struct Bridge<E> {
    pub(crate) exports: E,
    pub(crate) file: StoredFile,
    pub(crate) runtime: Handle,
}

impl<E: ExportReader> Source for Bridge<E> {
    type Error = ExportError;

    fn size(&self) -> u64 {
        self.file.size
    }

    fn read(&self, range: Range<u64>) -> Result<bytes::Bytes, ExportError> {
        self.runtime.block_on(self.exports.bytes(&self.file, range))
    }
}

/// Reads a slice, window by window, on a thread of the runtime that may wait. Whoever takes no more windows ends it.
pub(crate) fn read<S: Source>(
    source: &S,
    format: Format,
    slice: &Slice,
    now: Timestamp,
    windows: &mpsc::Sender<Window>,
) -> Result<(), NotRead<S::Error>> {
    // A window has its place before its first row: a third would wait beside the one that waits.
    let runtime = Handle::current();
    let reserve = || runtime.block_on(windows.reserve()).ok();
    let (mut window, mut place) = (Window::default(), reserve());
    let mut take = |row: Row| {
        window.add(row, now);
        if window.is_full()
            && let Some(taken) = place.take()
        {
            taken.send(std::mem::take(&mut window));
            place = reserve();
        }
        if place.is_some() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let result = flightpulse_export_rows::rows(source, format, slice, &mut take);
    // What was read before a fault counts all the same.
    if let Some(place) = place
        && window.counts.rows > 0
    {
        place.send(window);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use std::convert::Infallible;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use tokio::task::spawn_blocking;

    /// A file in memory, and how many blocks of it have been read.
    struct Blocks(Bytes, Arc<AtomicUsize>);

    impl Source for Blocks {
        type Error = Infallible;

        fn size(&self) -> u64 {
            self.0.len() as u64
        }

        fn read(&self, range: Range<u64>) -> Result<Bytes, Infallible> {
            self.1.fetch_add(1, Ordering::Relaxed);
            Ok(self.0.slice(range.start as usize..range.end as usize))
        }
    }

    #[tokio::test]
    async fn what_is_read_waits_for_whoever_takes_it() {
        // Nine of these fill a window, and a block has not quite nine of them.
        let row =
            format!("{{\"eventType\": \"x\", \"_id\": \"{}\"}}\n", "x".repeat(BYTES / 9 + 100));
        let read_so_far = Arc::new(AtomicUsize::new(0));
        let file = Blocks(row.repeat(36).into(), read_so_far.clone());
        let (windows, mut next) = mpsc::channel(1);
        let now = "2026-12-01T00:00:00Z".parse().unwrap();
        let reading =
            spawn_blocking(move || read(&file, Format::Json, &Slice::Whole, now, &windows).is_ok());
        let waits = async {
            while next.is_empty() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), waits).await.unwrap();
        // Nobody takes the first window, so there is no second: the beginning that is looked at, and the two
        // blocks with its rows.
        next.close();
        assert!(reading.await.unwrap());
        assert_eq!(read_so_far.load(Ordering::Relaxed), 3);
        assert_eq!(
            (next.recv().await.unwrap().counts.rows, next.recv().await.is_none()),
            (9, true)
        );
    }
}
