//! What a person reads of a replay: lines for the terminal, and a page with plots.

pub(super) mod cost;
mod page;
mod plots;

pub(super) use page::page;

use super::expected::Verdict;
use super::outcome::Outcome;
use crate::histogram::Summary;
use crate::terminal::Paint;

/// The outcome as lines.
pub(super) fn lines(outcome: &Outcome) -> Vec<String> {
    let Outcome { day, events, told, latency, model, workflows, verdict, cost, .. } = outcome;
    let Summary { p50_ms, p95_ms, p99_ms, max_ms } = latency;
    let seconds = |ms: &f64| format!("{:.1} s", ms / 1_000.0);
    let calls = model.texts + model.fallbacks;
    let mut lines = vec![
        String::new(),
        format!(
            "{}: {} departures, {} late, {} cancelled; {} bookings (generated, seed {})",
            outcome.date, day.departures, day.late, day.cancelled, outcome.bookings, outcome.seed
        ),
        format!(
            "events      {}: {} cancellations; delays: {} minor, {} major, {} severe; {} to be told",
            events.all,
            events.cancellations,
            events.minor,
            events.major,
            events.severe,
            events.material
        ),
        format!(
            "told        {} passengers by {} notifications: {} emails, {} text messages",
            told.passengers, told.notifications, told.emails, told.text_messages
        ),
        format!(
            "latency     record to message: p50 {}, p95 {}, p99 {}, longest {}",
            seconds(p50_ms),
            seconds(p95_ms),
            seconds(p99_ms),
            seconds(max_ms)
        ),
        format!(
            "model       {calls} texts asked for on this stack since it began, {} by the template instead",
            model.fallbacks
        ),
        format!(
            "workflows   {} executions, {:.1} state transitions each ({} sampled)",
            workflows.executions, workflows.transitions, workflows.sampled
        ),
        format!("dead        {} letters wait", outcome.dead_letters),
        format!(
            "cost        ${:.2} at list prices, {:.2} cents a passenger told",
            cost.total,
            cost.per_passenger * 100.0
        ),
    ];
    lines.extend(said(verdict));
    lines
}

/// The verdict in words.
fn said(verdict: &Verdict) -> Vec<String> {
    const SHOWN: usize = 5;
    let paint = Paint::for_stdout();
    let mut lines = vec![
        format!(
            "messages    {} missing, {} not expected, {} doubled ({} lines repeat an id)",
            verdict.missing, verdict.unexpected, verdict.doubled, verdict.repeated_lines
        ),
        format!("flights     {} not as the data set has them", verdict.wrong_flights.len()),
    ];
    lines.extend(verdict.wrong_flights.iter().take(SHOWN).map(|flight| format!("  {flight}")));
    for (count, what) in [
        (verdict.failed, "events failed; flightpulse-simulator dlq list has them"),
        (verdict.unreadable, "lines of the notification logs cannot be read"),
    ] {
        if count > 0 {
            lines.push(format!("            {count} {what}"));
        }
    }
    lines.push(if verdict.is_good() {
        paint.good("PASSED      every flight and every message is as the data set has it")
    } else {
        paint.bad("FAILED      not all is as the data set has it")
    });
    lines
}
