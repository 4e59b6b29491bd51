//! How often and how soon a failed batch goes again.
//!
//! AWS: retries without end until the record expires, unless `MaximumRetryAttempts` (0 to 10,000)
//! or `MaximumRecordAgeInSeconds` (60 to 604,800) say otherwise; where retries are infinite and an
//! on-failure destination is set, 10 retries
//! (<https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html>).

use std::time::Duration;

/// The retries that apply when none are set but a destination is.
pub const RETRIES_WITH_DESTINATION: u32 = 10;

/// When a failed batch goes again, and when no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Retries after the first attempt; none means without end.
    pub max_retries: Option<u32>,
    /// The age, by the record's own timestamp, past which a record is not sent; none means any.
    pub max_record_age: Option<Duration>,
    /// The pause before the first retry; it doubles with each.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
    /// Whether a batch that failed whole is split in two rather than sent again as it is
    /// (`BisectBatchOnFunctionError`). Splitting uses no retry and has no pause; a record that is
    /// alone is retried as any batch.
    pub bisect_on_error: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: None,
            max_record_age: None,
            first_pause: Duration::from_millis(200),
            longest_pause: Duration::from_secs(10),
            bisect_on_error: false,
        }
    }
}

impl RetryPolicy {
    /// The policy as it applies where a destination is set.
    #[must_use]
    pub fn with_destination(self) -> Self {
        Self { max_retries: self.max_retries.or(Some(RETRIES_WITH_DESTINATION)), ..self }
    }

    /// The pause after the `tries`th failure in a row.
    pub fn pause(&self, tries: u32) -> Duration {
        let doublings = tries.saturating_sub(1).min(20);
        self.first_pause.saturating_mul(1 << doublings).min(self.longest_pause)
    }

    /// Whether `failures` of the function leave no further retry.
    pub fn exhausted(&self, failures: u32) -> bool {
        self.max_retries.is_some_and(|max| failures > max)
    }

    /// Whether a record of this timestamp (ms) is too old at `now` (ms). A record without a
    /// timestamp has no age.
    pub fn too_old(&self, timestamp: i64, now: i64) -> bool {
        let limit =
            self.max_record_age.map(|age| i64::try_from(age.as_millis()).unwrap_or(i64::MAX));
        limit.is_some_and(|limit| timestamp >= 0 && now.saturating_sub(timestamp) > limit)
    }
}

#[cfg(test)]
mod tests;
