//! JSON that cannot be split: compressed, or one array.

use crate::lines::{self, BYTE_ORDER_MARK};
use crate::source::{Reader, Source};
use crate::{NotRead, Place, Row};
use flate2::bufread::MultiGzDecoder;
use serde_json::Value;
use serde_json::de::IoRead;
use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::rc::Rc;

/// The most bytes of one row of an array.
const MAX_ROW: u64 = 4 << 20;

/// Whether what begins so is an array.
pub(crate) fn is_array(beginning: &[u8]) -> bool {
    let text = beginning.strip_prefix(BYTE_ORDER_MARK).unwrap_or(beginning);
    text.trim_ascii_start().first() == Some(&b'[')
}

/// JSON that is compressed by gzip, of one member or several: lines, or an array.
pub(crate) fn compressed<S: Source>(
    source: &S,
    take: &mut dyn FnMut(Row) -> ControlFlow<()>,
) -> Result<(), NotRead<S::Error>> {
    let decoder = MultiGzDecoder::new(BufReader::new(Reader::new(source, 0)));
    let mut reader = BufReader::new(decoder);
    let mut read = || -> Result<(), String> {
        let beginning = reader.fill_buf().map_err(|error| gzip(&error))?;
        if beginning.is_empty() {
            return Err("the file is empty once it is decompressed".to_owned());
        }
        if is_array(beginning) {
            return elements(&mut reader, take);
        }
        lines::each(&mut reader, take).map_err(|error| gzip(&error))
    };
    let result = read();
    result.map_err(|why| not_read(reader.get_ref().get_ref().get_ref(), why))
}

/// One array of rows.
pub(crate) fn array<S: Source>(
    mut reader: BufReader<Reader<'_, S>>,
    take: &mut dyn FnMut(Row) -> ControlFlow<()>,
) -> Result<(), NotRead<S::Error>> {
    let result = elements(&mut reader, take);
    result.map_err(|why| not_read(reader.get_ref(), why))
}

fn not_read<S: Source>(reader: &Reader<'_, S>, why: String) -> NotRead<S::Error> {
    reader.failure().map_or(NotRead::Broken(why), NotRead::Source)
}

fn gzip(error: &io::Error) -> String {
    format!("the file is no whole gzip: {error}")
}

/// A reader that fails once too much is read since it was last allowed some more.
struct Rationed<R> {
    reader: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Rationed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.left.get()).unwrap_or(usize::MAX).min(into.len());
        if room == 0 && !into.is_empty() {
            return Err(io::Error::other(format!("a row has more than {MAX_ROW} bytes")));
        }
        let count = self.reader.read(&mut into[..room])?;
        self.left.set(self.left.get() - count as u64);
        Ok(count)
    }
}

fn elements(
    reader: &mut impl BufRead,
    take: &mut dyn FnMut(Row) -> ControlFlow<()>,
) -> Result<(), String> {
    let beginning = reader.fill_buf().map_err(|error| format!("it cannot be read: {error}"))?;
    if beginning.starts_with(BYTE_ORDER_MARK) {
        reader.consume(BYTE_ORDER_MARK.len());
    }
    let left = Rc::new(Cell::new(MAX_ROW));
    // serde_json reads byte by byte, so what it has read is what it was allowed.
    let rationed = Rationed { reader, left: Rc::clone(&left) };
    let mut deserializer = serde_json::Deserializer::new(IoRead::new(rationed));
    let stopped = Cell::new(false);
    let visitor = Elements { left: &left, stopped: &stopped, take };
    match serde::Deserializer::deserialize_seq(&mut deserializer, visitor) {
        // What is left of the array is not read, which is no fault of it.
        _ if stopped.get() => Ok(()),
        Ok(()) => {
            left.set(MAX_ROW);
            deserializer.end().map_err(|error| format!("there is more behind the array: {error}"))
        }
        Err(error) => Err(format!("the array cannot be read: {error}")),
    }
}

struct Elements<'a> {
    left: &'a Cell<u64>,
    stopped: &'a Cell<bool>,
    take: &'a mut dyn FnMut(Row) -> ControlFlow<()>,
}

impl<'de> serde::de::Visitor<'de> for Elements<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of rows")
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        let mut number = 0;
        while let Some(row) = rows.next_element::<Value>()? {
            number += 1;
            let bytes = usize::try_from(MAX_ROW - self.left.replace(MAX_ROW)).unwrap_or(usize::MAX);
            let row = Row { place: Place::Row(number), bytes, content: Ok(row) };
            if (self.take)(row).is_break() {
                self.stopped.set(true);
                break;
            }
        }
        Ok(())
    }
}
