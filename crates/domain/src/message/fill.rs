//! Putting values in the place of placeholders.

/// The text with every `{{name}}` that `value` knows replaced. One pass: a value that looks like
/// a placeholder is not filled in again.
pub(super) fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        filled.push_str(&rest[..at]);
        let from = &rest[at..];
        let placeholder = from.find("}}").map(|end| &from[..end + 2]);
        match placeholder.and_then(|name| value(name).map(|value| (name, value))) {
            Some((name, value)) => {
                filled.push_str(&value);
                rest = &from[name.len()..];
            }
            None => {
                filled.push_str("{{");
                rest = &from[2..];
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("a {{x}} b {{x}}", "a {{x}}1 b {{x}}1")]
    #[case("{{{{x}}", "{{{{x}}1")]
    #[case("{{y}} {{x", "{{y}} {{x")]
    #[case("}} {{x}}", "}} {{x}}1")]
    fn known_names_are_replaced_once(#[case] text: &str, #[case] filled: &str) {
        let value = |name: &str| (name == "{{x}}").then(|| "{{x}}1".to_owned());
        assert_eq!(fill(text, value), filled);
    }
}
