//! `dlq`: what could not be processed: to see it, send it again, or take it out.
//!
//! **Invariant.** A letter is taken out only once what it holds was accepted again: at least once,
//! never lost. Everything that a letter leads to is the same when it happens twice.

mod letter;
mod outlets;
mod plan;
mod redrive;
pub(crate) mod shelves;
mod show;
mod walk;

use crate::cli::{DlqOptions, DlqRequest, ListOptions, RedriveOptions, Shelf};
use crate::interrupt::Interrupt;
use crate::place::Place;
use crate::stop::Stop;
use crate::terminal;
use anyhow::Context;
use jiff::Timestamp;
use letter::{Content, Kind, Letter};
use outlets::Deployed;
use plan::How;
use redrive::{Outlets, Redrive};
use serde_json::Value;
use shelves::{Bucket, Queue};
use show::{Listing, More};
use std::collections::BTreeSet;
use walk::{Act, Chosen, Held, Letters, Outcome, Tally, walk};

/// Seconds that letters are hidden from others while they are looked at.
const LOOKING_SECONDS: i32 = 30;
/// Seconds that they are hidden while they are sent again: a function may take a minute, and a page
/// has ten.
const SENDING_SECONDS: i32 = 900;

/// Does what is asked; answers whether nothing that was asked for stays.
pub(crate) async fn run(aws: bool, options: &DlqOptions) -> anyhow::Result<bool> {
    let place = Place::find(aws).await?;
    match &options.request {
        DlqRequest::List(options) => list(&place, options).await.map(|()| true),
        DlqRequest::Show { id } => show(&place, aws, id).await,
        DlqRequest::Redrive(options) => redrive(&place, aws, options).await,
        DlqRequest::Drop { ids } => {
            let chosen = Chosen::Ids(ids.iter().cloned().collect());
            go_through(&place, None, &chosen, &Drop, Verb { done: "dropped", would: "" }).await
        }
    }
}

async fn list(place: &Place, options: &ListOptions) -> anyhow::Result<()> {
    let limit = options.limit as usize;
    let asked = shelves_of(options.queue);
    let listings = asked.into_iter().map(|shelf| listing(place, shelf, limit));
    let listings = futures::future::try_join_all(listings).await?;
    if options.json {
        let queues: Vec<_> = listings.iter().map(Listing::json).collect();
        terminal::line(serde_json::to_string_pretty(&serde_json::json!({ "queues": queues }))?);
    } else {
        let now = Timestamp::now();
        listings.iter().flat_map(|one| one.lines(now)).for_each(terminal::line);
    }
    Ok(())
}

async fn listing(place: &Place, shelf: Shelf, limit: usize) -> anyhow::Result<Listing> {
    let (held, more, hidden) = if shelf == Shelf::Bucket {
        let mut bucket = Bucket::all(place)?;
        let held = peek(&mut bucket, limit).await?;
        let more = bucket.has_more() || held.len() > limit;
        (held, if more { More::Some } else { More::Count(0) }, 0)
    } else {
        let mut queue = Queue::new(place, shelf, LOOKING_SECONDS)?;
        let (length, hidden) = queue.length().await?;
        let held = peek(&mut queue, limit).await?;
        let more = length.saturating_sub(held.len().min(limit) as u64);
        (held, More::Count(more), hidden)
    };
    let letters = held.into_iter().map(|held| held.letter).take(limit).collect();
    Ok(Listing { shelf, letters, more, hidden })
}

/// A letter, as far as a verdict asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    /// The kind's name.
    pub(crate) kind: &'static str,
    /// Why it is there.
    pub(crate) reason: String,
    /// The whole of it.
    pub(crate) body: String,
    /// The bytes of the record in it, where it has them.
    pub(crate) bytes: Option<Vec<u8>>,
}

/// The first letters of a place; they stay there.
pub(crate) async fn kept(place: &Place, shelf: Shelf, most: usize) -> anyhow::Result<Vec<Kept>> {
    let letters = listing(place, shelf, most).await?.letters.into_iter();
    let kept = letters.map(|Letter { kind, reason, body, .. }| {
        let bytes = match kind.content() {
            Some(Content::Here(bytes)) => Some(bytes.clone()),
            _ => None,
        };
        Kept { kind: kind.name(), reason, body, bytes }
    });
    Ok(kept.collect())
}

