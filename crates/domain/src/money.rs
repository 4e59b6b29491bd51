//! Amounts of money, in minor units of an ISO 4217 currency.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The largest amount that is believed, in minor units: far above any order of an airline, and far
/// below where sums of many could overflow.
pub const MAX_MINOR_UNITS: i64 = 1_000_000_000_000;

/// A currency of ISO 4217 that amounts are paid in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(iso_currency::Currency);

/// A text that is the code of no currency that amounts are paid in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no ISO 4217 currency that amounts are paid in")]
pub struct UnknownCurrency(String);

impl Currency {
    /// The currency of this code, in capitals as ISO 4217 has it. Codes without minor units (gold,
    /// "no currency", the code for tests) are not among them.
    ///
    /// # Errors
    /// [`UnknownCurrency`] for any other text.
    pub fn from_code(code: &str) -> Result<Self, UnknownCurrency> {
        iso_currency::Currency::from_code(code)
            .filter(|currency| currency.exponent().is_some())
            .map(Self)
            .ok_or_else(|| UnknownCurrency(code.chars().take(10).collect()))
    }

    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimals its minor unit has: 2 for INR, 0 for JPY, 3 for KWD.
    #[must_use]
    pub fn decimals(self) -> usize {
        self.0.exponent().map_or(0, usize::from)
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Currency {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.code().cmp(other.code())
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Currency {
    type Error = UnknownCurrency;

    fn try_from(code: String) -> Result<Self, Self::Error> {
        Self::from_code(&code)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

/// An amount. Its order is for telling amounts apart and says nothing of value across currencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Money {
    /// In the currency's minor units: paise, cents; yen where there are none.
    pub minor_units: i64,
    /// The currency.
    pub currency: Currency,
}

/// Why something is no amount; the texts are for whoever sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoAmount {
    /// It is no decimal number.
    #[error("a decimal number")]
    NotANumber,
    /// It is below zero.
    #[error("zero or more")]
    Negative,
    /// It has more decimals than its currency.
    #[error("no finer than the currency's minor unit")]
    TooFine,
    /// It is larger than is believed.
    #[error("at most {MAX_MINOR_UNITS} minor units")]
    TooLarge,
}

impl Money {
    /// Reads a JSON number or a text like `"299.90"`, of zero or more.
    ///
    /// JSON's numbers pass through binary floating point at many senders, so what that leaves
    /// behind (`0.30000000000000004`) is dropped: less than a ten-thousandth of the minor unit.
    ///
    /// # Errors
    /// [`NoAmount`], whose text completes "must be …".
    pub fn read(value: &Value, currency: Currency) -> Result<Self, NoAmount> {
        let text = match value {
            // The shortest text that is the same number.
            Value::Number(number) => match number.as_f64() {
                Some(float) if !number.is_i64() && !number.is_u64() => format!("{float}"),
                _ => number.to_string(),
            },
            Value::String(text) => text.clone(),
            _ => return Err(NoAmount::NotANumber),
        };
        Ok(Self { minor_units: minor_units(&text, currency.decimals())?, currency })
    }

    /// The amount as a decimal number in the currency's major unit, with all its decimals:
    /// `30000.00`.
    #[must_use]
    pub fn decimal(&self) -> String {
        let decimals = self.currency.decimals();
        let sign = if self.minor_units < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.minor_units.unsigned_abs(), width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        let point = if decimals == 0 { "" } else { "." };
        format!("{sign}{whole}{point}{fraction}")
    }
}

/// What is left of the minor unit in four more digits: nothing, or all but nothing.
const GUARD: usize = 4;

fn minor_units(text: &str, decimals: usize) -> Result<i64, NoAmount> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let complete = !whole.is_empty() && (unsigned.len() == whole.len() || !fraction.is_empty());
    if !complete || !is_digits(whole) || !is_digits(fraction) {
        return Err(NoAmount::NotANumber);
    }
    let padded = format!("{fraction:0<width$}", width = decimals + GUARD);
    let (kept, rest) = padded.split_at(decimals);
    let up = match &rest[..GUARD] {
        "0000" => 0,
        "9999" => 1,
        _ => return Err(NoAmount::TooFine),
    };
    let digits = format!("{whole}{kept}");
    let digits = digits.trim_start_matches('0');
    let units: i64 = match digits {
        "" => 0,
        // One digit more than the largest amount: what is longer is larger.
        digits if digits.len() <= 13 => digits.parse().map_err(|_| NoAmount::TooLarge)?,
        _ => return Err(NoAmount::TooLarge),
    };
    match units + up {
        0 => Ok(0),
        _ if negative => Err(NoAmount::Negative),
        units if units > MAX_MINOR_UNITS => Err(NoAmount::TooLarge),
        units => Ok(units),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    fn currency(code: &str) -> Currency {
        Currency::from_code(code).unwrap()
    }

    #[rstest]
    #[case(json!(30000), "INR", Ok(3_000_000))]
    #[case(json!(30000), "JPY", Ok(30_000))]
    #[case(json!(1.5), "KWD", Ok(1_500))]
    #[case(json!(299.9), "USD", Ok(29_990))]
    #[case(json!("299.90"), "USD", Ok(29_990))]
    #[case(json!(0.1 + 0.2), "USD", Ok(30))]
    #[case(json!(4.35 * 100.0), "INR", Ok(43_500))]
    #[case(json!(434.99999999999994), "INR", Ok(43_500))]
    #[case(json!(0), "USD", Ok(0))]
    #[case(json!(-0.0), "USD", Ok(0))]
    #[case(json!(-1), "USD", Err(NoAmount::Negative))]
    #[case(json!(1.005), "USD", Err(NoAmount::TooFine))]
    #[case(json!(0.5), "JPY", Err(NoAmount::TooFine))]
    #[case(json!(1e300), "USD", Err(NoAmount::TooLarge))]
    #[case(json!(10_000_000_000.01), "USD", Err(NoAmount::TooLarge))]
    #[case(json!("1e3"), "USD", Err(NoAmount::NotANumber))]
    #[case(json!("12."), "USD", Err(NoAmount::NotANumber))]
    #[case(json!(".5"), "USD", Err(NoAmount::NotANumber))]
    #[case(json!(""), "USD", Err(NoAmount::NotANumber))]
    #[case(json!(true), "USD", Err(NoAmount::NotANumber))]
    fn an_amount_is_read_to_its_minor_unit(
        #[case] value: Value,
        #[case] code: &str,
        #[case] expected: Result<i64, NoAmount>,
    ) {
        assert_eq!(Money::read(&value, currency(code)).map(|money| money.minor_units), expected);
    }

    #[rstest]
    #[case(3_000_000, "INR", "30000.00")]
    #[case(5, "USD", "0.05")]
    #[case(-5, "USD", "-0.05")]
    #[case(30_000, "JPY", "30000")]
    #[case(0, "KWD", "0.000")]
    fn an_amount_is_written_with_all_its_decimals(
        #[case] minor_units: i64,
        #[case] code: &str,
        #[case] text: &str,
    ) {
        assert_eq!(Money { minor_units, currency: currency(code) }.decimal(), text);
    }

    #[rstest]
    #[case("ABC")]
    #[case("inr")]
    #[case("XXX")]
    #[case("XAU")]
    #[case("")]
    fn what_nobody_pays_in_is_no_currency(#[case] code: &str) {
        assert!(Currency::from_code(code).is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            units in 0..=MAX_MINOR_UNITS,
            code in prop::sample::select(vec!["INR", "JPY", "KWD", "USD"]),
        ) {
            let money = Money { minor_units: units, currency: currency(code) };
            prop_assert_eq!(Money::read(&json!(money.decimal()), currency(code)), Ok(money));
        }

        #[test]
        fn a_number_means_what_its_text_means(cents in 0..100_000_000_i64) {
            let number = cents as f64 / 100.0;
            let read = Money::read(&json!(number), currency("USD")).unwrap();
            prop_assert_eq!(read.minor_units, cents);
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}") {
            let _ = Money::read(&json!(text), currency("USD"));
        }
    }
}
