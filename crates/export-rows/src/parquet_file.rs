//! Parquet. The row groups of a slice are copied to a file on disk that is as long as the whole and
//! has nothing where nothing is read: memory is for one page of each column and some rows.

use crate::lines::unread;
use crate::source::{BLOCK, Source};
use crate::values::Columns;
use crate::{NotRead, Place, Row};
use arrow_array::RecordBatch;
use arrow_json::WriterBuilder;
use arrow_json::writer::LineDelimited;
use arrow_schema::{DataType, FieldRef, Fields, Schema};
use flightpulse_domain::reconciliation::{RowGroup, Slice, row_groups};
use flightpulse_domain::xdm;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::{LogicalType, Type as PhysicalType};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader};
use parquet::schema::types::{SchemaDescriptor, Type};
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::ops::{ControlFlow, Range};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// Bytes of the end in which most footers are.
const FOOTER: u64 = 64 << 10;
/// The longest footer that is read, in bytes: read, it takes several times as much of memory.
const MAX_FOOTER: u64 = 16 << 20;
/// Rows that are decoded at once, and how many bytes these have, about.
const BATCH: u64 = 1_024;
const BYTES_OF_A_BATCH: u64 = 4 << 20;
/// UTC as an offset: what is written as JSON knows no names of zones.
pub(crate) const UTC: &str = "+00:00";
/// Without these no row is an event that says anything of bookings.
const NEEDED: [&str; 2] = ["eventType", "timestamp"];

type Decoded<T> = Result<T, Box<dyn std::error::Error>>;
type Taken<'a> = &'a mut dyn FnMut(Row) -> ControlFlow<()>;

/// The slices that the row groups make.
pub(crate) fn slices<S: Source>(source: &S) -> Result<Vec<Slice>, NotRead<S::Error>> {
    let metadata = footer(source)?;
    let columns = columns(&metadata);
    check_columns(metadata.file_metadata().schema_descr())?;
    let groups = metadata.row_groups().iter().map(|group| {
        let ranges = columns.iter().map(|column| place_of(group.column(*column)));
        let bytes = ranges.map(|range| range.map(|range| range.end - range.start));
        Ok(RowGroup {
            rows: u64::try_from(group.num_rows()).unwrap_or_default(),
            bytes: bytes.sum::<Result<u64, NotRead<S::Error>>>()?,
        })
    });
    Ok(row_groups(&groups.collect::<Result<Vec<_>, NotRead<S::Error>>>()?)?)
}

/// Where a column of a row group is. The library's own answer panics where a footer is broken.
fn place_of<E>(column: &ColumnChunkMetaData) -> Result<Range<u64>, NotRead<E>> {
    let start = column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset());
    let place = u64::try_from(start).ok().zip(u64::try_from(column.compressed_size()).ok());
    let place = place.and_then(|(start, length)| Some(start..start.checked_add(length)?));
    let broken = || "the file is no Parquet: its footer has places that cannot be".to_owned();
    place.ok_or_else(|| NotRead::Broken(broken()))
}

/// The rows of some row groups.
pub(crate) fn rows<S: Source>(
    source: &S,
    groups: Range<usize>,
    first_row: u64,
    take: Taken<'_>,
) -> Result<(), NotRead<S::Error>> {
    let metadata = footer(source)?;
    if groups.end > metadata.num_row_groups() {
        return Err(NotRead::Broken(
            "the file has fewer row groups than it was planned with".into(),
        ));
    }
    let file = copy(source, &metadata, groups.clone())?;
    decode(file, metadata, groups, first_row, take)
        .map_err(|error| NotRead::Broken(format!("the Parquet cannot be read: {error}")))
}

fn footer<S: Source>(source: &S) -> Result<ParquetMetaData, NotRead<S::Error>> {
    let size = source.size();
    let mut wanted = size.min(FOOTER);
    loop {
        let end = source.read(size - wanted..size).map_err(NotRead::Source)?;
        let mut reader = ParquetMetaDataReader::new();
        match reader.try_parse_sized(&end, size) {
            Ok(()) => return reader.finish().map_err(broken),
            Err(ParquetError::NeedMoreData(more)) if (more as u64) > wanted => {
                if more as u64 > MAX_FOOTER.min(size) {
                    let why = format!("its footer would have {more} bytes");
                    return Err(NotRead::Broken(format!("the file is no Parquet: {why}")));
                }
                wanted = more as u64;
            }
            Err(error) => return Err(broken(error)),
        }
    }
}

