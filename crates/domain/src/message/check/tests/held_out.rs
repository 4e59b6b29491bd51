//! Texts by someone who had not seen the check: how many good ones it lets pass, and how many with
//! a defect it refuses. What was measured before anything was changed for them is in
//! `testdata/README.md`; since then the rules know them, so these tests keep what was reached.

use super::corpus::Ask;
use crate::message::Draft;
use crate::message::check::{Breach, check_for};
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};

// Of 88. Of the others four leave out of the text message what was asked for, that the flight is
// on schedule, and five have a text message that is too long for one.
const GOOD_THAT_PASS: usize = 83;
// Of 458. A floor: what is refused must stay so. The other one is a sentence of Italian in a French
// text, which has as many words of French.
const ADVERSARIAL_REFUSED: usize = 457;
// Of those, the ones whose good text passes, so that the defect alone is what is refused: of 412.
const PAIRS_REFUSED: usize = 415;

#[derive(Debug, Deserialize)]
struct HeldOut {
    /// Of an adversarial text, ends with the name of the good one: "(on en-d1)".
    name: String,
    #[serde(default)]
    class: String,
    ask: Ask,
    texts: Draft,
}

impl HeldOut {
    // A reinstated flight is taken as one without a delay: four good texts say "as planned", which
    // nothing they were asked forbids, and which is refused when it is late.
    fn check(&self) -> Result<(), Breach> {
        check_for(&self.ask.facts_if_reinstated(0), self.ask.tier, &self.texts)
    }

    fn base(&self) -> &str {
        let (_, base) = self.name.rsplit_once("(on ").unwrap();
        base.trim_end_matches(')')
    }
}

fn good() -> Vec<HeldOut> {
    serde_json::from_str(include_str!("../../../../testdata/held-out-good.json")).unwrap()
}

fn adversarial() -> Vec<HeldOut> {
    serde_json::from_str(include_str!("../../../../testdata/held-out-adversarial.json")).unwrap()
}

#[test]
fn most_good_texts_pass() {
    let good = good();
    let mut passing = 0;
    for text in &good {
        match text.check() {
            Ok(()) => passing += 1,
            Err(breach) => println!("{}: {breach:?}", text.name),
        }
    }
    println!("{passing} of {} good texts pass", good.len());
    assert!(passing >= GOOD_THAT_PASS, "{passing} of {}", good.len());
}

#[test]
fn texts_with_a_defect_are_refused() {
    let passing_good = good().into_iter().filter(|text| text.check().is_ok());
    let passing_good: HashSet<_> = passing_good.map(|text| text.name).collect();
    let texts = adversarial();
    let mut classes: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let mut passed = Vec::new();
    for text in &texts {
        let (refused, is_pair) = (text.check().is_err(), passing_good.contains(text.base()));
        let counts = [true, refused, is_pair, is_pair && refused];
        let class = classes.entry(&text.class).or_default();
        class.iter_mut().zip(counts).for_each(|(sum, counts)| *sum += usize::from(counts));
        if !refused {
            passed.push(&text.name);
        }
    }
    let mut sums = [0; 4];
    for (class, counts) in classes {
        let [all, refused, pairs, refused_pairs] = counts;
        println!("{class:22} {refused:3} of {all:3} refused, {refused_pairs:3} of {pairs:3} pairs");
        sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }
    let [all, refused, pairs, refused_pairs] = sums;
    println!("{refused} of {all} refused, {refused_pairs} of {pairs} pairs");
    assert!(refused >= ADVERSARIAL_REFUSED, "{refused} of {all}: passed {passed:?}");
    assert!(refused_pairs >= PAIRS_REFUSED, "{refused_pairs} of {pairs}");
}
