//! Where the files of an export are, in Adobe's layout: `folder/datasetID/exportTime=YYYYMMDDHHMM/` and
//! in it `part-…` and at last `manifest-<flow>-<run>.json`.
//! <https://experienceleague.adobe.com/en/docs/experience-platform/destinations/ui/activate/export-datasets>
//!
//! All names come of the run, the dataset and the time, so that the same export has the same files.

use crate::aep::bookings::Bookings;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

/// The folder of the bucket that Experience Platform writes into.
const EXPORTS: &str = "exports";
/// Characters of a dataset's id.
const DATASET_ID: usize = 24;

/// The layout of one export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    dataset: String,
    at: Timestamp,
    flow: Uuid,
    run: Uuid,
    ending: &'static str,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Written {
    /// Its key in the bucket, or its path in the folder.
    pub(crate) key: String,
    /// Its rows; none for a manifest.
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
}

impl Layout {
    /// The layout of an export of these bookings.
    pub(super) fn new(
        bookings: &Bookings,
        dataset: Option<&str>,
        at: Option<Timestamp>,
        ending: &'static str,
    ) -> Self {
        let at = at.unwrap_or(bookings.as_of);
        let named = |name: &str| Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
        let of_the_run = named(&format!("dataset {}", bookings.run.id())).simple().to_string();
        let dataset = dataset.map_or_else(|| of_the_run[..DATASET_ID].to_owned(), str::to_owned);
        let flow = named(&format!("flow {dataset}"));
        let run = named(&format!("run {dataset} {at}"));
        Self { dataset, at, flow, run, ending }
    }

    /// The folder of its files, with its slash.
    pub(super) fn folder(&self) -> String {
        let time = self.at.strftime("%Y%m%d%H%M");
        format!("{EXPORTS}/{}/exportTime={time}/", self.dataset)
    }

    /// The name of a part, from 0 on.
    pub(super) fn part(&self, nth: u32) -> String {
        format!("part-{nth:05}-{}-c000.{}", self.run, self.ending)
    }

    /// The name of the manifest.
    pub(super) fn manifest_name(&self) -> String {
        format!("manifest-{}-{}.json", self.flow, self.run)
    }

    /// The manifest of these files.
    pub(super) fn manifest(&self, files: &[Written]) -> Value {
        let folder = self.folder();
        let file = |file: &Written| {
            let name = file.key.rsplit('/').next().unwrap_or_default();
            json!({"sinkPath": folder.trim_end_matches('/'), "name": name, "size": file.bytes})
        };
        json!({
            "flowRunId": self.run,
            "scheduledTime": format!("{:.0}", self.at),
            "exportResults": files.iter().map(file).collect::<Vec<_>>(),
        })
    }
}
