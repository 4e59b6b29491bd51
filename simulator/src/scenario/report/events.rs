//! What came of each of several events, a line each.

use crate::kafka::RecordAt;
use crate::scenario::observation::{Sent, Whole};
use crate::terminal::Paint;
use flightpulse_domain::notification::Channel;

/// A line for each record, in the order of writing within a partition: which event it has, when
/// that happened, what came of it, and whom it told. Executions of one event that was
/// written twice share a line.
pub(super) fn lines(observed: &Whole, paint: Paint) -> Vec<String> {
    let name = |sent: &Sent| sent.name.clone().unwrap_or_else(|| sent.event_id.clone());
    let width = observed.events.iter().map(|sent| name(sent).len()).max().unwrap_or(0);
    let line = |sent: &Sent| {
        let records: Vec<_> = sent.records.iter().map(at).collect();
        let (outcomes, told) = (outcomes(sent, observed), told(sent, observed));
        let (name, ago) = (name(sent), sent.seconds_ago);
        let text = format!(
            "  {name:<width$}  happened {ago:>2} s ago, {:<11}  {outcomes:<21}  {told}",
            records.join(" ")
        );
        if told.is_empty() { paint.dim(text.trim_end()) } else { text }
    };
    observed.events.iter().map(line).collect()
}

fn at(record: &RecordAt) -> String {
    format!("{}@{}", record.partition, record.offset)
}

fn outcomes(sent: &Sent, observed: &Whole) -> String {
    let of_it = observed.seen.executions.iter().filter(|one| one.event_id == sent.event_id);
    let of_it = of_it.map(|one| one.outcome.as_deref().unwrap_or(&one.status).to_owned());
    let quiet = observed.seen.quiet.iter().filter(|one| one.event_id == sent.event_id);
    let mut all: Vec<_> = of_it.chain(quiet.map(|one| one.outcome.name().to_owned())).collect();
    // TELL and SUPERSEDED before DONE_BEFORE: what came of it before that it was found done.
    all.sort_by_key(|outcome| outcome == "DONE_BEFORE");
    all.join(", ")
}

fn told(sent: &Sent, observed: &Whole) -> String {
    let by = |channel: Channel| {
        let lines = observed.seen.notifications.iter().map(|line| &line.notification);
        lines.filter(|t| t.event_id.as_str() == sent.event_id && t.channel == channel).count()
    };
    match (by(Channel::Email), by(Channel::Sms)) {
        (0, 0) => String::new(),
        (emails, sms) => format!("emails: {emails}, SMS: {sms}"),
    }
}
