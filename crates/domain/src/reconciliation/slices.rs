//! In which slices a file is read: each by one call of the function, within its time, its memory and
//! its disk.

use serde::{Deserialize, Serialize};

/// The most rows of a slice. If all of them were missed, each is a transaction of some 20 ms, eight
/// at once: 250 of the function's 900 seconds.
pub const MAX_ROWS_OF_A_SLICE: u64 = 100_000;
/// The most bytes of a slice: Parquet's are on the function's disk while they are read.
pub const MAX_BYTES_OF_A_SLICE: u64 = 512 << 20;
/// The most bytes of a file that cannot be split: compressed JSON, or one array.
pub const MAX_UNSPLIT_BYTES: u64 = 1 << 30;
/// The most slices of a file: all of them together fit a state of a workflow.
pub const MAX_SLICES: usize = 1_000;
/// The bytes of JSON of a slice: some 100,000 events of a kilobyte.
const JSON_BYTES_OF_A_SLICE: u64 = 100 << 20;

/// A part of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Slice {
    /// All of it.
    Whole,
    /// The lines that begin in a range of bytes.
    Bytes {
        /// The first byte.
        from: u64,
        /// The byte behind the last one.
        to: u64,
    },
    /// Row groups of a Parquet file.
    RowGroups {
        /// The first one, from 0.
        from: usize,
        /// The one behind the last.
        to: usize,
        /// The file's rows before them.
        first_row: u64,
    },
}

/// A row group of a Parquet file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowGroup {
    /// Its rows.
    pub rows: u64,
    /// Its bytes, as they are stored.
    pub bytes: u64,
}

/// A file is larger than can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TooLarge(pub String);

/// The slices of a Parquet file: as many row groups each as fit. A row group cannot be split.
///
/// # Errors
/// [`TooLarge`] when one row group has more bytes than a slice may have, when the rows are more than
/// can be counted, or when there are too many slices.
pub fn row_groups(groups: &[RowGroup]) -> Result<Vec<Slice>, TooLarge> {
    let mut slices = Vec::new();
    let (mut from, mut first_row) = (0, 0);
    let (mut rows, mut bytes) = (0, 0);
    for (at, group) in groups.iter().enumerate() {
        if group.bytes > MAX_BYTES_OF_A_SLICE {
            return Err(TooLarge(format!(
                "row group {at} has {} bytes; more than {MAX_BYTES_OF_A_SLICE} cannot be read at \
                 once: export with smaller row groups",
                group.bytes
            )));
        }
        let before = first_row + rows;
        if group.rows.checked_add(before).is_none() {
            return Err(TooLarge(format!(
                "row group {at} would be the file's row {before} and more than can be counted: the \
                 file is no Parquet"
            )));
        }
        let full =
            rows + group.rows > MAX_ROWS_OF_A_SLICE || bytes + group.bytes > MAX_BYTES_OF_A_SLICE;
        if at > from && full {
            slices.push(Slice::RowGroups { from, to: at, first_row });
            (from, first_row) = (at, before);
            (rows, bytes) = (0, 0);
        }
        rows += group.rows;
        bytes += group.bytes;
    }
    if from < groups.len() {
        slices.push(Slice::RowGroups { from, to: groups.len(), first_row });
    }
    few(slices.len() as u64)?;
    Ok(slices)
}

/// The slices of JSON lines of so many bytes.
///
/// # Errors
/// [`TooLarge`] when there are too many slices.
pub fn byte_ranges(size: u64) -> Result<Vec<Slice>, TooLarge> {
    if size <= JSON_BYTES_OF_A_SLICE {
        return Ok(vec![Slice::Whole]);
    }
    let slices = size.div_ceil(JSON_BYTES_OF_A_SLICE);
    let range = |nth: u64| Slice::Bytes {
        from: nth * JSON_BYTES_OF_A_SLICE,
        to: size.min((nth + 1) * JSON_BYTES_OF_A_SLICE),
    };
    // Counted before they are made: a size is a number that came from outside.
    few(slices)?;
    Ok((0..slices).map(range).collect())
}

fn few(slices: u64) -> Result<(), TooLarge> {
    if slices <= MAX_SLICES as u64 {
        return Ok(());
    }
    Err(TooLarge(format!(
        "the file would be read in {slices} slices; more than {MAX_SLICES} are not: export it in \
         several files"
    )))
}
