//! Placeholders in a role that is not their own: a departure told as an arrival, the new gate as
//! the old one, our flight as another.
//!
//! The time of departure must say in its own sentence what it is, since a time is what passengers
//! act on: the nearest word before it that gives a time a role must give it this one.

use super::kinds::minutes_late;
use super::pattern::Patterns;
use super::prose::{Kind, Prose, Token};
use super::{Finding, Theme};
use crate::message::facts::Facts;
use std::sync::LazyLock;

static WRONG: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::read(include_str!("words/roles.txt")));

// Of a flight that leaves when it was planned to, the original time is the time.
static ORIGINAL: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::read("original~|initial~|ursprunglich~ ... {departure}"));

// What directly stands before a departure's time when it is the time of departure.
const BEFORE_DEPARTURE: &str = "at is now time departure departs departing depart leaves leaving \
    for to be a las hora salida es sera sale para heure depart est sera part pour um abflug \
    abflugzeit startzeit startet ist auf uhrzeit lautet ahora desormais maintenant jetzt nun fur \
    start neu findet_statt operates opera operara opere";

const DEPARTURE: &str = "depart~ leav~ takeoff take takes off time fly flies sal~ desp~ parti~ \
    part parte hora horario decoll~ heure horaire abflug~ abflieg~ start~ fliegt abheb~ hebt geht \
    zeit uhrzeit ~zeit zeitplan verlasst";

// Words of a sentence in which a time that says nothing of itself is the departure's.
const IMPLIED: &str = "delay~ late later retras~ demor~ tarde retard~ tard decale~ verspat~ \
    spater later_than_planned lieu findet_statt operat~ opera operara opere maintenu maintenue \
    assure statt planned schedule prevu previsto geplant planmassig~ como_estaba_previsto";

// What gives a time another role.
const OTHER: &str = "arriv~ land~ touch~ board~ clos~ check~ report present~ lleg~ aterriz~ \
    embarque embarquement cierr~ factur~ acud~ dirija~ persone~ atterri~ ferm~ enregistr~ rend~ \
    ankunft~ ankomm~ ankunftszeit landet landung~ einsteig~ einstieg~ schliess~ einfinden finden \
    erscheinen deadline cutoff meet valid expire~ ends end open~";

fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|form| match (form.strip_suffix('~'), form.strip_prefix('~')) {
        (Some(stem), _) => word.starts_with(stem),
        (_, Some(end)) => word.ends_with(end),
        _ => word == form,
    })
}

// The words of a gate's name before it: "the new gate D15", and what may stand before those.
const GATE_NAMES: &str = "gate gates puerta puerta_de_embarque porte porte_d_embarquement flugsteig \
    abflugsteig ausgang salida the la das dem den your su votre ihr ihrem departure new nueva \
    nouvelle neue neues neuen neuem departing";
const BEFORE_GATE: &str = "at from to is now via through use for new flight por de desde a es en \
    ahora sera vuelo par est desormais maintenant vers vol von am an zu zum ab ist jetzt nun \
    lautet in flug im heisst hat has tiene rejoignez rejoindre embarque embarca boards_at";

pub(super) fn wrong(prose: &Prose, facts: &Facts) -> Finding {
    let departure = prose.sentences.iter().find_map(|sentence| departure(sentence));
    let gate = || prose.sentences.iter().find_map(|sentence| gate(sentence));
    let original = || (minutes_late(facts) != Some(0)).then(|| ORIGINAL.find(prose)).flatten();
    let found = departure.or_else(gate).or_else(|| WRONG.find(prose)).or_else(original);
    found.map(|what| (Theme::Role, what))
}

fn departure(sentence: &[Token]) -> Option<String> {
    let mut tokens = sentence.iter().enumerate();
    tokens.find_map(|(at, token)| {
        (token.norm == "{departure}").then(|| departure_at(sentence, at)).flatten()
    })
}

// What stands before a gate must lead there: "proceed to", "departs from", never "leave".
fn gate(sentence: &[Token]) -> Option<String> {
    let is_gate = |token: &Token| matches!(token.norm.as_str(), "{gate}" | "{new_gate}");
    let mut gates = sentence.iter().enumerate().filter(|(_, token)| is_gate(token));
    gates.find_map(|(at, _)| {
        let mut before = sentence[..at].iter().rev();
        let leads = before.find(|token| !is_in(GATE_NAMES, &token.norm))?;
        let is_wrong = leads.kind == Kind::Word && !is_in(BEFORE_GATE, &leads.norm);
        is_wrong.then(|| format!("{} .. {{gate}}", leads.norm))
    })
}

fn departure_at(sentence: &[Token], at: usize) -> Option<String> {
    let before = &sentence[..at];
    if is_german_departure(sentence, at) {
        return None;
    }
    let directly = before.last().filter(|token| token.kind == Kind::Word);
    if let Some(word) = directly.filter(|word| !is_in(BEFORE_DEPARTURE, &word.norm)) {
        return Some(format!("{} {{departure}}", word.norm));
    }
    // "Start 15:40" is German for the departure, and English for any beginning.
    let other = || sentence.iter().any(|token| is_in(OTHER, &token.norm));
    if directly.is_some_and(|word| word.norm == "start") && other() {
        return Some("start {departure}".to_owned());
    }
    // "antes de las {departure}": what stands before the article counts.
    if directly.is_some_and(|word| word.norm == "las") {
        let article = before.len().checked_sub(2).and_then(|at| before.get(at));
        let article = article.filter(|word| !["a", "para", "son"].contains(&word.norm.as_str()));
        if let Some(word) = article {
            return Some(format!("{} las {{departure}}", word.norm));
        }
    }
    let words = |tokens: &[Token]| -> Vec<String> {
        let words = tokens.iter().filter(|token| token.kind == Kind::Word);
        words.map(|token| token.norm.clone()).collect()
    };
    let role = |word: &String| is_in(DEPARTURE, word) || is_in(OTHER, word);
    let back = words(before).into_iter().rev().find(role);
    let nearest = back.or_else(|| words(&sentence[at + 1..]).into_iter().find(role));
    // "Delayed 90 minutes: now 3:40 PM": in such a sentence a time is the departure's.
    let implied = || {
        let words = words(sentence);
        // "+90 minutes" is a delay as well.
        let is_later = sentence.iter().any(|token| token.norm == "+");
        (is_later || words.iter().any(|word| is_in(IMPLIED, word))) && !other()
    };
    match nearest {
        None if implied() => None,
        Some(word) if is_in(DEPARTURE, &word) && !is_in(OTHER, &word) => None,
        Some(word) => Some(format!("{word} .. {{departure}}")),
        None => Some("a time that says not of what".to_owned()),
    }
}

// "{{flight}} ab 15:40", as on a display of departures: "ab" after the flight, a pause or "now",
// with nothing after the time and nothing else in the sentence that may begin then.
fn is_german_departure(sentence: &[Token], at: usize) -> bool {
    let is_pause = |token: &Token| token.kind == Kind::Pause;
    let before = sentence[..at].split_last().filter(|(ab, _)| ab.norm == "ab");
    let follows = before.and_then(|(_, before)| before.last()).is_some_and(|token| {
        is_pause(token) || ["{flight}", "jetzt", "nun", "neu"].contains(&token.norm.as_str())
    });
    follows
        && sentence.get(at + 1).is_none_or(is_pause)
        && !sentence.iter().any(|token| is_in(OTHER, &token.norm))
}
