//! A file with rows, as it is written: row by row, in memory that does not grow with it.

use super::schema;
use crate::cli::{Compression, ExportFormat};
use crate::stop::Stop;
use anyhow::Context;
use arrow_json::ReaderBuilder;
use arrow_json::reader::Decoder;
use flate2::write::GzEncoder;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{BrotliLevel, Compression as Codec, GzipLevel, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde_json::Value;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Rows that become columns at a time.
const BATCH: usize = 1_000;

/// How a part is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) format: ExportFormat,
    pub(super) compression: Compression,
    /// Rows of a row group of Parquet.
    pub(super) row_group_rows: u32,
}

impl Shape {
    /// The shape, if there is such a one.
    pub(super) fn checked(self) -> Result<Self, Stop> {
        let gzip_at_most = matches!(self.compression, Compression::None | Compression::Gzip);
        if self.format != ExportFormat::Parquet && !gzip_at_most {
            return Err(Stop::Usage("JSON is compressed by gzip or not at all".into()));
        }
        Ok(self)
    }

    /// What the names of its files end with.
    pub(super) fn ending(self) -> &'static str {
        match (self.format, self.compression) {
            (ExportFormat::Parquet, Compression::None) => "parquet",
            (ExportFormat::Parquet, Compression::Snappy) => "snappy.parquet",
            (ExportFormat::Parquet, Compression::Gzip) => "gz.parquet",
            (ExportFormat::Parquet, Compression::Zstd) => "zstd.parquet",
            (ExportFormat::Parquet, Compression::Lz4) => "lz4.parquet",
            (ExportFormat::Parquet, Compression::Brotli) => "br.parquet",
            (_, Compression::Gzip) => "json.gz",
            (..) => "json",
        }
    }

    fn codec(self) -> anyhow::Result<Codec> {
        Ok(match self.compression {
            Compression::None => Codec::UNCOMPRESSED,
            Compression::Snappy => Codec::SNAPPY,
            Compression::Gzip => Codec::GZIP(GzipLevel::default()),
            Compression::Zstd => Codec::ZSTD(ZstdLevel::default()),
            // The one of the format's own description; the older one is Hadoop's.
            Compression::Lz4 => Codec::LZ4_RAW,
            Compression::Brotli => Codec::BROTLI(BrotliLevel::try_new(4)?),
        })
    }
}

/// A file that is being written.
pub(super) enum Part {
    Parquet { writer: Box<ArrowWriter<File>>, columns: Box<Decoder>, waiting: Vec<Value> },
    Json { out: Json, is_array: bool, rows: u64 },
}

/// Where JSON goes.
pub(super) enum Json {
    Plain(BufWriter<File>),
    Gzip(Box<GzEncoder<BufWriter<File>>>),
}

impl Part {
    /// A new file.
    pub(super) fn create(path: &Path, shape: Shape) -> anyhow::Result<Self> {
        let file = File::create(path);
        let file = file.with_context(|| format!("{} cannot be written", path.display()))?;
        if shape.format == ExportFormat::Parquet {
            let properties = WriterProperties::builder()
                .set_compression(shape.codec()?)
                .set_max_row_group_row_count(Some(shape.row_group_rows as usize))
                .build();
            // Whoever reads it sees what stands in Parquet alone, as in what Spark writes.
            let how = ArrowWriterOptions::new().with_properties(properties);
            let how = how.with_skip_arrow_metadata(true);
            let writer = ArrowWriter::try_new_with_options(file, schema::columns(), how)?;
            let columns = ReaderBuilder::new(schema::columns()).with_strict_mode(true);
            let columns = columns.with_batch_size(BATCH).build_decoder()?;
            let (writer, columns) = (Box::new(writer), Box::new(columns));
            return Ok(Self::Parquet { writer, columns, waiting: Vec::with_capacity(BATCH) });
        }
        let out = BufWriter::new(file);
        let out = match shape.compression {
            Compression::Gzip => {
                Json::Gzip(Box::new(GzEncoder::new(out, flate2::Compression::default())))
            }
            _ => Json::Plain(out),
        };
        Ok(Self::Json { out, is_array: shape.format == ExportFormat::Json, rows: 0 })
    }

    /// One row more.
    pub(super) fn write(&mut self, row: Value) -> anyhow::Result<()> {
        match self {
            Self::Parquet { waiting, .. } => {
                waiting.push(row);
                if waiting.len() >= BATCH { self.put_into_columns() } else { Ok(()) }
            }
            Self::Json { out, is_array, rows } => {
                let before = match (*is_array, *rows) {
                    (true, 0) => "[\n",
                    (true, _) => ",\n",
                    (false, 0) => "",
                    (false, _) => "\n",
                };
                *rows += 1;
                out.write_all(before.as_bytes())?;
                Ok(serde_json::to_writer(out, &row)?)
            }
        }
    }

    fn put_into_columns(&mut self) -> anyhow::Result<()> {
        let Self::Parquet { writer, columns, waiting } = self else { return Ok(()) };
        columns.serialize(waiting).context("a row does not fit the columns")?;
        waiting.clear();
        while let Some(batch) = columns.flush()? {
            writer.write(&batch)?;
        }
        Ok(())
    }

    /// The end of the file.
    pub(super) fn close(mut self) -> anyhow::Result<()> {
        self.put_into_columns()?;
        match self {
            Self::Parquet { writer, .. } => {
                writer.close()?;
            }
            Self::Json { mut out, is_array, rows } => {
                let end = match (is_array, rows) {
                    (true, 0) => "[]\n",
                    (true, _) => "\n]\n",
                    (false, 0) => "",
                    (false, _) => "\n",
                };
                out.write_all(end.as_bytes())?;
                match out {
                    Json::Plain(mut out) => out.flush()?,
                    Json::Gzip(out) => out.finish()?.flush()?,
                }
            }
        }
        Ok(())
    }
}

impl Write for Json {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(out) => out.write(bytes),
            Self::Gzip(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Plain(out) => out.flush(),
            Self::Gzip(out) => out.flush(),
        }
    }
}
