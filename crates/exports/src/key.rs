//! Keys, as S3's own notifications write them.

use percent_encoding::percent_decode_str;

/// A key as it is, from the form that S3's own notifications have it in: as in a form, a space is a
/// plus. EventBridge has keys as they are.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html>
///
/// None when what it stands for is no text.
#[must_use]
pub fn decoded_key(encoded: &str) -> Option<String> {
    // A plus that is meant is `%2B` there.
    let spaced = encoded.replace('+', " ");
    Some(percent_decode_str(&spaced).decode_utf8().ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("exports/a+b%3D%C3%A9.json", Some("exports/a b=é.json"))]
    #[case("exportTime%3D202611300600/part-0.json", Some("exportTime=202611300600/part-0.json"))]
    #[case("a%2Bb", Some("a+b"))]
    #[case("100%", Some("100%"))]
    #[case("%zz", Some("%zz"))]
    #[case("%FF", None)]
    fn keys_of_notifications_are_decoded(#[case] encoded: &str, #[case] key: Option<&str>) {
        assert_eq!(decoded_key(encoded).as_deref(), key);
    }
}
