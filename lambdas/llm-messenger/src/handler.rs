//! From a notice and a cohort to its texts: the model's when they pass the check, else the
//! template's. It always answers with a text.

use flightpulse_contracts::tasks::ComposeTexts;
use flightpulse_domain::message::check::check;
use flightpulse_domain::message::facts::Facts;
use flightpulse_domain::message::prompt::Prompt;
use flightpulse_domain::message::{Author, CohortTexts, Texts, templates};
use flightpulse_domain::passenger::Language;
use flightpulse_lambda_kit::metrics::{self, Metric};
use flightpulse_llm::TextWriter;
use jiff::Timestamp;
use std::time::Duration;

/// How long the model may take for a text. Passengers wait no longer for a nicer sentence; the
/// template is as true.
pub const MODEL_BUDGET: Duration = Duration::from_secs(8);

/// Handles one task. `now` is its time.
pub async fn handle<W: TextWriter>(writer: &W, task: ComposeTexts, now: Timestamp) -> CohortTexts {
    let cohort = task.cohort;
    let (texts, author) = match by_model(writer, &task).await {
        Some(texts) => (texts, Author::Model),
        None => {
            let facts = Facts::of(&task.notice, Language::En);
            (templates::delay(&facts, cohort.tier), Author::Template)
        }
    };
    let metric = match author {
        Author::Model => Metric::LLMInvocationsSuccess,
        Author::Template => Metric::LLMInvocationsFailed,
    };
    metrics::emit("FlightPulse-LLMMessenger", now.as_millisecond(), &[(metric, 1)]);
    CohortTexts { cohort, texts, author }
}

async fn by_model<W: TextWriter>(writer: &W, task: &ComposeTexts) -> Option<Texts> {
    let cohort = task.cohort;
    let facts = Facts::of(&task.notice, cohort.language);
    let (flight_id, tier, language) =
        (&task.notice.flight_id, cohort.tier.name(), cohort.language.code());
    let writing = writer
        .write(&Prompt::new(&facts, cohort))
        .await
        .inspect_err(|error| {
            let kind = error.kind();
            tracing::warn!(%flight_id, tier, language, kind, %error, "the template serves");
        })
        .ok()?;
    let (input_tokens, output_tokens) = (writing.input_tokens, writing.output_tokens);
    match check(&facts, &writing.texts) {
        Ok(()) => {
            tracing::info!(%flight_id, tier, language, input_tokens, output_tokens, "the model's text serves");
            Some(writing.texts)
        }
        Err(breach) => {
            let kind = "refused";
            tracing::warn!(%flight_id, tier, language, kind, %breach, "the template serves");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightpulse_llm::memory::MemoryWriter;
    use flightpulse_llm::{WriteError, Writing};
    use rstest::rstest;
    use serde_json::json;

    fn task(language: &str) -> ComposeTexts {
        serde_json::from_value(json!({
            "notice": {
                "flight_id": "SW5678", "origin": "DEN", "destination": "PHX",
                "facet": "schedule", "version": "2026-11-22T09:00:00.000000Z#e1",
                "correction": false, "kind": "DELAY", "category": "major", "delay_minutes": 90,
                "reason": "MECHANICAL", "new_departure": "2026-11-22T22:40:00Z",
                "new_arrival": "2026-11-23T00:35:00Z",
            },
            "cohort": {"tier": "A-LIST", "language": language},
        }))
        .unwrap()
    }

    fn writing(sms: &str) -> Result<Writing, WriteError> {
        let texts = Texts {
            email_subject: "Vuelo SW5678".into(),
            email_body: "{{first_name}}: el vuelo SW5678 sale a las 15:40, 90 minutos tarde."
                .into(),
            sms: sms.into(),
        };
        Ok(Writing { texts, input_tokens: 400, output_tokens: 80 })
    }

    fn now() -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    #[tokio::test]
    async fn the_models_text_serves_when_it_is_true() {
        let good = "{{first_name}}: SW5678 sale a las 15:40, 90 minutos tarde.";
        let writer = MemoryWriter::answering(writing(good));
        let texts = handle(&writer, task("es"), now()).await;
        assert_eq!((texts.author, texts.texts.sms.as_str()), (Author::Model, good));
        assert_eq!(writer.asked().len(), 1);
    }

    #[rstest]
    #[case::wrong_time(writing("{{first_name}}: SW5678 sale a las 16:40, 90 minutos tarde."))]
    #[case::a_link(writing("{{first_name}}: SW5678 15:40, 90 minutos. http://evil.example"))]
    #[case::too_late(Err(WriteError::TimedOut))]
    #[case::throttled(Err(WriteError::Throttled("slow down".into())))]
    #[case::down(Err(WriteError::Failed("connection refused".into())))]
    #[case::rubbish(Err(WriteError::Unusable("no tool call".into())))]
    #[tokio::test]
    async fn the_template_serves_for_anything_else(#[case] answer: Result<Writing, WriteError>) {
        let texts = handle(&MemoryWriter::answering(answer), task("es"), now()).await;
        assert_eq!(texts.author, Author::Template);
        assert!(texts.texts.sms.contains("3:40 PM"), "{}", texts.texts.sms);
    }
}
