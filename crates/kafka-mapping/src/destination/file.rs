//! A file of JSON lines.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use futures::future::BoxFuture;

use super::{Destination, DestinationError, FailureRecord};

/// A file of JSON lines, one document a line, readable by its owner only: it holds whole records.
#[derive(Clone, Debug)]
pub struct JsonLinesFile(pub PathBuf);

impl Destination for JsonLinesFile {
    fn deliver(&self, record: FailureRecord) -> BoxFuture<'_, Result<(), DestinationError>> {
        let path = self.0.clone();
        let write = move || {
            let mut line = record.whole()?;
            line.push(b'\n');
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(&path)?;
            file.write_all(&line)?;
            Ok(file.sync_data()?)
        };
        Box::pin(async move {
            tokio::task::spawn_blocking(write)
                .await
                .unwrap_or_else(|error| Err(std::io::Error::other(error).into()))
        })
    }
}