fn broken<E>(error: ParquetError) -> NotRead<E> {
    NotRead::Broken(format!("the file is no Parquet: {error}"))
}

/// Columns at the top that are read.
fn roots(schema: &SchemaDescriptor) -> Vec<usize> {
    let fields = schema.root_schema().get_fields().iter().enumerate();
    fields.filter(|(_, field)| xdm::is_read(field.name())).map(|(at, _)| at).collect()
}

/// The leaves of these.
fn columns(metadata: &ParquetMetaData) -> Vec<usize> {
    let schema = metadata.file_metadata().schema_descr();
    let roots = roots(schema);
    let is_read = |leaf: &usize| roots.contains(&schema.get_column_root_idx(*leaf));
    (0..schema.num_columns()).filter(is_read).collect()
}

fn check_columns<E>(schema: &SchemaDescriptor) -> Result<(), NotRead<E>> {
    let fields = schema.root_schema().get_fields();
    let named = |field: &Type| field.name().trim_start_matches("xdm:").to_owned();
    let found: Vec<_> = fields.iter().map(|field| named(field)).collect();
    let missing: Vec<_> =
        NEEDED.into_iter().filter(|name| !found.iter().any(|found| found == name)).collect();
    if !missing.is_empty() {
        let shown: Vec<_> = found.iter().take(8).cloned().collect();
        return Err(NotRead::Broken(format!(
            "it is no export of experience events: it has no column {}; its columns are {}{}",
            missing.join(" and no column "),
            shown.join(", "),
            if found.len() > shown.len() { ", …" } else { "" }
        )));
    }
    let kind = fields.iter().find(|field| named(field) == NEEDED[0]);
    if kind.is_some_and(|field| !is_text(field)) {
        return Err(NotRead::Broken(
            "it is no export of experience events: its column eventType is no text".to_owned(),
        ));
    }
    Ok(())
}

fn is_text(field: &Type) -> bool {
    field.is_primitive()
        && field.get_physical_type() == PhysicalType::BYTE_ARRAY
        && matches!(
            field.get_basic_info().logical_type_ref(),
            None | Some(LogicalType::String | LogicalType::Enum)
        )
}

/// The bytes of the row groups, where they are in the whole.
fn copy<S: Source>(
    source: &S,
    metadata: &ParquetMetaData,
    groups: Range<usize>,
) -> Result<File, NotRead<S::Error>> {
    let columns = columns(metadata);
    let mut ranges: Vec<_> = groups
        .flat_map(|group| columns.iter().map(move |column| (group, *column)))
        .map(|(group, column)| place_of(metadata.row_group(group).column(column)))
        .collect::<Result<_, _>>()?;
    ranges.sort_by_key(|range| range.start);
    if ranges.iter().any(|range| range.end > source.size()) {
        return Err(NotRead::Broken(
            "the file is no Parquet: its footer names more than it has".into(),
        ));
    }
    let on_disk = |error: std::io::Error| {
        NotRead::Broken(format!("the row groups do not fit the function's disk: {error}"))
    };
    let mut file = tempfile::tempfile().map_err(on_disk)?;
    file.set_len(source.size()).map_err(on_disk)?;
    for range in joined(ranges) {
        let bytes = source.read(range.clone()).map_err(NotRead::Source)?;
        file.seek(SeekFrom::Start(range.start)).map_err(on_disk)?;
        file.write_all(&bytes).map_err(on_disk)?;
    }
    Ok(file)
}

/// The same bytes in as few ranges as there can be, none larger than a block.
fn joined(ranges: Vec<Range<u64>>) -> Vec<Range<u64>> {
    let mut all: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match all.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => all.push(range),
        }
    }
    let blocks = |range: Range<u64>| {
        let starts = (range.start..range.end).step_by(usize::try_from(BLOCK).unwrap_or(usize::MAX));
        starts.map(move |start| start..range.end.min(start + BLOCK))
    };
    all.into_iter().flat_map(blocks).collect()
}

/// The same fields with all times in UTC, as which they are kept, whatever zone a file names, or none,
/// as Spark's do; and with text as text.
fn plain(fields: &Fields) -> Fields {
    fields.iter().map(plain_field).collect()
}

