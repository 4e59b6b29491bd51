//! The dead letters of a history: exactly its poison must be there.

use super::history::History;
use crate::cli::Shelf;
use crate::dlq::{self, Kept};
use crate::place::Place;
use flightpulse_simulation::history::Record;
use std::collections::BTreeSet;

/// Letters that are looked at in each place.
const MOST: usize = 5_000;

/// What is in the dead letters.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Letters {
    /// Poison that is not there, in words.
    pub(super) missing: Vec<String>,
    /// What is there and is no poison, in words.
    pub(super) other: Vec<String>,
}

/// Looks into all queues and the bucket.
pub(super) async fn look(place: &Place, history: &History) -> anyhow::Result<Letters> {
    let mut kept = Vec::new();
    for shelf in Shelf::ALL {
        kept.extend(dlq::kept(place, shelf, MOST).await?);
    }
    Ok(judge(history, &kept))
}

fn judge(history: &History, kept: &[Kept]) -> Letters {
    let poison = history.script.records.iter().filter(|one| one.is_poison());
    let mut missing: BTreeSet<&[u8]> = poison.map(|one| one.value.as_slice()).collect();
    let is_ours = ours(history);
    let mut other = Vec::new();
    for letter in kept.iter().filter(|letter| is_ours(letter)) {
        let bytes = letter.bytes.as_deref().unwrap_or_default();
        let record = Record { flight: 0, value: bytes.to_vec() };
        if record.is_poison() {
            missing.remove(bytes);
        } else {
            other.push(format!("{}: {}", letter.kind, letter.reason));
        }
    }
    let missing = missing.into_iter().map(|one| String::from_utf8_lossy(one).into_owned());
    Letters { missing: missing.collect(), other }
}

/// Whether a letter is about this history: it names one of its ids or flights. Other letters may lie
/// in the same queue.
fn ours(history: &History) -> impl Fn(&Kept) -> bool {
    let mut names: Vec<_> =
        history.flights.iter().map(|flight| flight.flight_id.to_string()).collect();
    names.push(history.correlation());
    move |letter| {
        let bytes = letter.bytes.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
        names.iter().any(|name| letter.body.contains(name) || bytes.contains(name))
    }
}

#[cfg(test)]
mod tests {
    use super::super::history::tests::history;
    use super::*;

    #[test]
    fn exactly_the_poison_must_be_there() {
        let history = history(2);
        let poison: Vec<_> = history.script.records.iter().filter(|one| one.is_poison()).collect();
        let letter = |kind, body: &str, bytes: &[u8]| Kept {
            kind,
            reason: "why".into(),
            body: body.into(),
            bytes: Some(bytes.to_vec()),
        };
        let mut kept: Vec<_> =
            poison.iter().map(|one| letter("kafka record", "{}", &one.value)).collect();
        // Of somebody else's history.
        kept.push(letter("kafka record", "{}", b"poison chaos-1-1"));
        assert_eq!(judge(&history, &kept), Letters::default());
        kept.push(letter("workflow", &format!("{}-7", history.correlation()), b""));
        kept.remove(0);
        let Letters { missing, other } = judge(&history, &kept);
        assert_eq!(missing, [String::from_utf8_lossy(&poison[0].value)]);
        assert_eq!(other, ["workflow: why"]);
    }
}
