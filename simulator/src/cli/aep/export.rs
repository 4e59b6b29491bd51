//! What can be asked of an export.

use super::PlanOptions;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use std::path::PathBuf;

/// How the rows of an export are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// Apache Parquet
    Parquet,
    /// One JSON object a line
    Ndjson,
    /// One JSON array
    Json,
}

/// How they are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Compression {
    /// Not at all
    None,
    /// Snappy (Parquet)
    Snappy,
    /// Gzip, as Adobe does
    Gzip,
    /// Zstandard (Parquet)
    Zstd,
    /// LZ4 (Parquet)
    Lz4,
    /// Brotli (Parquet)
    Brotli,
}

/// What `aep export` takes.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXPORT_HELP)]
pub(crate) struct ExportOptions {
    #[command(flatten)]
    pub(crate) plan: PlanOptions,
    /// The bookings of the last `aep send` from here, and what it lost
    #[arg(long, conflicts_with_all = ["bookings", "flights", "date", "seed", "run", "as_of", "lost"])]
    pub(crate) sent: bool,
    /// How the rows are written
    #[arg(long, default_value = "parquet", value_name = "FORMAT")]
    pub(crate) format: ExportFormat,
    /// How they are compressed; JSON takes none or gzip
    #[arg(long, default_value = "gzip", value_name = "HOW")]
    pub(crate) compression: Compression,
    /// In so many files, and a manifest
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) parts: u32,
    /// Parquet: rows of a row group
    #[arg(long, default_value_t = 50_000, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) row_group_rows: u32,
    /// Every row so many times, for volume
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) repeat: u32,
    /// Of a hundred events, so many are not in the export; the seed says which
    #[arg(long, default_value_t = 0, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub(crate) gaps: u32,
    /// For a hundred events, so many more that must be rejected
    #[arg(long, default_value_t = 0, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub(crate) spoilt: u32,
    /// What the stream lost, as `aep send --lose` was told; 100 where nothing was sent. With it the
    /// feed of every record and the number of discrepancies are held too
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub(crate) lost: Option<u32>,
    /// The dataset's id, which is a folder [default: made from the run]
    #[arg(long, value_name = "ID", value_parser = one_folder)]
    pub(crate) dataset: Option<String>,
    /// When it was exported, which is a folder too [default: as --as-of]
    #[arg(long, value_name = "RFC 3339")]
    pub(crate) time: Option<Timestamp>,
    /// Write the files into this folder, and to no bucket
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["wait", "again"])]
    pub(crate) out: Option<PathBuf>,
    /// Wait until all of its files were reconciled, show the runs, and hold the table against what was
    /// said by the stream and the export
    #[arg(long)]
    pub(crate) wait: bool,
    /// It was reconciled before: nothing may be found, and no reservation written
    #[arg(long, requires = "wait")]
    pub(crate) again: bool,
    /// How long to wait
    #[arg(long, default_value_t = 300, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) drain_seconds: u64,
    /// Say what would be written: the files, the spoilt rows and what is wrong with them, the flights
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write one JSON document in place of the report; with --dry-run one a line
    #[arg(long)]
    pub(crate) json: bool,
}

const EXPORT_HELP: &str = "\
The same --bookings, --flights, --seed, --date, --run and --as-of make the same bookings as `aep send`; its
last ones are taken by --sent. Rows stand in no order, all of a booking in one file. The same export written
again has the same files.
Exit status: 0 all as it must be, 1 not, 2 wrong usage, 3 it could not run, 130 interrupted.";

fn one_folder(text: &str) -> Result<String, String> {
    let is_one = !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    is_one
        .then(|| text.to_owned())
        .ok_or_else(|| "it is the name of one folder: letters, digits, - _ .".to_owned())
}
