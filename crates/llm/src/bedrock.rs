//! The writer over Bedrock Converse. The answer comes as the input of a forced tool call, so it
//! has the structure that was asked for.

use crate::{TextWriter, WriteError, Writing};
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::error::{BuildError, DisplayErrorContext};
use aws_sdk_bedrockruntime::operation::converse::{ConverseError, ConverseOutput};
use aws_sdk_bedrockruntime::types::{
    ContentBlock, ConversationRole, InferenceConfiguration, Message, SpecificToolChoice,
    StopReason, SystemContentBlock, Tool, ToolChoice, ToolConfiguration, ToolInputSchema,
    ToolSpecification,
};
use aws_smithy_types::{Document, Number};
use flightpulse_domain::message::prompt::{MAX_TOKENS, Prompt, TOOL_NAME, read_answer};
use serde_json::Value;
use std::time::Duration;

// Low, so that the texts stay close to the facts and few are refused by the check.
const TEMPERATURE: f32 = 0.2;

/// A model at Bedrock.
#[derive(Debug, Clone)]
pub struct BedrockWriter {
    client: Client,
    model_id: String,
    budget: Duration,
}

impl BedrockWriter {
    /// The model of this id, with a time budget for each text.
    #[must_use]
    pub fn new(client: Client, model_id: impl Into<String>, budget: Duration) -> Self {
        Self { client, model_id: model_id.into(), budget }
    }

    async fn converse(&self, prompt: &Prompt) -> Result<Writing, WriteError> {
        let unusable = |error: BuildError| WriteError::Unusable(error.to_string());
        let tool = ToolSpecification::builder()
            .name(TOOL_NAME)
            .description("Hands over the finished messages.")
            .input_schema(ToolInputSchema::Json(to_document(&prompt.tool_schema)))
            .build()
            .map_err(unusable)?;
        let choice = SpecificToolChoice::builder().name(TOOL_NAME).build().map_err(unusable)?;
        let tools = ToolConfiguration::builder()
            .tools(Tool::ToolSpec(tool))
            .tool_choice(ToolChoice::Tool(choice))
            .build()
            .map_err(unusable)?;
        let message = Message::builder()
            .role(ConversationRole::User)
            .content(ContentBlock::Text(prompt.user.clone()))
            .build()
            .map_err(unusable)?;
        let limits = InferenceConfiguration::builder()
            .max_tokens(MAX_TOKENS)
            .temperature(TEMPERATURE)
            .build();
        let output = self
            .client
            .converse()
            .model_id(&self.model_id)
            .system(SystemContentBlock::Text(prompt.system.to_owned()))
            .messages(message)
            .tool_config(tools)
            .inference_config(limits)
            .send()
            .await
            .map_err(|error| match error.as_service_error() {
                Some(ConverseError::ThrottlingException(throttled)) => {
                    WriteError::Throttled(throttled.to_string())
                }
                _ => WriteError::Failed(DisplayErrorContext(&error).to_string()),
            })?;
        writing(&output)
    }
}

impl TextWriter for BedrockWriter {
    async fn write(&self, prompt: &Prompt) -> Result<Writing, WriteError> {
        tokio::time::timeout(self.budget, self.converse(prompt))
            .await
            .unwrap_or(Err(WriteError::TimedOut))
    }
}

fn writing(output: &ConverseOutput) -> Result<Writing, WriteError> {
    // An answer that was cut may still parse, with a sentence or a word missing.
    if output.stop_reason() == &StopReason::MaxTokens {
        return Err(WriteError::Unusable(format!("it was cut at {MAX_TOKENS} tokens")));
    }
    let message = output.output().and_then(|output| output.as_message().ok());
    let call = message
        .and_then(|message| message.content().iter().find_map(|block| block.as_tool_use().ok()))
        .filter(|call| call.name() == TOOL_NAME)
        .ok_or_else(|| {
            let reason = output.stop_reason().as_str();
            WriteError::Unusable(format!("no call of {TOOL_NAME}; it stopped with {reason}"))
        })?;
    // The error of a parser quotes what it read, and logs carry no text: its kind is enough.
    let draft = read_answer(to_json(call.input()))
        .map_err(|_| WriteError::Unusable(format!("the input of {TOOL_NAME} has another shape")))?;
    let usage = output.usage();
    Ok(Writing {
        draft,
        input_tokens: usage.map_or(0, |usage| i64::from(usage.input_tokens())),
        output_tokens: usage.map_or(0, |usage| i64::from(usage.output_tokens())),
    })
}

