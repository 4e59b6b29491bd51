//! Files that others read while we write.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

/// Replaces a file in one step: a reader sees the old content or the new, never half of one.
/// Missing folders are made.
pub fn write_atomic(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let name = path.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    // The process id keeps two processes that share a path from writing the same temporary file.
    let draft = folder.join(format!(".{}.{}.tmp", name.to_string_lossy(), std::process::id()));
    let mut file = fs::File::create(&draft)?;
    file.write_all(content)?;
    file.sync_data()?;
    fs::rename(&draft, path)
}
