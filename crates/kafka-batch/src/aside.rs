//! Records that are set aside.

use crate::Record;
use flightpulse_dead_letters::DeadLetters;
use jiff::Timestamp;

/// Keeps a dead letter of each record that has a reason, of which there is one place for each
/// record. Answers, by their places, those that could not be kept, and why: they must come again.
pub async fn keep_dead_letters<'a>(
    dead_letters: &impl DeadLetters,
    records: &[Record],
    reasons: impl Iterator<Item = Option<&'a str>>,
    now: Timestamp,
) -> Vec<(usize, String)> {
    let aside = records.iter().zip(reasons).enumerate().filter_map(|(at, (record, reason))| {
        Some((at, record.dead_letter(reason?.to_owned(), now)))
    });
    let (places, letters): (Vec<_>, Vec<_>) = aside.unzip();
    if letters.is_empty() {
        return Vec::new();
    }
    let kept = dead_letters.keep(&letters).await;
    let failed = places.into_iter().zip(kept);
    failed.filter_map(|(at, kept)| Some((at, kept.err()?.to_string()))).collect()
}
