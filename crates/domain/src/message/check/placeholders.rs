//! Placeholders: only those offered, whole, standing free, not too often; the required ones there.

use super::{Breach, Part};
use crate::message::facts::{DELAY, FIRST_NAME, FLIGHT, Facts};

const MOST: usize = 3;

pub(super) fn check(part: Part, text: &str, facts: &Facts) -> Result<(), Breach> {
    let breach = |what| Err(Breach::Placeholder { part, what });
    let offered = facts.placeholders();
    let mut rest = text;
    let mut before = None;
    let mut found = Vec::new();
    // Those that stand before no delay.
    let mut pluses = 0;
    while let Some(at) = rest.find(['{', '}']) {
        if rest[..at].contains('_') {
            return breach("is broken");
        }
        pluses += rest[..at].matches('+').count();
        let before_this = rest[..at].chars().next_back().or(before);
        let Some((name, _)) = offered.iter().find(|(name, _)| rest[at..].starts_with(name)) else {
            return breach("is unknown or broken");
        };
        let after = rest[at + name.len()..].chars().next();
        // "+{{delay}}": so much later.
        let plus = (*name == DELAY).then(|| rest[..at].strip_suffix('+')).flatten();
        let before_this = match plus {
            Some(rest) => {
                pluses -= 1;
                rest.chars().next_back().or(before)
            }
            None => before_this,
        };
        if !stands_free(before_this, after) {
            return breach("is glued to a word");
        }
        found.push(*name);
        rest = &rest[at + name.len()..];
        before = Some('}');
    }
    if rest.contains('_') {
        return breach("is broken");
    }
    if pluses + rest.matches('+').count() > 0 {
        return breach("is not the delay, but a plus is before it");
    }
    if found.iter().any(|name| found.iter().filter(|other| other == &name).count() > MOST) {
        return breach("comes too often");
    }
    if part == Part::Subject {
        // A subject is seen on locked screens and in lists, so it has no name.
        if found.contains(&FIRST_NAME) {
            return breach("for the name is in the subject");
        }
        return if found.contains(&FLIGHT) { Ok(()) } else { breach("is missing: flight") };
    }
    match offered.iter().find(|(name, required)| *required && !found.contains(name)) {
        Some(_) => breach("that is required is missing"),
        None => Ok(()),
    }
}

// What a fact is glued to becomes part of it: "{{flight}}X", "1{{departure}}", "-{{delay}}".
fn stands_free(before: Option<char>, after: Option<char>) -> bool {
    let space = |c: char| matches!(c, ' ' | '\n' | '\u{a0}' | '\u{202f}');
    before.is_none_or(|c| space(c) || "(\"'’“„«‘¡¿—–".contains(c))
        && after.is_none_or(|c| space(c) || ").,;:!?\"'’”“»…—–".contains(c))
}
