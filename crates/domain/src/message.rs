//! Messages: what passengers read, from the facts of a notice to the text on their screen.
//!
//! The facts stay out of the model's hands. A model (or a committed template) writes prose with
//! placeholders ([`Draft`]); [`check`] refuses prose that states anything of its own; [`compose`]
//! fills the facts in and appends what every passenger must find: a block of facts, the rights
//! notice, the rebooking link. Personal data are filled in last, by [`render`], and are in no
//! prompt.

pub mod check;
pub mod compose;
pub mod facts;
mod fill;
pub mod gsm7;
pub mod prompt;
pub mod render;
pub mod rights;
pub mod special_requests;
pub mod templates;

pub use compose::compose;

use crate::cohort::Cohort;
use crate::notice::Notice;
use facts::Facts;
use serde::{Deserialize, Serialize};

/// The personal placeholders that a composed text may have; [`render`] fills them in for each
/// passenger. A text has the special requests' one with the kind of its news, as in
/// `{{special_requests:gate_change}}`, since what a request asks for depends on it.
pub const PERSONAL: [&str; 5] = [
    "{{first_name}}",
    "{{seat}}",
    "{{confirmation_number}}",
    "{{special_requests}}",
    "{{rebooking_link}}",
];

/// Prose with placeholders for the facts, of a model or a template: not checked, not filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Subject line of the email.
    pub email_subject: String,
    /// Body of the email, plain text.
    pub email_body: String,
    /// The text message.
    pub sms: String,
}

/// The texts for one notice with the facts filled in, not yet for anyone in particular.
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

impl Author {
    /// The author's name in the table and in events.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Model => "MODEL",
            Self::Template => "TEMPLATE",
        }
    }
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

/// The committed template's texts for a notice and a cohort.
#[must_use]
pub fn template_texts(notice: &Notice, cohort: Cohort) -> Texts {
    let facts = Facts::of(notice, cohort.language);
    compose(&templates::draft(&facts, cohort.tier), &facts)
}
