//! Messages: what passengers read, from the facts of a notice to the text on their screen.
//!
//! A model may write a cohort's text; [`check`] decides whether it is used. What is not used is
//! replaced by [`templates`]. Personal data are filled in last, by [`render`], and are in no
//! prompt.

pub mod check;
pub mod facts;
pub mod gsm7;
pub mod prompt;
pub mod render;
pub mod templates;

use crate::cohort::Cohort;
use serde::{Deserialize, Serialize};

/// The placeholders that a text may have; [`render`] fills them in for each passenger.
pub const PLACEHOLDERS: [&str; 3] = ["{{first_name}}", "{{seat}}", "{{confirmation_number}}"];

/// The texts for one notice, with placeholders, not yet for anyone in particular.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Texts {
    /// Subject line of the email.
    pub email_subject: String,
    /// Body of the email, plain text.
    pub email_body: String,
    /// The text message.
    pub sms: String,
}

/// Who wrote a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Author {
    /// The model; the text passed the fact check.
    Model,
    /// The committed template.
    Template,
}

/// The texts that one cohort gets, and who wrote them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CohortTexts {
    /// Whom they are for.
    pub cohort: Cohort,
    /// The texts.
    #[serde(flatten)]
    pub texts: Texts,
    /// Who wrote them.
    pub author: Author,
}