/// Looks at the first letters and puts them back.
async fn peek<L: Letters>(letters: &mut L, limit: usize) -> anyhow::Result<Vec<Held>> {
    let mut held = Vec::new();
    let mut seen = BTreeSet::new();
    let looked = async {
        while held.len() < limit {
            let page: Vec<Held> = letters.next().await?;
            let (before, any) = (held.len(), !page.is_empty());
            held.extend(page.into_iter().filter(|one| seen.insert(one.letter.id.clone())));
            if !any || held.len() == before {
                break;
            }
        }
        anyhow::Ok(())
    };
    let looked = looked.await;
    let back = letters.put_back(&held).await;
    looked.and(back).map(|()| held)
}

async fn show(place: &Place, aws: bool, id: &str) -> anyhow::Result<bool> {
    struct Showing<'a>(Deployed<'a>);
    impl Act for Showing<'_> {
        async fn act(&self, letter: &Letter) -> Outcome {
            let bytes = match letter.kind.content() {
                Some(Content::At(at)) => self.0.bytes(at).await.ok(),
                _ => None,
            };
            let lines = show::whole(letter, bytes.as_deref(), Timestamp::now());
            lines.iter().for_each(terminal::line);
            Outcome::Would("shown".to_owned())
        }
    }
    let chosen = Chosen::Ids(BTreeSet::from([id.to_owned()]));
    let showing = Showing(Deployed::new(place, aws, None));
    let tally = each_shelf(place, None, &chosen, &showing, LOOKING_SECONDS, &mut |_, _| {}).await?;
    Ok(all_found(&chosen, &tally))
}

/// The booking events that lie among the dead letters, with the reason of each; all stay there.
pub(crate) async fn booking_events(place: &Place) -> anyhow::Result<Vec<(Value, String)>> {
    let mut queue = Queue::new(place, Shelf::DeadLetters, SENDING_SECONDS)?;
    let held = peek(&mut queue, usize::MAX).await?;
    let event = |held: Held| match (held.letter.kind, held.letter.reason) {
        (Kind::BookingEvent { content: Content::Here(bytes), .. }, reason) => {
            Some((serde_json::from_slice(&bytes).ok()?, reason))
        }
        _ => None,
    };
    Ok(held.into_iter().filter_map(event).collect())
}

/// Events of reconciliations that failed for good, among the dead letters; all stay there.
pub(crate) async fn failed_reconciliations(place: &Place) -> anyhow::Result<u64> {
    let mut queue = Queue::new(place, Shelf::DeadLetters, LOOKING_SECONDS)?;
    let held = peek(&mut queue, usize::MAX).await?;
    Ok(held.iter().filter(|held| letter::reconciliation(&held.letter.kind).is_some()).count()
        as u64)
}

/// Takes letters out as they are.
struct Drop;

impl Act for Drop {
    async fn act(&self, letter: &Letter) -> Outcome {
        Outcome::Accepted(format!("{}: {}", letter.kind.name(), letter.reason))
    }
}

async fn redrive(place: &Place, aws: bool, options: &RedriveOptions) -> anyhow::Result<bool> {
    let now = Timestamp::now();
    let mended = match &options.with_file {
        Some(_) if options.ids.len() != 1 => {
            return Err(Stop::Usage("--with-file mends one letter: name one id".into()).into());
        }
        Some(path) => Some(
            std::fs::read(path)
                .map_err(|error| Stop::Usage(format!("{}: {error}", path.display())))?,
        ),
        None => None,
    };
    let chosen = if options.all {
        Chosen::All { before: now, limit: options.limit as usize }
    } else {
        Chosen::Ids(options.ids.iter().cloned().collect())
    };
    let outlets = Deployed::new(place, aws, options.brokers.clone());
    let how = How { mended, force: options.force };
    let interrupt = Interrupt::listen();
    let act = Redrive { outlets, how, dry_run: options.dry_run, now, interrupt };
    let verb = Verb { done: "redriven", would: "would be redriven" };
    go_through(place, options.queue, &chosen, &act, verb).await
}

