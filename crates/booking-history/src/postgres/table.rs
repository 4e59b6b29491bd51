//! The name of a table.

use std::fmt;
use std::str::FromStr;

/// A table's name, with a schema before it or without. It has letters, digits and underscores only, so it
/// needs no quotation marks, which Query Service and PostgreSQL do not write alike: the names that Adobe
/// gives to tables of datasets have no others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table(String);

/// It is no table's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no table: give letters, digits and underscores, with a schema before a dot or without"
)]
pub struct WrongName(String);

/// PostgreSQL's limit of a name, in bytes.
const MAX_NAME: usize = 63;

impl FromStr for Table {
    type Err = WrongName;

    fn from_str(text: &str) -> Result<Self, WrongName> {
        let parts: Vec<_> = text.split('.').collect();
        let is_name = |part: &&str| {
            part.len() <= MAX_NAME
                && part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if parts.len() > 2 || !parts.iter().all(is_name) {
            return Err(WrongName(text.to_owned()));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("bookings", true)]
    #[case("airline_bookings_2026", true)]
    #[case("public.bookings", true)]
    #[case("_b", true)]
    #[case("", false)]
    #[case("a.b.c", false)]
    #[case(".a", false)]
    #[case("2026", false)]
    #[case("a b", false)]
    #[case("a;drop table a", false)]
    #[case("a\"b", false)]
    #[case("a`b", false)]
    #[case("a--", false)]
    #[case("é", false)]
    fn a_name_needs_no_quotation_marks(#[case] name: &str, #[case] is_one: bool) {
        assert_eq!(name.parse::<Table>().is_ok(), is_one);
        assert!("x".repeat(64).parse::<Table>().is_err());
    }
}
