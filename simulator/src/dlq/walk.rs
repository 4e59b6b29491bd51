//! Going through letters: each that is chosen is acted on, and taken out only if it was accepted.

use super::letter::Letter;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// A letter that is held back from others.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) letter: Letter,
    /// What it is taken out or put back by; none for an object.
    pub(super) receipt: Option<String>,
}

/// A place with letters.
pub(super) trait Letters {
    /// The next letters, held back from others for a while; none at the end.
    async fn next(&mut self) -> anyhow::Result<Vec<Held>>;
    /// Takes a letter out for good.
    async fn take_out(&self, held: &Held) -> anyhow::Result<()>;
    /// Holds letters back no longer.
    async fn put_back(&self, held: &[Held]) -> anyhow::Result<()>;
}

/// What is done with a letter.
pub(super) trait Act {
    /// Does it.
    async fn act(&self, letter: &Letter) -> Outcome;

    /// Whether somebody has asked to end it: no further letter is begun then.
    fn is_over(&self) -> bool {
        false
    }
}

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// What it holds was accepted, there: it may go.
    Accepted(String),
    /// It would be sent, there.
    Would(String),
    /// It stays, for this reason.
    Stays(String),
}

/// Which letters are acted on.
#[derive(Debug, Clone)]
pub(super) enum Chosen {
    /// These.
    Ids(BTreeSet<String>),
    /// All that were there before this time, at most so many. One that comes in meanwhile may be
    /// what was sent again a moment ago: without an end to it, poison would go round for ever.
    All { before: Timestamp, limit: usize },
}

/// What became of all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Accepted, or that would be sent.
    pub(super) done: usize,
    /// Stay for a reason.
    pub(super) stay: usize,
    /// Were seen and not chosen: beyond the limit, come in meanwhile, or not named.
    pub(super) left: usize,
    /// The ids that were acted on.
    pub(super) met: BTreeSet<String>,
}

impl Chosen {
    fn wants(&self, letter: &Letter, tally: &Tally) -> bool {
        match self {
            Self::Ids(ids) => ids.contains(&letter.id),
            Self::All { before, limit } => {
                tally.met.len() < *limit && letter.since.is_none_or(|since| since <= *before)
            }
        }
    }

    fn is_through(&self, tally: &Tally) -> bool {
        match self {
            Self::Ids(ids) => ids.is_subset(&tally.met),
            Self::All { limit, .. } => tally.met.len() >= *limit,
        }
    }
}

/// Letters looked at in one walk: what is not found among them is said not to be found.
const MOST: usize = 10_000;

/// Goes through the letters, acts on those that are chosen and tells each outcome.
pub(super) async fn walk<L: Letters, A: Act>(
    letters: &mut L,
    chosen: &Chosen,
    act: &A,
    tally: &mut Tally,
    tell: &mut impl FnMut(&Letter, &Outcome),
) -> anyhow::Result<()> {
    let mut back = Vec::new();
    let walked = walk_on(letters, chosen, act, tally, tell, &mut back).await;
    // Whatever went wrong, nothing stays hidden from others longer than it must.
    let put_back = letters.put_back(&back).await;
    walked.and(put_back)
}

async fn walk_on<L: Letters, A: Act>(
    letters: &mut L,
    chosen: &Chosen,
    act: &A,
    tally: &mut Tally,
    tell: &mut impl FnMut(&Letter, &Outcome),
    back: &mut Vec<Held>,
) -> anyhow::Result<()> {
    let mut seen = BTreeSet::new();
    while seen.len() < MOST && !chosen.is_through(tally) && !act.is_over() {
        let page = letters.next().await?;
        // What comes a second time has been held longer than a message is hidden: we are round.
        let new: Vec<_> = page.iter().map(|held| seen.insert(held.letter.id.clone())).collect();
        if !new.contains(&true) {
            back.extend(page);
            return Ok(());
        }
        for (held, new) in page.into_iter().zip(new) {
            if !new || !chosen.wants(&held.letter, tally) || act.is_over() {
                tally.left += usize::from(new);
                back.push(held);
                continue;
            }
            let outcome = settle(letters, act, &held).await;
            tally.met.insert(held.letter.id.clone());
            match &outcome {
                Outcome::Stays(_) => tally.stay += 1,
                Outcome::Accepted(_) | Outcome::Would(_) => tally.done += 1,
            }
            tell(&held.letter, &outcome);
            if !matches!(outcome, Outcome::Accepted(_)) {
                back.push(held);
            }
        }
    }
    Ok(())
}

