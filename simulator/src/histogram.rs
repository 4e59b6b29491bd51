//! Latencies, counted in buckets: exact to 2 %, in memory that does not grow with their number.

use serde::Serialize;
use std::time::Duration;

/// Each bucket ends 2 % above the one before.
const STEP: f64 = 1.02;
/// Buckets from a microsecond to some 20 minutes.
const BUCKETS: usize = 1_060;

/// How long things took.
#[derive(Debug, Clone)]
pub(crate) struct Histogram {
    counts: Vec<u64>,
    longest: Duration,
}

/// What is said of them, in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(crate) struct Summary {
    pub(crate) p50_ms: f64,
    pub(crate) p95_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) max_ms: f64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: vec![0; BUCKETS], longest: Duration::ZERO }
    }
}

impl Histogram {
    /// Counts one.
    pub(crate) fn add(&mut self, took: Duration) {
        let micros = (took.as_micros() as f64).max(1.0);
        let bucket = (micros.ln() / STEP.ln()) as usize;
        self.counts[bucket.min(BUCKETS - 1)] += 1;
        self.longest = self.longest.max(took);
    }

    /// The percentiles.
    pub(crate) fn summary(&self) -> Summary {
        Summary {
            p50_ms: self.percentile(0.50),
            p95_ms: self.percentile(0.95),
            p99_ms: self.percentile(0.99),
            max_ms: rounded(self.longest.as_secs_f64() * 1_000.0),
        }
    }

    /// So many of them were no longer than this, in milliseconds.
    fn percentile(&self, share: f64) -> f64 {
        let total: u64 = self.counts.iter().sum();
        let rank = (total as f64 * share).ceil().max(1.0) as u64;
        let mut seen = 0;
        for (bucket, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= rank {
                let end = STEP.powi(bucket as i32 + 1) / 1_000.0;
                return rounded(end.min(self.longest.as_secs_f64() * 1_000.0));
            }
        }
        0.0
    }
}

/// Two places are more than the buckets know.
fn rounded(ms: f64) -> f64 {
    (ms * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_right_to_two_percent() {
        let mut histogram = Histogram::default();
        for ms in 1..=1_000 {
            histogram.add(Duration::from_millis(ms));
        }
        let Summary { p50_ms, p95_ms, p99_ms, max_ms } = histogram.summary();
        for (found, exact) in [(p50_ms, 500.0), (p95_ms, 950.0), (p99_ms, 990.0)] {
            assert!((found - exact).abs() <= exact * 0.02, "{found} for {exact}");
        }
        assert_eq!(max_ms, 1_000.0);
    }

    #[test]
    fn nothing_and_anything_can_be_counted() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.summary(), Summary::default());
        histogram.add(Duration::ZERO);
        histogram.add(Duration::from_secs(86_400));
        assert_eq!(histogram.summary().max_ms, 86_400_000.0);
    }
}
