//! Text → HTML.

/// A text as it stands in a page.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // They would be there and not be seen.
            c if c.is_control() && c != '\n' => escaped.extend(c.escape_unicode()),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A text with what is between back-ticks as code.
pub(super) fn words(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(|(n, part)| match n % 2 {
            0 => escaped(part),
            _ => format!("<code>{}</code>", escaped(part)),
        })
        .collect()
}

/// Paragraphs between blank lines; one whose lines begin with `- ` is a list.
pub(super) fn paragraphs(text: &str) -> String {
    let paragraph = |text: &str| {
        if text.starts_with("- ") {
            let items = text.split("\n- ").map(|item| item.trim_start_matches("- "));
            let items: String = items.map(|item| format!("<li>{}</li>\n", words(item))).collect();
            return format!("<ul>\n{items}</ul>\n");
        }
        format!("<p>{}</p>\n", words(text))
    };
    text.split("\n\n").map(str::trim).filter(|text| !text.is_empty()).map(paragraph).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_markup() {
        assert_eq!(words("a <b> `\"c\"`"), "a &lt;b&gt; <code>&quot;c&quot;</code>");
        assert_eq!(
            paragraphs("a\n\n- `b`\n- c"),
            "<p>a</p>\n<ul>\n<li><code>b</code></li>\n<li>c</li>\n</ul>\n"
        );
    }
}