async fn settle<L: Letters, A: Act>(letters: &L, act: &A, held: &Held) -> Outcome {
    let outcome = act.act(&held.letter).await;
    if let Outcome::Accepted(place) = &outcome
        && let Err(error) = letters.take_out(held).await
    {
        return Outcome::Stays(format!(
            "it was accepted ({place}) and could not be taken out: {error:#}; to send it once more \
             does no harm"
        ));
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::super::letter::tests::{letter, record};
    use super::*;
    use crate::cli::Shelf;
    use std::cell::{Cell, RefCell};

    #[derive(Default)]
    struct Pile {
        pages: Vec<Vec<&'static str>>,
        stuck: bool,
        out: RefCell<Vec<String>>,
        back: RefCell<Vec<String>>,
    }

    impl Letters for Pile {
        async fn next(&mut self) -> anyhow::Result<Vec<Held>> {
            if self.pages.is_empty() {
                return Ok(Vec::new());
            }
            let page = self.pages.remove(0);
            anyhow::ensure!(!page.contains(&"broken"), "the queue is away");
            let held = |id: &&'static str| {
                let mut letter = letter(Shelf::DeadLetters, &record(b"x"));
                letter.id = (*id).to_owned();
                if id.starts_with("late") {
                    letter.since = Some("2026-11-21T12:00:00Z".parse().unwrap());
                }
                Held { letter, receipt: Some((*id).to_owned()) }
            };
            Ok(page.iter().map(held).collect())
        }

        async fn take_out(&self, held: &Held) -> anyhow::Result<()> {
            anyhow::ensure!(!self.stuck, "refused");
            self.out.borrow_mut().push(held.letter.id.clone());
            Ok(())
        }

        async fn put_back(&self, held: &[Held]) -> anyhow::Result<()> {
            self.back.borrow_mut().extend(held.iter().map(|held| held.letter.id.clone()));
            Ok(())
        }
    }

    /// Accepts letters whose id does not begin with `no`; after `last` it is over.
    #[derive(Default)]
    struct Accepting {
        over: Cell<bool>,
    }

    impl Act for Accepting {
        fn is_over(&self) -> bool {
            self.over.get()
        }

        async fn act(&self, letter: &Letter) -> Outcome {
            self.over.set(letter.id == "last");
            if letter.id.starts_with("no") {
                Outcome::Stays("no".into())
            } else {
                Outcome::Accepted("there".into())
            }
        }
    }

    fn pile(pages: &[&[&'static str]]) -> Pile {
        Pile { pages: pages.iter().map(|page| page.to_vec()).collect(), ..Pile::default() }
    }

    fn all(limit: usize) -> Chosen {
        Chosen::All { before: "2026-11-21T10:00:00Z".parse().unwrap(), limit }
    }

    async fn walked(pile: &mut Pile, chosen: &Chosen) -> (anyhow::Result<()>, Tally) {
        let mut tally = Tally::default();
        let walked = walk(pile, chosen, &Accepting::default(), &mut tally, &mut |_, _| {}).await;
        (walked, tally)
    }

    #[tokio::test]
    async fn only_what_was_accepted_is_taken_out() {
        let mut pile = pile(&[&["a", "no-1"], &["b", "late-1"]]);
        let (walked, tally) = walked(&mut pile, &all(100)).await;
        walked.unwrap();
        assert_eq!((tally.done, tally.stay, tally.left), (2, 1, 1));
        assert_eq!(*pile.out.borrow(), ["a", "b"]);
        assert_eq!(*pile.back.borrow(), ["no-1", "late-1"]);
    }

    #[tokio::test]
    async fn what_cannot_be_taken_out_stays_and_is_said() {
        let mut pile = pile(&[&["a"]]);
        pile.stuck = true;
        let mut told = Vec::new();
        let mut tally = Tally::default();
        let tell = &mut |_: &Letter, outcome: &Outcome| told.push(outcome.clone());
        walk(&mut pile, &all(100), &Accepting::default(), &mut tally, tell).await.unwrap();
        assert!(matches!(&told[..], [Outcome::Stays(why)] if why.contains("refused")), "{told:?}");
        assert_eq!((tally.stay, pile.back.borrow().len()), (1, 1));
    }

    #[tokio::test]
    async fn the_walk_ends_at_the_letters_that_were_named() {
        let mut pile = pile(&[&["a", "b"], &["c"], &["d"]]);
        let chosen = Chosen::Ids(BTreeSet::from(["c".to_owned()]));
        let (walked, tally) = walked(&mut pile, &chosen).await;
        walked.unwrap();
        assert_eq!((tally.done, pile.pages.len()), (1, 1));
        assert_eq!(*pile.back.borrow(), ["a", "b"]);
    }

    #[tokio::test]
    async fn it_keeps_to_its_limit_and_says_what_is_left() {
        let mut pile = pile(&[&["a", "b", "c"], &["d"]]);
        let (walked, tally) = walked(&mut pile, &all(2)).await;
        walked.unwrap();
        assert_eq!((tally.done, tally.left), (2, 1));
        assert_eq!(*pile.back.borrow(), ["c"]);
    }

    #[tokio::test]
    async fn a_letter_that_comes_again_is_not_sent_twice() {
        let mut pile = pile(&[&["no-1", "a"], &["no-1", "b"], &["no-1"], &["c"]]);
        let (walked, tally) = walked(&mut pile, &all(100)).await;
        walked.unwrap();
        assert_eq!((tally.done, tally.stay), (2, 1));
        assert_eq!(*pile.out.borrow(), ["a", "b"]);
    }

    #[tokio::test]
    async fn one_that_is_ended_puts_back_what_it_has_not_begun() {
        let mut pile = pile(&[&["a", "last", "b"], &["c"]]);
        let (walked, tally) = walked(&mut pile, &all(100)).await;
        walked.unwrap();
        assert_eq!((tally.done, pile.pages.len()), (2, 1));
        assert_eq!(*pile.back.borrow(), ["b"]);
    }

    #[tokio::test]
    async fn when_it_breaks_off_nothing_stays_hidden() {
        let mut pile = pile(&[&["no-1"], &["broken"]]);
        let (walked, _) = walked(&mut pile, &all(100)).await;
        assert!(walked.is_err());
        assert_eq!(*pile.back.borrow(), ["no-1"]);
    }
}
