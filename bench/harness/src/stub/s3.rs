//! S3, as far as files are looked at, read by ranges and put, under keys that no URL escapes. Requests are
//! path-style: of an endpoint that is an address all SDKs make such.

use super::lock;
use crate::http::{Answer, Asked};
use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG};
use hyper::{Method, Response, StatusCode};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::{Arc, Mutex};

/// The files of all buckets, by `/bucket/key`. Its clones are one.
#[derive(Clone, Default)]
pub(crate) struct Files(Arc<Mutex<BTreeMap<String, Stored>>>);

#[derive(Clone)]
struct Stored {
    content: Bytes,
    etag: String,
}

impl Files {
    /// Puts a file, in place of one that was there; answers its tag.
    pub(crate) fn put(&self, path: &str, content: Bytes) -> String {
        let mut hasher = DefaultHasher::new();
        content.hash(&mut hasher);
        let etag = format!("\"{:016x}\"", hasher.finish());
        lock(&self.0).insert(path.to_owned(), Stored { content, etag: etag.clone() });
        etag
    }

    /// The operation that a request is, and S3's answer; none where it is none of these.
    pub(super) fn answer(&self, asked: &Asked) -> Option<(&'static str, Answer)> {
        if asked.method == Method::PUT {
            let etag = self.put(&asked.path, asked.body.clone());
            let answer = Response::builder().header(ETAG, etag).body(Full::default());
            return Some(("PutObject", answer.unwrap_or_default()));
        }
        let operation = match asked.method {
            Method::HEAD => "HeadObject",
            Method::GET => "GetObject",
            _ => return None,
        };
        let found = lock(&self.0).get(&asked.path).cloned();
        let answer = match found {
            None => status(StatusCode::NOT_FOUND),
            Some(file) if asked.header("if-match").is_some_and(|tag| tag != file.etag) => {
                status(StatusCode::PRECONDITION_FAILED)
            }
            Some(file) if asked.method == Method::HEAD => looked_at(&file),
            Some(file) => read(&file, asked.header("range")),
        };
        Some((operation, answer))
    }
}

fn looked_at(file: &Stored) -> Answer {
    let answer = Response::builder().header(ETAG, &file.etag);
    answer.header(CONTENT_LENGTH, file.content.len()).body(Full::default()).unwrap_or_default()
}

/// All of a file, or a range of it.
fn read(file: &Stored, range: Option<&str>) -> Answer {
    let answer = Response::builder().header(ETAG, &file.etag);
    let size = file.content.len();
    let answer = match range {
        None => answer.body(Full::new(file.content.clone())),
        Some(range) => match bytes_of(range, size) {
            None => return status(StatusCode::RANGE_NOT_SATISFIABLE),
            Some(bytes) => {
                let range = format!("bytes {}-{}/{size}", bytes.start, bytes.end - 1);
                let answer = answer.status(StatusCode::PARTIAL_CONTENT);
                answer.header(CONTENT_RANGE, range).body(Full::new(file.content.slice(bytes)))
            }
        },
    };
    answer.unwrap_or_default()
}

/// The bytes that `bytes=0-9`, `bytes=10-` or `bytes=-5` means.
fn bytes_of(range: &str, size: usize) -> Option<Range<usize>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let bytes = match (first, last) {
        ("", last) => size.saturating_sub(last.parse().ok()?)..size,
        (first, "") => first.parse().ok()?..size,
        (first, last) => first.parse().ok()?..size.min(last.parse::<usize>().ok()? + 1),
    };
    (bytes.start < bytes.end).then_some(bytes)
}

fn status(code: StatusCode) -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = code;
    answer
}

#[cfg(test)]
mod tests {
    use super::bytes_of;

    #[test]
    fn a_range_is_of_what_is_there() {
        assert_eq!(bytes_of("bytes=0-9", 100), Some(0..10));
        assert_eq!(bytes_of("bytes=90-200", 100), Some(90..100));
        assert_eq!(bytes_of("bytes=90-", 100), Some(90..100));
        assert_eq!(bytes_of("bytes=-5", 100), Some(95..100));
        assert_eq!(bytes_of("bytes=100-", 100), None);
        assert_eq!(bytes_of("lines=0-9", 100), None);
    }
}
