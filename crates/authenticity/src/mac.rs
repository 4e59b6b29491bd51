//! HMAC-SHA256, and comparing in constant time: how much of a guess was right must not be told by
//! the clock.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

pub(crate) const BYTES: usize = 32;

// A key may be of any length, so there is always one; none makes nothing that anyone could show.
fn over(key: &[u8], parts: &[&[u8]]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    parts.iter().for_each(|part| mac.update(part));
    Some(mac)
}

/// Whether this is the HMAC of these parts under this key.
pub(crate) fn is(shown: &[u8; BYTES], key: &[u8], parts: &[&[u8]]) -> bool {
    over(key, parts).is_some_and(|mac| mac.verify_slice(shown).is_ok())
}

/// The HMAC of these parts.
pub(crate) fn of(key: &[u8], parts: &[&[u8]]) -> [u8; BYTES] {
    over(key, parts).map(|mac| mac.finalize().into_bytes().into()).unwrap_or_default()
}

/// Whether two texts are the same, in a time that says nothing about where they differ, nor about
/// the length of the expected one.
pub(crate) fn same(shown: &str, expected: &str) -> bool {
    const KEY: &[u8] = b"flightpulse: compared by their digests";
    is(&of(KEY, &[shown.as_bytes()]), KEY, &[expected.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_standards() {
        // RFC 4231, test case 2.
        let parts: [&[u8]; 2] = [b"what do ya want ", b"for nothing?"];
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hex::encode(of(b"Jefe", &parts)), expected);
        assert!(is(&of(b"Jefe", &parts), b"Jefe", &parts));
        assert!(!is(&of(b"Jefe", &parts), b"Jefe", &parts[..1]));
    }

    #[test]
    fn texts_are_the_same_or_not() {
        assert!(same("one", "one") && same("", ""));
        assert!(!same("one", "two") && !same("one", "onee") && !same("", "one"));
    }
}
