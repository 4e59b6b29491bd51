//! Files of exports: Parquet, JSON lines, an array, gzip.

use crate::booking_events::understood;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use flightpulse_domain::reconciliation::{Format, Slice};
use flightpulse_export_rows::{NotRead, Place, Row, Source, rows, slices};
use std::convert::Infallible;
use std::io::Write;
use std::ops::{ControlFlow, Range};

/// Rows that are taken of one file, and bytes of them: a kilobyte of gzip is a megabyte of JSON.
const MOST_ROWS: usize = 2_000;
const MOST_BYTES: usize = 4 << 20;
/// How much is kept of what cannot be read: 4 KB, each byte of which may become three.
const MOST_KEPT: usize = 3 * (4 << 10);

/// A file in memory, which reads within its size only.
struct Memory(Bytes);

impl Source for Memory {
    type Error = Infallible;

    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn read(&self, range: Range<u64>) -> Result<Bytes, Infallible> {
        assert!(range.start <= range.end && range.end <= self.size(), "{range:?}");
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        Ok(self.0.slice(place(range.start)..place(range.end)))
    }
}

type Answer = Result<(), NotRead<Infallible>>;

/// The rows of a slice, up to a limit; and the answer, where the limit was not reached.
fn read(source: &Memory, format: Format, slice: &Slice) -> (Vec<Row>, Option<Answer>) {
    let (mut found, mut bytes, mut stopped) = (Vec::new(), 0, false);
    let answer = rows(source, format, slice, &mut |row| {
        assert!(!stopped, "whoever has enough is given no more");
        bytes += row.bytes;
        found.push(row);
        stopped = found.len() >= MOST_ROWS || bytes >= MOST_BYTES;
        if stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(!stopped || answer.is_ok(), "{answer:?}");
    (found, (!stopped).then_some(answer))
}

/// Reads a file: by its beginning it is Parquet, gzip or else JSON.
pub fn export_rows(input: &[u8]) {
    let source = Memory(Bytes::copy_from_slice(input));
    match input {
        [b'P', b'A', b'R', b'1', ..] => parquet(&source),
        [0x1f, 0x8b, ..] => {
            for slice in slices(&source, Format::JsonGz).unwrap_or_default() {
                assert_eq!(slice, Slice::Whole);
                judge(&read(&source, Format::JsonGz, &slice).0);
            }
        }
        _ => json(&source),
    }
}

/// All row groups are in one slice each, in their order, and rows are counted through.
fn parquet(source: &Memory) {
    let (mut groups, mut behind) = (0, 0);
    for slice in slices(source, Format::Parquet).unwrap_or_default() {
        let Slice::RowGroups { from, to, first_row } = slice else {
            unreachable!("Parquet is read by row groups: {slice:?}");
        };
        assert_eq!((from, first_row >= behind), (groups, true));
        assert!(to > from, "{slice:?}");
        (groups, behind) = (to, first_row);
        let (found, _) = read(source, Format::Parquet, &slice);
        judge(&found);
        let places: Vec<_> = found.iter().map(|row| row.place).collect();
        let counted = (1..).map(|nth| Place::Row(first_row.saturating_add(nth)));
        assert_eq!(places, counted.take(places.len()).collect::<Vec<_>>());
    }
}

fn json(source: &Memory) {
    let (whole, answer) = read(source, Format::Json, &Slice::Whole);
    judge(&whole);
    let Some(answer) = answer else { return };
    // Compressed it says the same; a file of nothing is told to be one.
    if !source.0.is_empty() {
        let (found, compressed) = read(&gzip(&source.0), Format::JsonGz, &Slice::Whole);
        assert_eq!(found, whole);
        assert_eq!(compressed.map(|answer| answer.is_ok()), Some(answer.is_ok()));
    }
    // An array is in one slice, of which there may be no row that can be read.
    if matches!(whole.first(), Some(Row { place: Place::Line(_), .. })) {
        cut(source, &whole);
    }
}

/// However lines are cut into slices, each is in exactly one, at the byte that it begins at.
fn cut(source: &Memory, whole: &[Row]) {
    let size = source.size();
    for cut in [1, size / 3, size / 2, size.saturating_sub(1)] {
        let ranges = [(0, cut.min(size)), (cut.min(size), size)];
        let parts = ranges.map(|(from, to)| {
            let (found, answer) = read(source, Format::Json, &Slice::Bytes { from, to });
            assert_eq!(answer, Some(Ok(())));
            for row in &found {
                let Place::Byte(at) = row.place else { unreachable!("{row:?}") };
                assert!((from..to).contains(&at), "{at} is not in {from}..{to}");
                let before = usize::try_from(at).ok().and_then(|at| at.checked_sub(1));
                assert!(before.is_none_or(|before| source.0[before] == b'\n'), "{at}");
            }
            found
        });
        let found: Vec<_> = parts.iter().flatten().map(|row| &row.content).collect();
        assert_eq!(found, whole.iter().map(|row| &row.content).collect::<Vec<_>>());
    }
}

/// Rows have places in their order. What cannot be read says why, and shows what it is; what can be
/// is understood like an event of any feed.
fn judge(rows: &[Row]) {
    assert!(rows.windows(2).all(|pair| pair[0].place < pair[1].place));
    for row in rows {
        match &row.content {
            Ok(value) => drop(understood(value)),
            Err(unread) => {
                assert!(!unread.reason.is_empty() && unread.text.len() <= MOST_KEPT);
            }
        }
    }
}

fn gzip(bytes: &[u8]) -> Memory {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    Memory(written.unwrap_or_default().into())
}