fn plain_field(field: &FieldRef) -> FieldRef {
    let kind = match field.data_type() {
        DataType::Timestamp(unit, _) => DataType::Timestamp(*unit, Some(UTC.into())),
        // Text, by a writer that does not say so: XDM has no other bytes.
        DataType::Binary | DataType::LargeBinary => DataType::Utf8,
        DataType::Struct(fields) => DataType::Struct(plain(fields)),
        DataType::List(item) => DataType::List(plain_field(item)),
        DataType::LargeList(item) => DataType::LargeList(plain_field(item)),
        DataType::Map(entries, sorted) => DataType::Map(plain_field(entries), *sorted),
        _ => return Arc::clone(field),
    };
    Arc::new(field.as_ref().clone().with_data_type(kind))
}

/// Rows that are decoded at once: fewer where they are large.
fn batch(metadata: &ParquetMetaData, groups: Range<usize>) -> usize {
    let (mut rows, mut bytes) = (0, 0);
    for group in groups.map(|group| metadata.row_group(group)) {
        rows += u64::try_from(group.num_rows()).unwrap_or_default();
        let columns = columns(metadata).into_iter().map(|column| group.column(column));
        let sizes = columns.map(|column| u64::try_from(column.uncompressed_size()).unwrap_or(0));
        bytes += sizes.sum::<u64>();
    }
    let fits = BYTES_OF_A_BATCH.saturating_mul(rows) / bytes.max(1);
    usize::try_from(fits.clamp(1, BATCH)).unwrap_or(1)
}

fn decode(
    file: File,
    metadata: ParquetMetaData,
    groups: Range<usize>,
    first_row: u64,
    take: Taken<'_>,
) -> Decoded<()> {
    // What Arrow says of itself in the file is left aside: Adobe's have none, and its dictionaries
    // would be no plain text.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let schema = metadata.file_metadata().schema_descr();
    let mask = ProjectionMask::roots(schema, roots(schema));
    let metadata = Arc::new(metadata);
    let batch = batch(&metadata, groups.clone());
    let mut batches = guarded(|| {
        let found = ArrowReaderMetadata::try_new(Arc::clone(&metadata), options.clone())?;
        let schema = Schema::new(plain(found.schema().fields()));
        let metadata = ArrowReaderMetadata::try_new(metadata, options.with_schema(schema.into()))?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
        let builder = builder.with_projection(mask).with_row_groups(groups.collect());
        Ok(builder.with_batch_size(batch).build()?)
    })?;
    let mut number = first_row;
    while let Some(batch) = guarded(|| Ok(batches.next().transpose()?))? {
        if hand_over(&batch, number, take)?.is_break() {
            break;
        }
        number += batch.num_rows() as u64;
    }
    Ok(())
}

/// The rows of a batch, of which so many stand before.
fn hand_over(batch: &RecordBatch, before: u64, take: Taken<'_>) -> Decoded<ControlFlow<()>> {
    let mut number = before;
    let mut take = |bytes, content| {
        number += 1;
        take(Row { place: Place::Row(number), bytes, content })
    };
    if let Some(columns) = Columns::of(batch) {
        // One after the other: as values rows are several times as large.
        return Ok((0..batch.num_rows()).try_for_each(|at| match columns.row(at) {
            Some((row, bytes)) => take(bytes, Ok(row)),
            None => take(0, Err(unread("a time of it is none that there is".to_owned(), b""))),
        }));
    }
    let lines = guarded(|| lines(batch))?;
    let mut lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    Ok(lines.try_for_each(|line| {
        let content =
            serde_json::from_slice(line).map_err(|error| unread(format!("no JSON: {error}"), line));
        take(line.len(), content)
    }))
}

/// The rows of a batch as JSON lines: for types that are few in exports.
pub(crate) fn lines(batch: &RecordBatch) -> Decoded<Vec<u8>> {
    let mut writer = WriterBuilder::new().build::<_, LineDelimited>(Vec::new());
    writer.write(batch)?;
    writer.finish()?;
    Ok(writer.into_inner())
}

/// What the library answers. There are broken pages that it panics at, which are a fault of the file
/// like others.
fn guarded<T>(library: impl FnOnce() -> Decoded<T>) -> Decoded<T> {
    // What it was at work on is not used again.
    std::panic::catch_unwind(AssertUnwindSafe(library))
        .unwrap_or_else(|_| Err("a page of it is broken in a way that no writer makes".into()))
}