fn to_document(value: &Value) -> Document {
    match value {
        Value::Null => Document::Null,
        Value::Bool(flag) => Document::Bool(*flag),
        Value::Number(number) => Document::Number(match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => Number::PosInt(number),
            (None, Some(number)) => Number::NegInt(number),
            (None, None) => Number::Float(number.as_f64().unwrap_or_default()),
        }),
        Value::String(text) => Document::String(text.clone()),
        Value::Array(values) => Document::Array(values.iter().map(to_document).collect()),
        Value::Object(fields) => Document::Object(
            fields.iter().map(|(name, value)| (name.clone(), to_document(value))).collect(),
        ),
    }
}

fn to_json(document: &Document) -> Value {
    match document {
        Document::Null => Value::Null,
        Document::Bool(flag) => Value::Bool(*flag),
        Document::Number(Number::PosInt(number)) => Value::from(*number),
        Document::Number(Number::NegInt(number)) => Value::from(*number),
        Document::Number(Number::Float(number)) => Value::from(*number),
        Document::String(text) => Value::String(text.clone()),
        Document::Array(values) => Value::Array(values.iter().map(to_json).collect()),
        Document::Object(fields) => Value::Object(
            fields.iter().map(|(name, value)| (name.clone(), to_json(value))).collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_bedrockruntime::types::{ConverseOutput as Output, ToolUseBlock};
    use rstest::rstest;
    use serde_json::json;

    fn answer(stop: StopReason, blocks: Vec<ContentBlock>) -> ConverseOutput {
        let message =
            Message::builder().role(ConversationRole::Assistant).set_content(Some(blocks));
        ConverseOutput::builder()
            .output(Output::Message(message.build().unwrap()))
            .stop_reason(stop)
            .build()
            .unwrap()
    }

    fn call(name: &str, input: &Value) -> ContentBlock {
        let call = ToolUseBlock::builder().tool_use_id("t1").name(name);
        ContentBlock::ToolUse(call.input(to_document(input)).build().unwrap())
    }

    fn texts() -> Value {
        json!({"email_subject": "a", "email_body": "b", "sms": "c"})
    }

    #[test]
    fn a_call_of_the_tool_is_a_draft() {
        let output = answer(StopReason::ToolUse, vec![call(TOOL_NAME, &texts())]);
        assert_eq!(writing(&output).unwrap().draft.email_body, "b");
    }

    fn prose() -> ContentBlock {
        ContentBlock::Text("I cannot help with that: {secret}".into())
    }

    #[rstest]
    #[case::refusal(StopReason::EndTurn, vec![prose()])]
    #[case::filtered(StopReason::ContentFiltered, vec![])]
    #[case::cut(StopReason::MaxTokens, vec![call(TOOL_NAME, &texts())])]
    #[case::cut_early(StopReason::MaxTokens, vec![prose()])]
    #[case::another_tool(StopReason::ToolUse, vec![call("other", &texts())])]
    #[case::a_field_missing(StopReason::ToolUse, vec![call(TOOL_NAME, &json!({"sms": "secret"}))])]
    #[case::a_field_of_another_type(
        StopReason::ToolUse,
        vec![call(TOOL_NAME, &json!({"email_subject": "secret", "email_body": 1, "sms": []}))],
    )]
    #[case::rubbish(StopReason::ToolUse, vec![call(TOOL_NAME, &json!("secret"))])]
    fn any_other_answer_is_unusable_and_is_not_quoted(
        #[case] stop: StopReason,
        #[case] blocks: Vec<ContentBlock>,
    ) {
        let error = writing(&answer(stop, blocks)).unwrap_err();
        assert_eq!(error.kind(), "unusable");
        assert!(!error.to_string().contains("secret"), "{error}");
    }

    #[test]
    fn json_survives_the_sdks_document() {
        let value = json!({"a": [1, -2, 0.5, "x", true, null], "b": {"c": {}}});
        assert_eq!(to_json(&to_document(&value)), value);
    }
}
