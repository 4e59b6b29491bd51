//! AWS's signature, version 4, for API Gateway.

use aws_sdk_sqs::config::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use std::time::SystemTime;

/// The name under which API Gateway is signed for.
const SERVICE: &str = "execute-api";
const CONTENT_TYPE: (&str, &str) = ("content-type", "application/json");

/// Signs requests.
#[derive(Debug)]
pub(super) struct Signer {
    credentials: Credentials,
    region: String,
}

impl Signer {
    /// Signs for this region with these credentials.
    pub(super) fn new(credentials: Credentials, region: String) -> Self {
        Self { credentials, region }
    }

    /// All headers that the request needs. The path is signed as it is sent, the stage or, at an
    /// emulator, whatever stands before it included.
    pub(super) fn headers(
        &self,
        method: &str,
        url: &str,
        body: &str,
        now: SystemTime,
    ) -> anyhow::Result<Vec<(String, String)>> {
        let identity = self.credentials.clone().into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(SERVICE)
            .time(now)
            .settings(SigningSettings::default())
            .build()?
            .into();
        let sent = (!body.is_empty()).then_some(CONTENT_TYPE);
        let request = SignableRequest::new(
            method,
            url,
            sent.into_iter(),
            SignableBody::Bytes(body.as_bytes()),
        )?;
        let (signed, _) = sign(request, &params)?.into_parts();
        let signed = signed.headers().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let sent = sent.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Ok(signed.chain(sent).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::time::Duration;

    const URL: &str =
        "http://127.0.0.1:4566/restapis/ab12cd/prod/_user_request_/admin/flights/SW:1/resend";

    fn signed(url: &str, body: &str, token: Option<&str>) -> BTreeMap<String, String> {
        let credentials =
            Credentials::new("test", "test", token.map(str::to_owned), None, "a test");
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_255_200);
        let signer = Signer::new(credentials, "us-east-1".into());
        signer.headers("POST", url, body, now).unwrap().into_iter().collect()
    }

    // Computed from AWS's description of the signature with the SHA-256 and HMAC of Python's
    // standard library, over the path as it is sent.
    #[test]
    fn the_signature_is_that_of_the_description() {
        let headers = signed(URL, r#"{"operator":"jane"}"#, None);
        assert_eq!(headers["x-amz-date"], "20261121T100000Z");
        assert_eq!(headers["content-type"], "application/json");
        assert_eq!(
            headers["authorization"],
            "AWS4-HMAC-SHA256 Credential=test/20261121/us-east-1/execute-api/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date, Signature=b86c2fe8aec9af159fe20602ab62b91f050eef1bc9bf8742789f45464e8c123a"
        );
    }

    #[test]
    fn another_body_path_or_query_is_another_signature() {
        let one = signed(URL, "{}", None)["authorization"].clone();
        assert_ne!(one, signed(URL, "{ }", None)["authorization"]);
        assert_ne!(one, signed(&URL.replace("prod", "test"), "{}", None)["authorization"]);
        assert_ne!(one, signed(&format!("{URL}?limit=5"), "{}", None)["authorization"]);
    }

    #[test]
    fn a_token_of_a_session_is_sent_and_signed() {
        let headers = signed(URL, "", Some("a-token"));
        assert_eq!(headers["x-amz-security-token"], "a-token");
        let authorization = &headers["authorization"];
        assert!(authorization.contains("host;x-amz-date;x-amz-security-token"), "{authorization}");
        assert!(!headers.contains_key("content-type"));
    }
}
