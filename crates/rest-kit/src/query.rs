//! Queries: each parameter once, and only those that a route takes.

use crate::path::shown;
use crate::problem::Problem;
use flightpulse_contracts::rest::{DEFAULT_LIMIT, MAX_LIMIT};
use std::collections::BTreeMap;

/// The parameters of a query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    given: BTreeMap<String, String>,
}

impl Query {
    /// Takes the pairs of a query, decoded, by a route that takes these parameters.
    ///
    /// # Errors
    /// A 400 for a parameter that is not among them, or is given more than once: what is not
    /// understood must not look as if it were heard.
    pub fn new<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
        taken: &[&str],
    ) -> Result<Self, Problem> {
        let mut given = BTreeMap::new();
        for (name, value) in pairs {
            if !taken.contains(&name) {
                let takes = if taken.is_empty() { "none".to_owned() } else { taken.join(", ") };
                let name = shown(name);
                return Err(Problem::invalid(format!(
                    "{name} is no parameter here: this takes {takes}."
                )));
            }
            if given.insert(name.to_owned(), value.to_owned()).is_some() {
                return Err(Problem::invalid(format!("{name} must be given once.")));
            }
        }
        Ok(Self { given })
    }

    /// The value of a parameter; none when it is not given.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.given.get(name).map(String::as_str)
    }

    /// How many things the answer may have.
    ///
    /// # Errors
    /// A 400 that says what is allowed.
    pub fn limit(&self) -> Result<usize, Problem> {
        let Some(text) = self.get("limit") else {
            return Ok(DEFAULT_LIMIT);
        };
        // `parse` alone would take a sign, and zeros before the number without end.
        let is_plain = |limit: &usize| limit.to_string() == text;
        let limit = text.parse().ok().filter(is_plain);
        let limit = limit.filter(|limit| (1..=MAX_LIMIT).contains(limit));
        limit.ok_or_else(|| Problem::invalid(format!("limit must be from 1 to {MAX_LIMIT}.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(&[], Ok(50))]
    #[case(&[("limit", "1")], Ok(1))]
    #[case(&[("limit", "100")], Ok(100))]
    #[case(&[("limit", "101")], Err("limit must be from 1 to 100."))]
    #[case(&[("limit", "0")], Err("limit must be from 1 to 100."))]
    #[case(&[("limit", "+5")], Err("limit must be from 1 to 100."))]
    #[case(&[("limit", "005")], Err("limit must be from 1 to 100."))]
    #[case(&[("limit", "")], Err("limit must be from 1 to 100."))]
    #[case(&[("limit", "5"), ("limit", "5")], Err("limit must be given once."))]
    #[case(&[("page", "2")], Err("page is no parameter here: this takes limit, cursor."))]
    fn a_limit_is_read(#[case] pairs: &[(&str, &str)], #[case] expected: Result<usize, &str>) {
        let query = Query::new(pairs.iter().copied(), &["limit", "cursor"]);
        let limit = query.and_then(|query| query.limit()).map_err(|p| p.detail().to_owned());
        assert_eq!(limit, expected.map_err(str::to_owned));
    }

    #[test]
    fn a_route_without_parameters_says_so() {
        let problem = Query::new([("x\u{7}", "")], &[]).unwrap_err();
        assert_eq!(problem.detail(), "x is no parameter here: this takes none.");
    }
}
