//! The files of an export, by their names.
//!
//! Adobe's layout is `folder/datasetID/exportTime=YYYYMMDDHHMM/part-…`, which an airline can change:
//! the format is told by the name's end alone, dataset and time are read where they stand.
//! <https://experienceleague.adobe.com/en/docs/experience-platform/destinations/ui/activate/export-datasets>

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// How the rows of a part are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Apache Parquet. Its compression is its own.
    Parquet,
    /// One JSON object a line, or one array of them.
    Json,
    /// The same, compressed by gzip.
    JsonGz,
}

/// What a file of an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportKind {
    /// Rows, as Parquet.
    Parquet,
    /// Rows, as JSON.
    Json,
    /// Rows, as JSON compressed by gzip.
    JsonGz,
    /// The list of the files that an export is made of.
    Manifest,
}

impl ExportKind {
    /// How its rows are written; none for what has no rows.
    #[must_use]
    pub fn format(self) -> Option<Format> {
        match self {
            Self::Parquet => Some(Format::Parquet),
            Self::Json => Some(Format::Json),
            Self::JsonGz => Some(Format::JsonGz),
            Self::Manifest => None,
        }
    }
}

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// What it is.
    pub kind: ExportKind,
    /// The folder that it is in, with its slash; empty at the top.
    pub folder: String,
    /// Its name in the folder.
    pub name: String,
    /// The dataset, where the layout tells.
    pub dataset_id: Option<String>,
    /// When it was exported, UTC, where the layout tells.
    pub exported_at: Option<Timestamp>,
}

/// A file that is in the place of exports and has no format that is read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{name} is in no format that is read: exports are .parquet, .json, .ndjson or .jsonl, these three also with .gz"
)]
pub struct Unsupported {
    /// The file's name.
    pub name: String,
}

const EXPORT_TIME: &str = "exportTime=";
const MANIFEST: &str = "manifest";

impl ExportFile {
    /// What is at a key; none for what whoever writes exports leaves beside them: folders, and
    /// markers like `_SUCCESS`.
    ///
    /// # Errors
    /// [`Unsupported`] when its format is not read.
    pub fn at(key: &str) -> Result<Option<Self>, Unsupported> {
        let (folder, name) = match key.rfind('/') {
            Some(slash) => key.split_at(slash + 1),
            None => ("", key),
        };
        if name.is_empty() || name.starts_with(['_', '.']) {
            return Ok(None);
        }
        let lower = name.to_ascii_lowercase();
        let ends_with = |ends: &[&str]| ends.iter().any(|end| lower.ends_with(end));
        let kind = if lower.starts_with(MANIFEST) && lower.ends_with(".json") {
            ExportKind::Manifest
        } else if ends_with(&[".parquet"]) {
            ExportKind::Parquet
        } else if ends_with(&[".json.gz", ".ndjson.gz", ".jsonl.gz"]) {
            ExportKind::JsonGz
        } else if ends_with(&[".json", ".ndjson", ".jsonl"]) {
            ExportKind::Json
        } else {
            return Err(Unsupported { name: name.to_owned() });
        };
        let folders: Vec<&str> = folder.split('/').collect();
        let at = folders.iter().position(|part| part.starts_with(EXPORT_TIME));
        let exported_at = at.and_then(|at| export_time(&folders[at][EXPORT_TIME.len()..]));
        let dataset = at.and_then(|at| folders.get(at.checked_sub(1)?));
        Ok(Some(Self {
            kind,
            folder: folder.to_owned(),
            name: name.to_owned(),
            dataset_id: dataset.map(|id| (*id).to_owned()).filter(|id| !id.is_empty()),
            exported_at,
        }))
    }
}

fn export_time(text: &str) -> Option<Timestamp> {
    let time = DateTime::strptime("%Y%m%d%H%M", text).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}