/// How what was done is called.
struct Verb {
    done: &'static str,
    would: &'static str,
}

/// Acts on what is chosen, tells each outcome and the sum of them.
async fn go_through<A: Act>(
    place: &Place,
    queue: Option<Shelf>,
    chosen: &Chosen,
    act: &A,
    verb: Verb,
) -> anyhow::Result<bool> {
    let (mut done, mut would) = (0, 0);
    let mut tell = |letter: &Letter, outcome: &Outcome| {
        let (word, text) = match outcome {
            Outcome::Accepted(text) => (verb.done, text),
            Outcome::Would(text) => (verb.would, text),
            Outcome::Stays(text) => ("stays", text),
        };
        done += usize::from(matches!(outcome, Outcome::Accepted(_)));
        would += usize::from(matches!(outcome, Outcome::Would(_)));
        let line = format!("{word}  {}  {}: {text}", letter.id, letter.kind.name());
        terminal::line(terminal::printable(&line));
    };
    let tally = each_shelf(place, queue, chosen, act, SENDING_SECONDS, &mut tell).await?;
    let found = all_found(chosen, &tally);
    let mut sums = vec![format!("{done} {}", verb.done)];
    sums.extend((would > 0).then(|| format!("{would} {}", verb.would)));
    sums.push(format!("{} {}", tally.stay, if tally.stay == 1 { "stays" } else { "stay" }));
    match chosen {
        Chosen::All { limit, .. } if tally.met.len() >= *limit => {
            sums.push(format!("there may be more: that was the limit of {limit}"));
        }
        Chosen::All { .. } if tally.left > 0 => {
            sums.push(format!("{} came in meanwhile", tally.left));
        }
        Chosen::All { .. } | Chosen::Ids(_) => {}
    }
    terminal::line(sums.join(", "));
    if act.is_over() {
        let why = "stopped; what was not begun is where it was".to_owned();
        return Err(Stop::Interrupted(why).into());
    }
    Ok(found && tally.stay == 0)
}

fn all_found(chosen: &Chosen, tally: &Tally) -> bool {
    let Chosen::Ids(ids) = chosen else { return true };
    let missing: Vec<_> = ids.difference(&tally.met).collect();
    for id in &missing {
        eprintln!(
            "flightpulse-simulator: there is no letter {id} (or others are looking at it); \
             `dlq list` shows what there is"
        );
    }
    missing.is_empty()
}

async fn each_shelf<A: Act>(
    place: &Place,
    queue: Option<Shelf>,
    chosen: &Chosen,
    act: &A,
    hidden_seconds: i32,
    tell: &mut impl FnMut(&Letter, &Outcome),
) -> anyhow::Result<Tally> {
    let mut tally = Tally::default();
    for shelf in shelves_of(queue) {
        if shelf == Shelf::Bucket {
            let mut bucket = match chosen {
                Chosen::All { .. } => Bucket::all(place)?,
                // Their ids are their keys, so nothing else is read.
                Chosen::Ids(ids) => {
                    let keys = ids.iter().filter(|id| id.starts_with(shelves::BATCHES));
                    Bucket::of(place, keys.cloned().collect())?
                }
            };
            walk(&mut bucket, chosen, act, &mut tally, tell).await?;
        } else {
            // The ids of messages have no slash.
            if matches!(chosen, Chosen::Ids(ids) if ids.iter().all(|id| id.contains('/'))) {
                continue;
            }
            let mut queue = Queue::new(place, shelf, hidden_seconds)?;
            let walked = walk(&mut queue, chosen, act, &mut tally, tell).await;
            walked.with_context(|| format!("going through {}", shelves::name(shelf)))?;
        }
    }
    Ok(tally)
}

fn shelves_of(queue: Option<Shelf>) -> Vec<Shelf> {
    queue.map_or_else(|| Shelf::ALL.to_vec(), |shelf| vec![shelf])
}
