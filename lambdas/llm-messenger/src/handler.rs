//! From a notice and a cohort to its texts: the model's prose when it passes the check, else the
//! template's, with the facts filled in by our code. It always answers with a text.

use flightpulse_contracts::tasks::ComposeTexts;
use flightpulse_domain::message::check::check_for;
use flightpulse_domain::message::facts::Facts;
use flightpulse_domain::message::prompt::Prompt;
use flightpulse_domain::message::{Author, CohortTexts, Draft, compose, templates};
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
    let facts = Facts::of(&task.notice, cohort.language);
    let (draft, author) = match by_model(writer, &task, &facts).await {
        Some(draft) => (draft, Author::Model),
        None => (templates::draft(&facts, cohort.tier), Author::Template),
    };
    let texts = compose(&draft, &facts);
    let metric = match author {
        Author::Model => Metric::LLMInvocationsSuccess,
        Author::Template => Metric::LLMInvocationsFailed,
    };
    metrics::emit("FlightPulse-LLMMessenger", now.as_millisecond(), &[(metric, 1)]);
    CohortTexts { cohort, texts, author }
}

async fn by_model<W: TextWriter>(writer: &W, task: &ComposeTexts, facts: &Facts) -> Option<Draft> {
    let cohort = task.cohort;
    let (flight_id, about, tier, language) =
        (&task.notice.flight_id, facts.task(), cohort.tier.name(), cohort.language.code());
    let writing = writer
        .write(&Prompt::new(facts, cohort))
        .await
        .inspect_err(|error| {
            let kind = error.kind();
            tracing::warn!(%flight_id, about, tier, language, kind, %error, "the template serves");
        })
        .ok()?;
    let (input_tokens, output_tokens) = (writing.input_tokens, writing.output_tokens);
    match check_for(facts, cohort.tier, &writing.draft) {
        Ok(()) => {
            tracing::info!(%flight_id, about, tier, language, input_tokens, output_tokens, "the model's text serves");
            Some(writing.draft)
        }
        // A breach as text names the rule and the part, never the words.
        Err(breach) => {
            let kind = "refused";
            tracing::warn!(%flight_id, about, tier, language, kind, %breach, "the template serves");
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
    use serde_json::{Value, json};

    fn task(language: &str, news: Value) -> ComposeTexts {
        let mut notice = json!({
            "flight_id": "SW5678", "origin": "DEN", "destination": "PHX", "nature": "NEWS",
            "version": "2026-11-22T09:00:00.000000Z#e1",
        });
        let fields = news.as_object().unwrap().clone();
        notice.as_object_mut().unwrap().extend(fields);
        serde_json::from_value(json!({
            "notice": notice,
            "cohort": {"tier": "A-LIST", "language": language},
        }))
        .unwrap()
    }

    fn delay() -> Value {
        json!({
            "facet": "schedule", "kind": "DELAY", "category": "major", "delay_minutes": 90,
            "reason": "MECHANICAL", "new_departure": "2026-11-22T22:40:00Z",
            "new_arrival": "2026-11-23T00:35:00Z",
        })
    }

    fn cancellation() -> Value {
        json!({
            "facet": "status", "kind": "CANCELLATION", "reason": "WEATHER",
            "rebooking_priority": "HIGH", "scheduled_departure": "2026-11-22T21:10:00Z",
        })
    }

    fn gate_change() -> Value {
        json!({
            "facet": "gate", "kind": "GATE_CHANGE", "old_gate": "A5", "new_gate": "D15",
            "terminal_change": true, "departure": "2026-11-22T21:10:00Z",
        })
    }

    fn reinstatement() -> Value {
        json!({
            "facet": "status", "kind": "REINSTATEMENT", "delay_minutes": 0,
            "departure": "2026-11-22T22:40:00Z", "arrival": "2026-11-23T00:35:00Z",
        })
    }

    fn writing(sms: &str) -> Result<Writing, WriteError> {
        let draft = Draft {
            email_subject: "Retraso del vuelo {{flight}}".into(),
            email_body:
                "Hola {{first_name}}:\n\nSu vuelo {{flight}} sale a las {{departure}}, con \
                         un retraso de {{delay}}."
                    .into(),
            sms: sms.into(),
        };
        Ok(Writing { draft, input_tokens: 400, output_tokens: 80 })
    }

    fn now() -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    #[tokio::test]
    async fn the_models_prose_serves_with_our_facts_in_it() {
        let sms = "{{first_name}}, el vuelo {{flight}} sale a las {{departure}}, con {{delay}} de \
                   retraso.";
        let writer = MemoryWriter::answering(writing(sms));
        let texts = handle(&writer, task("es", delay()), now()).await;
        assert_eq!(texts.author, Author::Model);
        let said = "{{first_name}}, el vuelo SW5678 sale a las 15:40, con 90 minutos de retraso.";
        assert_eq!(texts.texts.sms, said);
        assert!(texts.texts.email_body.contains("Nueva llegada: 17:35"));
        assert_eq!(writer.asked().len(), 1);
        assert!(!writer.asked()[0].user.contains("SW5678"));
    }

    #[rstest]
    #[case::own_time(writing("{{first_name}}: {{flight}} sale a las 16:40, {{delay}} tarde."))]
    #[case::no_time(writing("{{first_name}}: el vuelo {{flight}} sale con {{delay}} de retraso."))]
    #[case::a_link(writing(
        "{{first_name}}: {{flight}} sale a las {{departure}}, {{delay}} tarde. http://evil.example"
    ))]
    #[case::english(writing(
        "{{first_name}}, flight {{flight}} departs at {{departure}}, {{delay}} late."
    ))]
    #[case::too_late(Err(WriteError::TimedOut))]
    #[case::throttled(Err(WriteError::Throttled("slow down".into())))]
    #[case::down(Err(WriteError::Failed("connection refused".into())))]
    #[case::rubbish(Err(WriteError::Unusable("no tool call".into())))]
    #[tokio::test]
    async fn the_template_serves_for_anything_else(#[case] answer: Result<Writing, WriteError>) {
        let writer = MemoryWriter::answering(answer);
        let texts = handle(&writer, task("es", delay()), now()).await;
        assert_eq!(texts.author, Author::Template);
        assert!(texts.texts.sms.contains("Nueva salida: 15:40"), "{}", texts.texts.sms);
    }

    #[rstest]
    #[case(cancellation(), "Rebook: {{rebooking_link}}")]
    #[case(gate_change(), "gate D15 in another terminal")]
    #[case(reinstatement(), "operates after all")]
    #[tokio::test]
    async fn every_kind_of_news_has_a_text(#[case] news: Value, #[case] said: &str) {
        let writer = MemoryWriter::answering(Err(WriteError::TimedOut));
        let texts = handle(&writer, task("en", news), now()).await;
        assert!(texts.texts.sms.contains(said), "{}", texts.texts.sms);
    }
}
