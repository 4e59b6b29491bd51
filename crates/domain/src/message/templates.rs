//! The committed texts, used when the model's is refused, late or missing: a table of sentences
//! for each language. They are held to the same check as the model's.

mod de;
mod en;
mod es;
mod fr;

use super::Draft;
use super::facts::{Facts, News};
use crate::delay::{DelayCategory, Reason};
use crate::notice::Nature;
use crate::passenger::{Language, Tier};

/// Subject, paragraph and text message for one piece of news. `{because}` in the paragraph
/// becomes the reason.
struct Message {
    subject: &'static str,
    news: &'static str,
    sms: &'static str,
}

/// The sentences of one language.
struct Sentences {
    greeting: &'static str,
    delay: [Message; 3],
    shorter_delay: Message,
    /// Good news, without its announcement: it also serves where it is no improvement.
    on_schedule: Message,
    /// Put before the paragraph on [`Sentences::on_schedule`] and on a reinstatement when they
    /// are an improvement.
    good_news: &'static str,
    cancellation: Message,
    gate: Message,
    gate_in_another_terminal: Message,
    reinstatement: Message,
    reinstatement_gate: &'static str,
    /// An operator takes back what was said: before the subject, paragraph and text message.
    correction: &'static str,
    disregard: &'static str,
    /// The text message of a cancellation shares its room with the link, so it has its own.
    retracted_cancellation_sms: &'static str,
    retracted_sms: &'static str,
    /// By [`Reason::ALL`]'s order.
    because: [&'static str; 6],
    /// What to do, by how long the delay is.
    advice_delay: [&'static str; 3],
    advice_on_schedule: &'static str,
    advice_cancellation: &'static str,
    advice_gate: &'static str,
    advice_terminal: &'static str,
    advice_reinstatement: &'static str,
    /// By [`Tier::ALL`]'s order.
    thanks: [&'static str; 3],
}

fn sentences(language: Language) -> &'static Sentences {
    match language {
        Language::En => &en::SENTENCES,
        Language::Es => &es::SENTENCES,
        Language::Fr => &fr::SENTENCES,
        Language::De => &de::SENTENCES,
    }
}

/// The template's prose for these facts, for a reader of this tier, in the facts' language.
#[must_use]
pub fn draft(facts: &Facts, tier: Tier) -> Draft {
    let sentences = sentences(facts.language);
    let is_improvement = facts.nature == Nature::Improvement;
    let (message, advice) = message(sentences, &facts.news, is_improvement);
    let mut news = message.news.replace("{because}", because(sentences, &facts.news));
    if is_improvement && is_good(&facts.news) {
        news = format!("{} {}", sentences.good_news, after_colon(&news, facts.language));
    }
    let mut sms = message.sms.to_owned();
    if let News::Reinstatement { gate: Some(_), .. } = facts.news {
        news = format!("{news} {}", sentences.reinstatement_gate);
        sms = format!("{sms} {}", sentences.reinstatement_gate);
    }
    let mut subject = message.subject.to_owned();
    if facts.nature == Nature::Retraction {
        subject = format!("{} {subject}", sentences.correction);
        news = format!("{} {news}", sentences.disregard);
        sms = match facts.news {
            News::Cancellation { .. } => sentences.retracted_cancellation_sms.to_owned(),
            // In its shortest form, so that there is room for the request.
            News::Delay { minutes, .. } if minutes > 0 => {
                format!("{} {}", sentences.delay[0].sms, sentences.retracted_sms)
            }
            _ => format!("{sms} {}", sentences.retracted_sms),
        };
    }
    let thanks = Tier::ALL.iter().position(|known| *known == tier).unwrap_or_default();
    let thanks = sentences.thanks[thanks];
    Draft {
        email_subject: subject,
        email_body: format!(
            "{}\n\n{}\n\n{advice}\n\n{thanks}",
            sentences.greeting,
            after_greeting(&news, facts.language)
        ),
        sms,
    }
}

// A German letter goes on in small letters after its salutation's comma; nouns and the polite
// "Ihr" keep their capital.
fn after_greeting(news: &str, language: Language) -> String {
    let small = ["Es ", "Wir ", "Gute ", "Das ", "Wichtig:", "Bitte "];
    match news.split_at_checked(1) {
        Some((first, rest))
            if language == Language::De && small.iter().any(|word| news.starts_with(word)) =>
        {
            first.to_lowercase() + rest
        }
        _ => news.to_owned(),
    }
}

// After a colon a sentence goes on in small letters; German has a capital there.
fn after_colon(sentence: &str, language: Language) -> String {
    let mut letters = sentence.chars();
    match letters.next() {
        Some(first) if language != Language::De => {
            first.to_lowercase().collect::<String>() + letters.as_str()
        }
        _ => sentence.to_owned(),
    }
}

fn message(
    sentences: &'static Sentences,
    news: &News,
    is_improvement: bool,
) -> (&'static Message, &'static str) {
    match news {
        News::Delay { minutes: 0, .. } => (&sentences.on_schedule, sentences.advice_on_schedule),
        News::Delay { category, .. } => {
            let at = match category {
                DelayCategory::Minor => 0,
                DelayCategory::Major => 1,
                DelayCategory::Severe => 2,
            };
            let message =
                if is_improvement { &sentences.shorter_delay } else { &sentences.delay[at] };
            (message, sentences.advice_delay[at])
        }
        News::Cancellation { .. } => (&sentences.cancellation, sentences.advice_cancellation),
        News::GateChange { terminal_change: true, .. } => {
            (&sentences.gate_in_another_terminal, sentences.advice_terminal)
        }
        News::GateChange { .. } => (&sentences.gate, sentences.advice_gate),
        News::Reinstatement { .. } => (&sentences.reinstatement, sentences.advice_reinstatement),
    }
}

fn is_good(news: &News) -> bool {
    matches!(news, News::Delay { minutes: 0, .. } | News::Reinstatement { .. })
}

fn because(sentences: &'static Sentences, news: &News) -> &'static str {
    let reason = match news {
        News::Delay { reason, .. } | News::Cancellation { reason, .. } => *reason,
        News::GateChange { .. } | News::Reinstatement { .. } => Reason::Other,
    };
    let at = Reason::ALL.iter().position(|known| *known == reason);
    at.map_or("", |at| sentences.because[at])
}

#[cfg(test)]
mod tests;
