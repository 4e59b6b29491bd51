//! The bytes of a file.

use bytes::Bytes;
use std::cell::RefCell;
use std::io::{self, Read};
use std::ops::Range;

/// Bytes of one reading: few calls for a file, and little memory.
pub(crate) const BLOCK: u64 = 8 << 20;

/// A file whose bytes are read by ranges. Blocks.
pub trait Source {
    /// Why bytes did not come.
    type Error;

    /// The file's size in bytes.
    fn size(&self) -> u64;

    /// A range of its bytes, within its size.
    ///
    /// # Errors
    /// When they do not come.
    fn read(&self, range: Range<u64>) -> Result<Bytes, Self::Error>;
}

/// A file from some byte on, as a reader. What its source fails with is kept: a reader's own error
/// has no room for it.
pub(crate) struct Reader<'a, S: Source> {
    source: &'a S,
    next: u64,
    block: Bytes,
    failed: RefCell<Option<S::Error>>,
}

impl<'a, S: Source> Reader<'a, S> {
    pub(crate) fn new(source: &'a S, from: u64) -> Self {
        Self { source, next: from, block: Bytes::new(), failed: RefCell::new(None) }
    }

    /// What the source failed with, if it did.
    pub(crate) fn failure(&self) -> Option<S::Error> {
        self.failed.borrow_mut().take()
    }
}

impl<S: Source> Read for Reader<'_, S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.block.is_empty() && self.next < self.source.size() {
            let end = self.source.size().min(self.next + BLOCK);
            self.block = self.source.read(self.next..end).map_err(|error| {
                self.failed.replace(Some(error));
                io::Error::other("the bytes did not come")
            })?;
            self.next = end;
        }
        let count = into.len().min(self.block.len());
        into[..count].copy_from_slice(&self.block.split_to(count));
        Ok(count)
    }
}
