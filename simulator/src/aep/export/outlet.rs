//! Where files go once they are whole: the bucket of exports, or a folder.

use super::layout::Written;
use crate::place::Place;
use crate::stop::Stop;
use anyhow::Context;
use aws_sdk_s3::primitives::ByteStream;
use std::path::{Path, PathBuf};

/// Where files go.
pub(super) enum Outlet {
    /// The bucket of exports. A file is made on this machine, for S3 must know its size, and is gone
    /// from it then.
    Bucket { s3: aws_sdk_s3::Client, bucket: String, workshop: tempfile::TempDir },
    /// A folder of this machine.
    Folder(PathBuf),
}

/// The bucket of exports, by the stack's outputs.
pub(super) fn bucket_name(place: &Place) -> Result<&str, Stop> {
    place.outputs.export_bucket_name.as_deref().ok_or_else(|| {
        let what = "the stack that is deployed does not say where the bucket of exports is";
        Stop::CannotRun(format!("{what}; deploy anew"))
    })
}

impl Outlet {
    /// The stack's bucket.
    pub(super) fn bucket(place: &Place) -> anyhow::Result<Self> {
        let bucket = bucket_name(place)?.to_owned();
        let workshop = tempfile::tempdir().context("there is no room for files")?;
        Ok(Self::Bucket { s3: aws_sdk_s3::Client::new(&place.sdk), bucket, workshop })
    }

    /// Where the file is to be written first.
    pub(super) fn path(&self, folder: &str, name: &str) -> anyhow::Result<PathBuf> {
        match self {
            Self::Bucket { workshop, .. } => Ok(workshop.path().join(name)),
            Self::Folder(out) => {
                let folder = out.join(folder);
                let made = std::fs::create_dir_all(&folder);
                made.with_context(|| format!("{} cannot be made", folder.display()))?;
                Ok(folder.join(name))
            }
        }
    }

    /// Takes a file that is whole.
    pub(super) async fn take(
        &self,
        path: &Path,
        folder: &str,
        rows: u64,
    ) -> anyhow::Result<Written> {
        let bytes = std::fs::metadata(path)?.len();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let key = format!("{folder}{name}");
        if let Self::Bucket { s3, bucket, .. } = self {
            let body = ByteStream::from_path(path).await?;
            let put = s3.put_object().bucket(bucket).key(&key).body(body).send().await;
            put.with_context(|| format!("s3://{bucket}/{key} cannot be written"))?;
            std::fs::remove_file(path)?;
        }
        Ok(Written { key, rows, bytes })
    }
}
