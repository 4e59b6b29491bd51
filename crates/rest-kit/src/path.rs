//! Paths, taken apart.

use percent_encoding::percent_decode_str;

/// The parts of a path between its slashes, decoded once: a REST API of API Gateway hands the path
/// over as it was sent. An encoded slash stays in its part, where it can be in no id. A part that
/// is no UTF-8 stays as it was sent. A slash at the end is ignored.
#[must_use]
pub fn segments(path: &str) -> Vec<String> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/')
        .map(|part| {
            let decoded = percent_decode_str(part).decode_utf8();
            decoded.map_or_else(|_| part.to_owned(), |decoded| decoded.into_owned())
        })
        .collect()
}

/// Enough of what a client sent to recognise it by: no control characters, 100 characters at most.
#[must_use]
pub fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("/flights/SW5678", &["flights", "SW5678"])]
    #[case("/flights/SW5678/", &["flights", "SW5678"])]
    #[case("/flights/SW%3A5678", &["flights", "SW:5678"])]
    #[case("/flights/%53W5678", &["flights", "SW5678"])]
    // Neither a slash nor an encoding can be smuggled in.
    #[case("/flights/SW5678%2Fbookings", &["flights", "SW5678/bookings"])]
    #[case("/flights/SW%253A", &["flights", "SW%3A"])]
    #[case("/flights/%FF", &["flights", "%FF"])]
    #[case("/flights//x", &["flights", "", "x"])]
    #[case("/", &[""])]
    fn a_path_is_decoded_part_by_part(#[case] path: &str, #[case] parts: &[&str]) {
        assert_eq!(segments(path), parts);
    }
}
