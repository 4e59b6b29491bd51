//! Parquet. The row groups of a slice are copied to a file on disk that is as long as the whole and
//! has nothing where nothing is read: memory is for one page of each column and some rows.

use crate::source::{BLOCK, Source};
use crate::{NotRead, Place, Row};
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
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::schema::types::{SchemaDescriptor, Type};
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

/// Bytes of the end in which most footers are.
const FOOTER: u64 = 64 << 10;
/// The longest footer that is read, in bytes.
const MAX_FOOTER: u64 = 64 << 20;
/// Rows that are decoded at once.
const BATCH: usize = 1_024;
/// UTC as an offset: what is written as JSON knows no names of zones.
const UTC: &str = "+00:00";
/// Without these no row is an event that says anything of bookings.
const NEEDED: [&str; 2] = ["eventType", "timestamp"];

type Taken<'a> = &'a mut dyn FnMut(Row) -> ControlFlow<()>;

/// The slices that the row groups make.
pub(crate) fn slices<S: Source>(source: &S) -> Result<Vec<Slice>, NotRead<S::Error>> {
    let metadata = footer(source)?;
    let columns = columns(&metadata);
    check_columns(metadata.file_metadata().schema_descr())?;
    let groups: Vec<_> = metadata
        .row_groups()
        .iter()
        .map(|group| RowGroup {
            rows: u64::try_from(group.num_rows()).unwrap_or_default(),
            bytes: columns.iter().map(|column| group.column(*column).byte_range().1).sum(),
        })
        .collect();
    Ok(row_groups(&groups)?)
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
    let plain = |field: &Type| field.name().trim_start_matches("xdm:").to_owned();
    let found: Vec<_> = fields.iter().map(|field| plain(field)).collect();
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
    let kind = fields.iter().find(|field| plain(field) == NEEDED[0]);
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
        .map(|(group, column)| metadata.row_group(group).column(column).byte_range())
        .map(|(start, length)| start..start.saturating_add(length))
        .collect();
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

/// The same fields with all times in UTC: that is how they are kept, whatever zone a file names, or
/// none, as Spark's do.
fn in_utc(fields: &Fields) -> Fields {
    fields.iter().map(field_in_utc).collect()
}

fn field_in_utc(field: &FieldRef) -> FieldRef {
    let kind = match field.data_type() {
        DataType::Timestamp(unit, _) => DataType::Timestamp(*unit, Some(UTC.into())),
        DataType::Struct(fields) => DataType::Struct(in_utc(fields)),
        DataType::List(item) => DataType::List(field_in_utc(item)),
        DataType::LargeList(item) => DataType::LargeList(field_in_utc(item)),
        DataType::Map(entries, sorted) => DataType::Map(field_in_utc(entries), *sorted),
        _ => return Arc::clone(field),
    };
    Arc::new(field.as_ref().clone().with_data_type(kind))
}

fn decode(
    file: File,
    metadata: ParquetMetaData,
    groups: Range<usize>,
    first_row: u64,
    take: Taken<'_>,
) -> Result<(), Box<dyn std::error::Error>> {
    // What Arrow says of itself in the file is left aside: Adobe's have none, and its dictionaries
    // would be no plain text.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let schema = metadata.file_metadata().schema_descr();
    let mask = ProjectionMask::roots(schema, roots(schema));
    let metadata = Arc::new(metadata);
    let found = ArrowReaderMetadata::try_new(Arc::clone(&metadata), options.clone())?;
    let options = options.with_schema(Arc::new(Schema::new(in_utc(found.schema().fields()))));
    let metadata = ArrowReaderMetadata::try_new(metadata, options)?;
    let batches = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
        .with_projection(mask)
        .with_row_groups(groups.collect())
        .with_batch_size(BATCH)
        .build()?;
    let mut number = first_row;
    for batch in batches {
        let mut writer = WriterBuilder::new().build::<_, LineDelimited>(Vec::new());
        writer.write(&batch?)?;
        writer.finish()?;
        for line in writer.into_inner().split(|byte| *byte == b'\n').filter(|line| !line.is_empty())
        {
            number += 1;
            let content = serde_json::from_slice(line)
                .map_err(|error| crate::lines::unread(format!("no JSON: {error}"), line));
            if take(Row { place: Place::Row(number), content }).is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}
