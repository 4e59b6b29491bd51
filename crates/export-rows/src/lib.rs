//! The rows of an export's file: Parquet, JSON lines or an array, gzip; one after the other, in
//! constant memory.
//!
//! **Invariants.** All formats give the same rows for the same events: those of Parquet are what it
//! would be written as in JSON. A row that cannot be read is a row too, with why and what it is; what makes
//! the rest of the file unreadable is an error. Blocking: whoever reads gives it a thread.

mod json;
mod lines;
mod parquet_file;
mod source;
mod values;

pub use source::Source;

use flightpulse_domain::reconciliation::{Format, MAX_UNSPLIT_BYTES, Slice, TooLarge, byte_ranges};
use serde_json::Value;
use source::Reader;
use std::io::BufReader;
use std::ops::ControlFlow;

/// Bytes of the beginning by which JSON lines are told from an array.
const LOOKED_AT: u64 = 4 << 10;

/// Where a row is in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A row of Parquet or of an array, from 1.
    Row(u64),
    /// A line, from 1.
    Line(u64),
    /// The byte that a line begins at, from 0, where only some of the lines are read.
    Byte(u64),
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Where it is.
    pub place: Place,
    /// How many bytes it has, as JSON; of Parquet about.
    pub bytes: usize,
    /// What it says; or why it cannot be read, and what it is.
    pub content: Result<Value, Unread>,
}

/// A row that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Why not.
    pub reason: String,
    /// What it is, as far as it was looked at.
    pub text: String,
}

/// Why not all of a file can be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRead<E> {
    /// Its bytes did not come.
    #[error("{0}")]
    Source(E),
    /// It is not what it should be.
    #[error("{0}")]
    Broken(String),
}

impl<E> From<TooLarge> for NotRead<E> {
    fn from(TooLarge(why): TooLarge) -> Self {
        Self::Broken(why)
    }
}

/// In which slices a file is to be read. Looks at as little of it as tells: its footer or its
/// beginning.
///
/// # Errors
/// [`NotRead`]
pub fn slices<S: Source>(source: &S, format: Format) -> Result<Vec<Slice>, NotRead<S::Error>> {
    let size = source.size();
    if size == 0 {
        return Err(NotRead::Broken("the file is empty".to_owned()));
    }
    match format {
        Format::Parquet => parquet_file::slices(source),
        Format::Json if is_array(source)? => unsplit(size, "one JSON array"),
        Format::Json => Ok(byte_ranges(size)?),
        Format::JsonGz => unsplit(size, "compressed JSON"),
    }
}

/// Reads the rows of a slice, in their order, until whoever takes them wants no more.
///
/// # Errors
/// [`NotRead`]: rows before the fault were given all the same.
pub fn rows<S: Source>(
    source: &S,
    format: Format,
    slice: &Slice,
    take: &mut dyn FnMut(Row) -> ControlFlow<()>,
) -> Result<(), NotRead<S::Error>> {
    match (format, slice) {
        (Format::Parquet, Slice::RowGroups { from, to, first_row }) => {
            parquet_file::rows(source, *from..*to, *first_row, take)
        }
        (Format::JsonGz, _) => json::compressed(source, take),
        (Format::Json, Slice::Bytes { from, to }) => lines::between(source, *from..*to, take),
        (Format::Json, _) if is_array(source)? => {
            json::array(BufReader::new(Reader::new(source, 0)), take)
        }
        (Format::Json, _) => lines::all(BufReader::new(Reader::new(source, 0)), take),
        (Format::Parquet, _) => Err(NotRead::Broken("Parquet is read by row groups".to_owned())),
    }
}

fn unsplit<E>(size: u64, what: &str) -> Result<Vec<Slice>, NotRead<E>> {
    if size <= MAX_UNSPLIT_BYTES {
        return Ok(vec![Slice::Whole]);
    }
    Err(NotRead::Broken(format!(
        "the file has {size} bytes of {what}, which cannot be split; more than {MAX_UNSPLIT_BYTES} \
         are not read by one function: export Parquet, or smaller files"
    )))
}

fn is_array<S: Source>(source: &S) -> Result<bool, NotRead<S::Error>> {
    let beginning = source.read(0..source.size().min(LOOKED_AT)).map_err(NotRead::Source)?;
    Ok(json::is_array(&beginning))
}

#[cfg(test)]
mod tests;
