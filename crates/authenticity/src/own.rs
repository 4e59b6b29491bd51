//! Our own signature: `x-flightpulse-signature: t=<unix seconds>,v1=<hex>`, where `v1` is the
//! HMAC-SHA256 of `<t>.<body>`. Several `v1` are allowed, one per secret while a secret is changed.
//!
//! The time is signed, so that a recorded request is of no use after five minutes. Within them it is
//! taken again, and changes nothing: senders repeat what they got no answer to, and each event counts
//! once by its id.

use crate::sources::Source;
use crate::{Flaw, Sources, header, mac};
use http::HeaderMap;
use jiff::{SignedDuration, Timestamp};

/// The header.
pub const HEADER: &str = "x-flightpulse-signature";
/// How far from now the time of a signature may be, in either direction.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(5);
/// The most signatures that are looked at.
const MAX_SIGNATURES: usize = 4;
/// Digits of a time; twelve last for thirty thousand years.
const MAX_DIGITS: usize = 12;

struct Shown<'a> {
    time: &'a str,
    signatures: Vec<[u8; mac::BYTES]>,
}

impl<'a> Shown<'a> {
    fn read(value: &'a str) -> Option<Self> {
        let mut shown = Self { time: "", signatures: Vec::new() };
        for part in value.split(',') {
            match part.trim().split_once('=')? {
                ("t", time) => {
                    let digits = time.bytes().all(|byte| byte.is_ascii_digit());
                    let fits = digits && (1..=MAX_DIGITS).contains(&time.len());
                    if !fits || !shown.time.is_empty() {
                        return None;
                    }
                    shown.time = time;
                }
                ("v1", text) => {
                    let mut signature = [0; mac::BYTES];
                    hex::decode_to_slice(text, &mut signature).ok()?;
                    shown.signatures.push(signature);
                }
                // A later form may stand beside this one.
                _ => {}
            }
        }
        let complete =
            !shown.time.is_empty() && (1..=MAX_SIGNATURES).contains(&shown.signatures.len());
        complete.then_some(shown)
    }
}

/// The name of the source that signed. `now` is the time of the request.
///
/// # Errors
/// The [`Flaw`] of the request.
pub fn source<'s>(
    headers: &HeaderMap,
    body: &[u8],
    sources: &'s Sources,
    now: Timestamp,
) -> Result<&'s str, Flaw> {
    let shown = Shown::read(header(headers, HEADER)?).ok_or(Flaw::Malformed(HEADER))?;
    let time: i64 = shown.time.parse().map_err(|_| Flaw::Malformed(HEADER))?;
    let away = (now.as_second() - time).abs();
    if away > WINDOW.as_secs() {
        return Err(Flaw::Expired(away));
    }
    let signed: [&[u8]; 3] = [shown.time.as_bytes(), b".", body];
    let made = |secret: &str| {
        let mut signatures = shown.signatures.iter();
        signatures.any(|signature| mac::is(signature, secret.as_bytes(), &signed))
    };
    let made_by = |(name, source): (&'s str, &'s Source)| match source {
        Source::Own(secrets) if secrets.any(made) => Some(name),
        _ => None,
    };
    sources.iter().find_map(made_by).ok_or(Flaw::NoMatch)
}

/// The header's value for a body that is sent at this time, signed with these secrets.
#[must_use]
pub fn sign(secrets: &[&str], at: Timestamp, body: &[u8]) -> String {
    let time = at.as_second().to_string();
    let parts: [&[u8]; 3] = [time.as_bytes(), b".", body];
    secrets.iter().fold(format!("t={time}"), |value, secret| {
        value + ",v1=" + &hex::encode(mac::of(secret.as_bytes(), &parts))
    })
}
