//! Files of exports in memory, for tests.

use crate::{ExportError, ExportReader, ReportWriter, StoredFile};
use bytes::Bytes;
use flightpulse_domain::reconciliation::Delivered;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex};

/// A bucket.
#[derive(Debug, Clone, Default)]
pub struct MemoryExports {
    files: Arc<Mutex<BTreeMap<String, Bytes>>>,
    failing: Arc<Mutex<Option<ExportError>>>,
}

impl MemoryExports {
    /// Puts a file.
    pub fn add(&self, key: &str, content: impl Into<Bytes>) {
        if let Ok(mut files) = self.files.lock() {
            files.insert(key.to_owned(), content.into());
        }
    }

    /// Deletes a file.
    pub fn delete(&self, key: &str) {
        if let Ok(mut files) = self.files.lock() {
            files.remove(key);
        }
    }

    /// Every file whose key begins with a text.
    #[must_use]
    pub fn under(&self, prefix: &str) -> Vec<(String, Bytes)> {
        let Ok(files) = self.files.lock() else { return Vec::new() };
        let under = files.iter().filter(|(key, _)| key.starts_with(prefix));
        under.map(|(key, content)| (key.clone(), content.clone())).collect()
    }

    /// Lets every call fail so; none lets them succeed again.
    pub fn fail(&self, error: Option<ExportError>) {
        if let Ok(mut failing) = self.failing.lock() {
            *failing = error;
        }
    }

    fn works(&self) -> Result<(), ExportError> {
        match self.failing.lock().ok().and_then(|failing| failing.clone()) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    fn file(&self, key: &str) -> Result<Bytes, ExportError> {
        self.works()?;
        let found = self.files.lock().ok().and_then(|files| files.get(key).cloned());
        found.ok_or_else(|| ExportError::Gone(key.to_owned()))
    }
}

/// Another content has another tag, most likely: good enough for tests.
fn etag(content: &Bytes) -> String {
    let sum =
        content.iter().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add((*byte).into()));
    format!("\"{sum:x}\"")
}

impl ExportReader for MemoryExports {
    async fn look(&self, bucket: &str, key: &str) -> Result<StoredFile, ExportError> {
        let content = self.file(key)?;
        Ok(StoredFile {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            size: content.len() as u64,
            etag: etag(&content),
        })
    }

    async fn bytes(&self, file: &StoredFile, range: Range<u64>) -> Result<Bytes, ExportError> {
        let content = self.file(&file.key)?;
        if etag(&content) != file.etag {
            return Err(ExportError::Changed(file.key.clone()));
        }
        let at = |byte: u64| usize::try_from(byte).unwrap_or(usize::MAX);
        Ok(content.slice(at(range.start)..at(range.end)))
    }

    async fn list(
        &self,
        _bucket: &str,
        prefix: &str,
        limit: usize,
    ) -> Result<Vec<Delivered>, ExportError> {
        self.works()?;
        let delivered =
            |(key, content): (String, Bytes)| Delivered { key, size: content.len() as u64 };
        Ok(self.under(prefix).into_iter().take(limit).map(delivered).collect())
    }
}

impl ReportWriter for MemoryExports {
    async fn put(
        &self,
        key: &str,
        _content_type: &str,
        content: Vec<u8>,
    ) -> Result<(), ExportError> {
        self.works()?;
        self.add(key, content);
        Ok(())
    }
}
