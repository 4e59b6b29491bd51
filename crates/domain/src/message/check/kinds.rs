//! What each kind of news must say, and what only another kind may.

use super::pattern::Patterns;
use super::prose::{Prose, Token};
use super::words::List;
use super::{Breach, Finding, Part, Theme};
use crate::message::facts::{Facts, News};
use crate::notice::Nature;
use std::sync::LazyLock;

macro_rules! list {
    ($name:ident, $file:literal) => {
        static $name: LazyLock<List> =
            LazyLock::new(|| List::read(include_str!(concat!("words/", $file, ".txt"))));
    };
}
list!(DELAY, "kind_delay");
list!(CANCELLATION, "kind_cancellation");
list!(GATE, "kind_gate");
list!(REINSTATEMENT, "kind_reinstatement");
list!(OPERATES, "kind_operates");
list!(TERMINAL, "kind_terminal");
list!(ELSEWHERE, "kind_elsewhere");
list!(UNCHANGED, "kind_unchanged");
list!(ON_SCHEDULE, "kind_on_schedule");
list!(LATE, "kind_late");
list!(GOOD, "nature_good");
list!(BAD, "nature_bad");
list!(TAKEN_BACK, "nature_taken_back");
list!(TAKES_BACK_MESSAGE, "nature_takes_back_message");

static THIS_MESSAGE: LazyLock<Patterns> = LazyLock::new(|| {
    Patterns::read("disregard~|ignor~|descart~ .. this|este|esta|ce|cet|cette|diese|dieser|dieses")
});

// "Our message was wrong, please disregard this": what is meant is in the sentence, unless a noun
// says otherwise.
static THIS_NAMED: LazyLock<Patterns> = LazyLock::new(|| {
    Patterns::read(
        "disregard~|ignor~|descart~ .. this|este|esta|ce|cet|cette|diese|dieser|dieses \
         message|text|sms|notice|email|mensaje|aviso|avis|nachricht|mitteilung|meldung|information",
    )
});

fn has(list: &List, prose: &Prose) -> Option<String> {
    list.find(prose, |_| false)
}

/// Words of another kind of news, or of another nature, than the notice's.
pub(super) fn foreign(prose: &Prose, facts: &Facts) -> Finding {
    let other = other_kinds(&facts.news).into_iter().find_map(|list| has(list, prose));
    if let Some(what) = other.or_else(|| has(&ELSEWHERE, prose)) {
        return Some((Theme::OtherNews, what));
    }
    let minutes = minutes_late(facts);
    if minutes != Some(0)
        && let Some(what) = has(&ON_SCHEDULE, prose)
    {
        return Some((Theme::OtherNews, what));
    }
    if minutes == Some(0)
        && let Some(what) = has(&LATE, prose)
    {
        return Some((Theme::OtherNews, what));
    }
    nature(prose, facts.nature).map(|what| (Theme::Nature, what))
}

/// How late the flight leaves, where the news tells.
pub(super) fn minutes_late(facts: &Facts) -> Option<u32> {
    match &facts.news {
        News::Delay { minutes, .. } | News::Reinstatement { minutes, .. } => Some(*minutes),
        News::Cancellation { .. } | News::GateChange { .. } => None,
    }
}

fn other_kinds(news: &News) -> Vec<&'static List> {
    let (delay, cancellation) = (&*DELAY, &*CANCELLATION);
    let (gate, reinstatement, terminal) = (&*GATE, &*REINSTATEMENT, &*TERMINAL);
    match news {
        News::Delay { .. } => vec![cancellation, gate, reinstatement, terminal],
        News::Cancellation { .. } => vec![delay, gate, reinstatement, &*OPERATES, terminal],
        News::GateChange { terminal_change: true, .. } => {
            vec![delay, cancellation, reinstatement, &*UNCHANGED]
        }
        News::GateChange { .. } => {
            vec![delay, cancellation, reinstatement, terminal, &*UNCHANGED]
        }
        News::Reinstatement { .. } => vec![delay, cancellation, gate, terminal],
    }
}

fn nature(prose: &Prose, nature: Nature) -> Option<String> {
    // "Our earlier message": of what is taken back, "earlier" is no good news.
    let before_message = |token: &Token| nature == Nature::Retraction && token.norm == "earlier";
    let good = || GOOD.find(prose, before_message);
    let taken_back = || has(&TAKEN_BACK, prose);
    match nature {
        Nature::News => good().or_else(taken_back),
        Nature::Improvement => has(&BAD, prose).or_else(taken_back),
        Nature::Retraction => good().or_else(|| takes_back_something_else(prose)),
    }
}

// Only our message may be taken back: not the displays, the staff, or this very message. What is
// meant stands in the same sentence or, when it refers to it, in the one before.
fn takes_back_something_else(prose: &Prose) -> Option<String> {
    // "We apologize for the error" and "Correction: …" name the mistake, not what it was in.
    let is_noun = |token: &Token| {
        let nouns = ["error", "erreur", "fehler", "irrtum", "corr", "korr", "rectif", "bericht"];
        nouns.iter().any(|noun| token.norm.starts_with(noun))
    };
    let mut before = false;
    prose.sentences.iter().find_map(|sentence| {
        let alone = Prose { sentences: vec![sentence.clone()] };
        let names_message = has(&TAKES_BACK_MESSAGE, &alone).is_some();
        let is_of_ours = names_message || before;
        before = names_message;
        let what = TAKEN_BACK.find(&alone, is_noun)?;
        let this = if names_message { &THIS_NAMED } else { &THIS_MESSAGE };
        this.find(&alone).or_else(|| (!is_of_ours).then_some(what))
    })
}

/// What this kind of news cannot do without.
pub(super) fn required(prose: &Prose, part: Part, facts: &Facts) -> Result<(), Breach> {
    let mut needed: Vec<(&List, &'static str)> = Vec::new();
    match &facts.news {
        // A correction's subject and text message may say that it is one, and when it leaves.
        News::Delay { minutes: 0, .. }
            if facts.nature != Nature::Retraction || part == Part::Body =>
        {
            needed.push((&ON_SCHEDULE, "it is on schedule"));
        }
        News::Delay { .. } => {}
        News::Cancellation { .. } => needed.push((&CANCELLATION, "it is cancelled")),
        News::GateChange { terminal_change: true, .. } => {
            needed.push((&TERMINAL, "it leaves from another terminal"));
        }
        News::GateChange { .. } => {}
        News::Reinstatement { .. } => needed.push((&OPERATES, "it operates")),
    }
    if facts.nature == Nature::Retraction && part != Part::Subject {
        needed.push((&TAKEN_BACK, "the earlier message is to be disregarded"));
    }
    match needed.into_iter().find(|(list, _)| has(list, prose).is_none()) {
        Some((_, what)) => Err(Breach::Missing { part, what }),
        None => Ok(()),
    }
}
