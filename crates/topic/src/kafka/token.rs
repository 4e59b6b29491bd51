//! The token that MSK takes for IAM: a signed request, as text.
//!
//! MSK's brokers speak SASL/OAUTHBEARER with a token of AWS's own: the address of
//! `kafka-cluster:Connect`, presigned with Signature Version 4 for 15 minutes, in base64url.
//! Source: <https://github.com/aws/aws-msk-iam-sasl-signer-python>, the signer by AWS.

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::time::{Duration, SystemTime};

const SERVICE: &str = "kafka-cluster";
const LIFETIME: Duration = Duration::from_secs(900);
const USER_AGENT: &str = "flightpulse-kafka-producer";

type DynError = Box<dyn std::error::Error + Send + Sync>;

/// A token for the brokers of a region, signed at `now`.
pub(super) fn signed(
    region: &str,
    credentials: Credentials,
    now: SystemTime,
) -> Result<String, DynError> {
    let url = format!("https://kafka.{region}.amazonaws.com/?Action=kafka-cluster%3AConnect");
    let mut settings = SigningSettings::default();
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(LIFETIME);
    let identity = credentials.into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(SERVICE)
        .time(now)
        .settings(settings)
        .build()?
        .into();
    let body = SignableBody::Bytes(&[]);
    let signable = SignableRequest::new("GET", &url, std::iter::empty(), body)?;
    let (signature, _) = sign(signable, &params)?.into_parts();
    let mut request = http::Request::get(&url).body(())?;
    signature.apply_to_request_http1x(&mut request);
    // Not part of what is signed: it tells the brokers who asks.
    let text = format!("{}&User-Agent={USER_AGENT}", request.uri());
    Ok(URL_SAFE_NO_PAD.encode(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    // Signed by botocore's SigV4QueryAuth, on which AWS's own signer for MSK stands, with these
    // credentials at this time.
    #[rstest]
    #[case(None, "1b58c2e1877298570bd115e6ca608503005516972aba30f48d4a4e8fe1779a68")]
    #[case(
        Some("the+session/token=="),
        "11273165bd9dd9bfaaf44442b819f0bc33fd835661a23c8aec9ad35162f31a47"
    )]
    fn a_token_is_signed_as_by_aws(#[case] session: Option<&str>, #[case] signature: &str) {
        let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
        let session = session.map(str::to_owned);
        let credentials = Credentials::new("AKIDEXAMPLE", secret, session.clone(), None, "a test");
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_255_200);
        let token = signed("us-east-1", credentials, now).unwrap();
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).unwrap()).unwrap();
        let (address, query) = text.split_once('?').unwrap();
        assert_eq!(address, "https://kafka.us-east-1.amazonaws.com/");
        let mut parameters: Vec<_> = query.split('&').collect();
        parameters.sort_unstable();
        let session = session.map(|_| "X-Amz-Security-Token=the%2Bsession%2Ftoken%3D%3D");
        let signature = format!("X-Amz-Signature={signature}");
        let mut expected = vec![
            "Action=kafka-cluster%3AConnect",
            "User-Agent=flightpulse-kafka-producer",
            "X-Amz-Algorithm=AWS4-HMAC-SHA256",
            "X-Amz-Credential=AKIDEXAMPLE%2F20261121%2Fus-east-1%2Fkafka-cluster%2Faws4_request",
            "X-Amz-Date=20261121T100000Z",
            "X-Amz-Expires=900",
            "X-Amz-SignedHeaders=host",
            &signature,
        ];
        expected.extend(session);
        expected.sort_unstable();
        assert_eq!(parameters, expected);
    }
}
