//! The project's one list of prices, as far as a replay needs it.

use anyhow::Context;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The list of prices, with the region, the month and where each was read.
const PRICES: &str = include_str!("../../../../../bench/prices.json");

/// The list, as far as it is read here.
#[derive(Debug, Deserialize)]
pub(super) struct Prices {
    prices: BTreeMap<String, Price>,
}

/// So many dollars for so many.
#[derive(Debug, Deserialize)]
struct Price {
    dollars: f64,
    per: f64,
}

impl Prices {
    /// The list.
    ///
    /// # Errors
    /// When it is none.
    pub(super) fn read() -> anyhow::Result<Self> {
        serde_json::from_str(PRICES).context("the list of prices cannot be read")
    }

    /// Dollars for a million.
    ///
    /// # Errors
    /// When the list does not have it.
    pub(super) fn per_million(&self, name: &str) -> anyhow::Result<f64> {
        let price = self.prices.get(name);
        let price = price.with_context(|| format!("the list of prices has no {name}"))?;
        Ok(price.dollars / price.per * 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_that_is_not_listed_is_an_error() {
        let error = Prices::read().unwrap().per_million("lambda.nothing").unwrap_err();
        assert_eq!(error.to_string(), "the list of prices has no lambda.nothing");
    }
}
