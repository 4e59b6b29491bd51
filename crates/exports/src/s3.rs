//! Files of exports in S3.

use crate::{ExportError, ExportReader, ReportWriter, StoredFile};
use aws_sdk_s3::Client;
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::{AggregatedBytes, ByteStream};
use bytes::Bytes;
use flightpulse_domain::reconciliation::Delivered;
use std::error::Error;
use std::ops::Range;

/// Keys of one call of ListObjectsV2, which is S3's limit.
const KEYS_PER_CALL: usize = 1_000;
/// How often a body that broke off is asked for.
const BODIES: usize = 3;

/// The bucket of exports.
#[derive(Debug, Clone)]
pub struct S3Exports {
    client: Client,
    bucket: String,
}

impl S3Exports {
    /// Reads from any bucket that it may, writes to this one.
    #[must_use]
    pub fn new(client: Client, bucket: impl Into<String>) -> Self {
        Self { client, bucket: bucket.into() }
    }
}

impl S3Exports {
    /// The body of one answer; or how it broke off, which the SDK does not try again.
    async fn body(
        &self,
        file: &StoredFile,
        range: &Range<u64>,
    ) -> Result<Result<Bytes, String>, ExportError> {
        let asked = self
            .client
            .get_object()
            .bucket(&file.bucket)
            .key(&file.key)
            .if_match(&file.etag)
            .range(format!("bytes={}-{}", range.start, range.end - 1))
            .send()
            .await;
        let answer = asked.map_err(|error| failed(&file.key, error))?;
        let body = answer.body.collect().await;
        Ok(body.map(AggregatedBytes::into_bytes).map_err(|error| error.to_string()))
    }
}

impl ExportReader for S3Exports {
    async fn look(&self, bucket: &str, key: &str) -> Result<StoredFile, ExportError> {
        let asked = self.client.head_object().bucket(bucket).key(key).send().await;
        let answer = asked.map_err(|error| failed(key, error))?;
        let size = answer.content_length().and_then(|size| u64::try_from(size).ok());
        Ok(StoredFile {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            size: size.unwrap_or_default(),
            etag: answer.e_tag.unwrap_or_default(),
        })
    }

    async fn bytes(&self, file: &StoredFile, range: Range<u64>) -> Result<Bytes, ExportError> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        let mut broken = String::new();
        for _ in 0..BODIES {
            match self.body(file, &range).await? {
                Ok(bytes) if bytes.len() as u64 == range.end - range.start => return Ok(bytes),
                Ok(bytes) => broken = format!("{} bytes came", bytes.len()),
                Err(error) => broken = error,
            }
        }
        Err(ExportError::Unavailable(format!("bytes {range:?} of {}: {broken}", file.key)))
    }

    async fn list(
        &self,
        bucket: &str,
        prefix: &str,
        limit: usize,
    ) -> Result<Vec<Delivered>, ExportError> {
        let mut found = Vec::new();
        let mut next = None;
        while found.len() < limit {
            let wanted = KEYS_PER_CALL.min(limit - found.len());
            let asked = self
                .client
                .list_objects_v2()
                .bucket(bucket)
                .prefix(prefix)
                .max_keys(i32::try_from(wanted).unwrap_or(i32::MAX))
                .set_continuation_token(next)
                .send()
                .await;
            let answer = asked.map_err(|error| failed(prefix, error))?;
            next = answer.next_continuation_token;
            found.extend(answer.contents.unwrap_or_default().into_iter().filter_map(|object| {
                let size = object.size.and_then(|size| u64::try_from(size).ok());
                Some(Delivered { key: object.key?, size: size.unwrap_or_default() })
            }));
            if next.is_none() {
                break;
            }
        }
        Ok(found)
    }
}

impl ReportWriter for S3Exports {
    async fn put(
        &self,
        key: &str,
        content_type: &str,
        content: Vec<u8>,
    ) -> Result<(), ExportError> {
        let asked = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(content_type)
            .body(ByteStream::from(content))
            .send()
            .await;
        asked.map(drop).map_err(|error| failed(key, error))
    }
}

/// Sorts a failed call by what the caller can do about it. HEAD has no body, so its errors have a
/// status only. <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>
fn failed<E>(key: &str, error: SdkError<E>) -> ExportError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let status = error.raw_response().map(|response| response.status().as_u16());
    let text = DisplayErrorContext(&error).to_string();
    match status {
        Some(404) => ExportError::Gone(key.to_owned()),
        Some(412) => ExportError::Changed(key.to_owned()),
        Some(408 | 429) => ExportError::Unavailable(text),
        Some(400..500) => ExportError::NotAllowed(text),
        _ => ExportError::Unavailable(text),
    }
}
