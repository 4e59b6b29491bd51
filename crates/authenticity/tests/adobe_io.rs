//! Adobe I/O Events' digital signatures, against OpenSSL's.

// Helpers of tests fail as tests do: at once and loudly.
#![allow(clippy::unwrap_used)]

use flightpulse_authenticity::Flaw;
use flightpulse_authenticity::adobe_io::{NoKey, PublicKey, signatures};
use http::{HeaderMap, HeaderName};
use rstest::rstest;

const BODY: &[u8] = include_bytes!("../testdata/adobe-io.json");
const KEY_1: &[u8] = include_bytes!("../testdata/test-key-1.pem");
const KEY_2: &[u8] = include_bytes!("../testdata/test-key-2.pem");
const SHORT: &[u8] = include_bytes!("../testdata/short-key.pem");
const ELLIPTIC: &[u8] = include_bytes!("../testdata/elliptic-key.pem");
const BY_1: &str = include_str!("../testdata/adobe-io.signature-1");
const BY_2: &str = include_str!("../testdata/adobe-io.signature-2");
const PSS: &str = include_str!("../testdata/adobe-io.signature-pss");
const BY_SHORT: &str = include_str!("../testdata/adobe-io.signature-short");

const FIRST: &str = "x-adobe-digital-signature-1";
const SECOND: &str = "x-adobe-digital-signature-2";
const PATH_1: &str = "x-adobe-public-key1-path";
const PATH_2: &str = "x-adobe-public-key2-path";

fn headers(lines: &[(&str, &str)]) -> HeaderMap {
    let line = |(name, value): &(&str, &str)| {
        (name.parse::<HeaderName>().unwrap(), value.parse().unwrap())
    };
    lines.iter().map(line).collect()
}

#[rstest]
#[case(BY_1, KEY_1, true)]
#[case(BY_2, KEY_2, true)]
#[case(BY_1, KEY_2, false)]
// Another padding, another algorithm.
#[case(PSS, KEY_1, false)]
#[case(BY_1, ELLIPTIC, false)]
#[case(BY_1, SHORT, false)]
fn a_signature_is_its_keys(#[case] signature: &str, #[case] key: &[u8], #[case] is: bool) {
    let headers = headers(&[(FIRST, signature), (PATH_1, "/k.pem")]);
    let signatures = signatures(&headers).unwrap();
    let key = PublicKey::from_pem(key).unwrap();
    assert_eq!(signatures[0].is_by(&key, BODY), is);
    assert!(!signatures[0].is_by(&key, &BODY[1..]));
    assert!(!signatures[0].is_by(&key, b""));
    assert_eq!((signatures[0].key_path, signatures[0].path_header), ("/k.pem", PATH_1));
}

#[rstest]
#[case(&[(FIRST, BY_1), (PATH_1, "/1"), (SECOND, BY_2), (PATH_2, "/2")], Ok(vec!["/1", "/2"]))]
#[case(&[(SECOND, BY_2), (PATH_2, "/2")], Ok(vec!["/2"]))]
// One that is odd does not keep the other from being looked at.
#[case(&[(FIRST, "*"), (PATH_1, "/1"), (SECOND, BY_2), (PATH_2, "/2")], Ok(vec!["/2"]))]
#[case(&[(FIRST, BY_1), (SECOND, BY_2), (PATH_2, "/2")], Ok(vec!["/2"]))]
#[case(&[(FIRST, "*"), (PATH_1, "/1")], Err(Flaw::Malformed(FIRST)))]
#[case(&[(FIRST, ""), (PATH_1, "/1")], Err(Flaw::Malformed(FIRST)))]
#[case(&[(FIRST, BY_SHORT), (PATH_1, "/1")], Err(Flaw::Malformed(FIRST)))]
#[case(&[(FIRST, BY_1)], Err(Flaw::Malformed(PATH_1)))]
#[case(&[(FIRST, BY_1), (PATH_2, "/2")], Err(Flaw::Malformed(PATH_1)))]
#[case(&[(PATH_1, "/1")], Err(Flaw::Unsigned))]
fn signatures_are_found(#[case] lines: &[(&str, &str)], #[case] paths: Result<Vec<&str>, Flaw>) {
    let headers = headers(lines);
    let found = signatures(&headers);
    let found = found.map(|found| found.iter().map(|one| one.key_path).collect::<Vec<_>>());
    assert_eq!(found, paths);
}

#[rstest]
#[case(b"")]
#[case(b"<html>not found</html>")]
#[case(b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")]
#[case(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
#[case(&KEY_1[..300])]
fn what_is_no_key_is_none(#[case] pem: &[u8]) {
    assert_eq!(PublicKey::from_pem(pem), Err(NoKey));
}
