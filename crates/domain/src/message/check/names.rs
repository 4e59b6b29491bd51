//! Names: of places, brands and people. A notice names its route and its passenger by
//! placeholders, and prose names nothing.
//!
//! In English, Spanish and French a capital letter inside a sentence makes a name. In German every
//! noun has one, a sentence begins with one, and English subjects are often written with capitals
//! throughout; there the names of the cities that have an airport are refused.

use super::prose::{Kind, Prose, Token, normal};
use super::{Finding, Part, Theme};
use crate::airport;
use crate::passenger::Language;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

// Written in capitals for emphasis, or as a title.
const EMPHASIS: &str = "urgent urgente important importante attention atencion dringend wichtig \
    achtung update aktualisierung sms";
// With a capital inside a sentence: pronouns, forms of address, greetings after a comma.
const CAPITALISED: &str = "i usted ustedes sir madam hello hi dear hola estimado estimada bonjour \
    cher chere";

// Names of cities that are ordinary words, in one of the languages, where a capital says nothing:
// at the beginning of a sentence, or of German nouns. Found among the table's names with
// dictionaries of the four languages; those that no message would begin with are left out.
const ORDINARY: &str = "una sur solo sola van hope hola save page alta lower price central \
    normal split superior salida cuyo independence alert summit fare farewell junction terrace \
    breves dole turbo resistencia progreso mare reading council union liberal flat mobile moron \
    circle wise lock bush trail assis destin liege imperial champagne temple mesa islands refugio \
    boundary branches enterprise needles page pala page orange saga barre hit hue abs tours";

type Names = HashMap<String, Vec<Vec<String>>>;

// By their first word, each with the words that follow. Of fewer than four letters are words of
// every language ("Van", "Una", "Hof"), so those are left out.
static CITIES: LazyLock<Names> = LazyLock::new(|| {
    let ordinary: HashSet<_> = ORDINARY.split_whitespace().collect();
    let mut names = Names::new();
    let places = include_str!("words/places.txt").lines();
    let places = places.filter(|line| !line.starts_with('#'));
    for place in places.flat_map(|line| line.split_whitespace().skip(1)) {
        names.entry(place.to_owned()).or_default().push(Vec::new());
    }
    for airport in airport::all() {
        for city in airport.city.split(['/', ',', '(', ')']) {
            let words: Vec<String> = city
                .split(|c: char| !c.is_alphabetic())
                .filter(|word| !word.is_empty())
                .map(normal)
                .collect();
            let Some((first, rest)) = words.split_first() else {
                continue;
            };
            let alone = rest.is_empty();
            if alone && (first.len() < 4 || ordinary.contains(first.as_str())) {
                continue;
            }
            names.entry(first.clone()).or_default().push(rest.to_vec());
        }
    }
    names
});

/// A name in a text.
pub(super) fn foreign(prose: &Prose, part: Part, language: Language) -> Finding {
    let capitals_name = match language {
        Language::En => part != Part::Subject,
        Language::Es | Language::Fr => true,
        Language::De => false,
    };
    let found = prose.sentences.iter().find_map(|sentence| {
        sentence.iter().enumerate().filter(|(_, token)| token.kind == Kind::Word).find_map(
            |(at, token)| {
                let is_name = is_shouted(token)
                    || capitals_name && is_capitalised(token)
                    || is_city(&sentence[at..])
                    || language == Language::De && is_of_city(token);
                is_name.then(|| token.raw.clone())
            },
        )
    });
    found.map(|what| (Theme::Name, what))
}

fn is_in(list: &str, token: &Token) -> bool {
    list.split_whitespace().any(|word| word == token.norm)
}

// "DEN", "NOT", "USA", and brands such as "easyJet".
fn is_shouted(token: &Token) -> bool {
    let mut pairs = token.raw.chars().zip(token.raw.chars().skip(1));
    let is_camel = pairs.any(|(first, second)| first.is_lowercase() && second.is_uppercase());
    let is_upper = token.raw.chars().count() > 1 && token.raw.chars().all(char::is_uppercase);
    is_camel || is_upper && !is_in(EMPHASIS, token)
}

// "Am Frankfurter Flughafen": German makes adjectives of cities.
fn is_of_city(token: &Token) -> bool {
    let city = token.norm.strip_suffix("er").filter(|city| city.len() > 4);
    let names = city.filter(|_| token.raw.starts_with(char::is_uppercase));
    names.and_then(|city| CITIES.get(city)).is_some_and(|names| names.iter().any(Vec::is_empty))
}

fn is_capitalised(token: &Token) -> bool {
    token.raw.starts_with(char::is_uppercase)
        && !token.begins
        && !is_in(CAPITALISED, token)
        && !is_in(EMPHASIS, token)
}

fn is_city(tokens: &[Token]) -> bool {
    let Some(first) = tokens.first().filter(|token| token.raw.starts_with(char::is_uppercase))
    else {
        return false;
    };
    let names = CITIES.get(&first.norm);
    names.is_some_and(|names| {
        names.iter().any(|rest| {
            // "La Porte" is a city, "La porte" is not.
            let next = tokens[1..].iter().filter(|token| token.kind == Kind::Word);
            let next: Vec<_> = next.take(rest.len()).collect();
            next.len() == rest.len()
                && next.iter().zip(rest).all(|(token, word)| token.norm == *word)
                && next.last().is_none_or(|token| token.raw.starts_with(char::is_uppercase))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(Language::En, "You fly via Denver.", true)]
    #[case(Language::En, "Denver awaits you.", true)]
    #[case(Language::En, "San Francisco awaits you.", true)]
    #[case(Language::En, "You fly with Acme.", true)]
    #[case(Language::En, "This is NOT so.", true)]
    #[case(Language::En, "IMPORTANT: I hope so. Hope helps.", false)]
    #[case(Language::Es, "El vuelo sale de Sevilla.", true)]
    #[case(Language::Es, "Salida con tiempo. Usted puede, y Usted sabe.", false)]
    #[case(Language::Fr, "Paris vous attend.", true)]
    #[case(Language::De, "Ihr Flug nach Hamburg startet.", true)]
    #[case(Language::De, "Die Anzeigen am Frankfurter Flughafen.", true)]
    #[case(Language::Fr, "Il suit celui d'easyJet.", true)]
    #[case(Language::De, "Bitte achten Sie auf die Anzeigen am Flughafen.", false)]
    #[case(Language::De, "Ihr Flug nach PHX startet.", true)]
    fn a_name_is_found(#[case] language: Language, #[case] text: &str, #[case] found: bool) {
        assert_eq!(foreign(&Prose::of(text), Part::Body, language).is_some(), found);
    }

    #[test]
    fn a_subject_in_capitals_names_no_one_but_a_city_does() {
        let named = |text: &str| foreign(&Prose::of(text), Part::Subject, Language::En).is_some();
        assert!(!named("Your Flight Is Delayed: New Departure Time"));
        assert!(named("Your Flight To Phoenix Is Delayed"));
    }
}
