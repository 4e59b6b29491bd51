//! The committed texts, and the facts for what they were asked for.

use crate::delay::{DelayCategory, Reason};
use crate::message::Draft;
use crate::message::facts::tests::{about, cancellation, delay, gate_change, reinstatement};
use crate::message::facts::{DELAY, Facts, GATE};
use crate::notice::{Nature, Subject};
use crate::passenger::{Language, Tier};
use serde::Deserialize;

/// What a model was asked: the user's part of a prompt.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Ask {
    pub(crate) task: String,
    pub(crate) nature: Nature,
    pub(crate) category: Option<DelayCategory>,
    pub(crate) reason: Option<Reason>,
    pub(crate) terminal_change: Option<bool>,
    pub(crate) tier: Tier,
    pub(crate) language: Language,
    pub(crate) placeholders: Vec<String>,
    pub(crate) required: Vec<String>,
}

impl Ask {
    /// The facts of a notice for which this is asked.
    pub(crate) fn facts(&self) -> Facts {
        self.facts_if_reinstated(35)
    }

    /// The same, of a reinstated flight that leaves so many minutes late: nobody is asked about
    /// that.
    pub(crate) fn facts_if_reinstated(&self, minutes: u32) -> Facts {
        let offers = |name: &str| self.placeholders.iter().any(|offered| offered == name);
        let reason = self.reason.unwrap_or(Reason::Other);
        let subject: Subject = match self.task.as_str() {
            "delay" if !offers(DELAY) => delay(0, reason),
            "delay" => delay(
                match self.category {
                    Some(DelayCategory::Minor) => 20,
                    Some(DelayCategory::Severe) => 1_530,
                    _ => 90,
                },
                reason,
            ),
            "cancellation" => cancellation(reason),
            "gate_change" => gate_change(self.terminal_change.unwrap_or_default()),
            "reinstatement" => reinstatement(minutes, offers(GATE).then_some("A5")),
            task => panic!("no task {task}"),
        };
        let facts = Facts::of(&about(self.nature, subject), self.language);
        let offered = facts.placeholders();
        let required = offered.iter().filter(|(_, required)| *required).map(|(name, _)| *name);
        assert_eq!(required.collect::<Vec<_>>(), self.required, "{self:?}");
        assert_eq!(offered.iter().map(|(name, _)| *name).collect::<Vec<_>>(), self.placeholders);
        facts
    }
}

/// A text that passes.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Good {
    #[serde(default)]
    pub(crate) name: String,
    pub(crate) ask: Ask,
    pub(crate) texts: Draft,
}

/// Natural texts of a good model, with varied wording.
pub(crate) fn good() -> Vec<Good> {
    serde_json::from_str(include_str!("../../../../testdata/good.json")).unwrap()
}
