//! The API's answers as a person reads them: who, when, what, why.

use crate::cli::OpsRequest;
use crate::terminal::printable;
use jiff::Timestamp;
use serde_json::Value;

/// The lines for an answer to this request.
pub(super) fn lines(asked: &OpsRequest, body: &Value) -> Vec<String> {
    match asked {
        OpsRequest::Status | OpsRequest::Hold(_) | OpsRequest::Release(_) => vec![switch(body)],
        OpsRequest::Resend { flight, .. } => {
            accepted(&format!("the passengers of {flight} are told again"), body)
        }
        OpsRequest::Correct { flight, .. } => accepted(
            &format!("{flight} is corrected; passengers are told to disregard what was wrong"),
            body,
        ),
        OpsRequest::Log { .. } => log(body),
    }
}

fn switch(body: &Value) -> String {
    let held = body.get("held").and_then(Value::as_bool);
    let state = match held {
        Some(true) => "notifications are HELD",
        Some(false) => "notifications are sent",
        None => "the API does not say whether notifications are held",
    };
    let since = time(body, "changed_at");
    match since {
        None => format!("{state}; nobody has ever held them"),
        Some(since) => {
            let by = text(body, "changed_by").unwrap_or_else(|| "somebody".into());
            let why = text(body, "reason").map(|why| format!(": {why}")).unwrap_or_default();
            format!("{state} since {since}, by {by}{why}")
        }
    }
}

fn accepted(what: &str, body: &Value) -> Vec<String> {
    let action = text(body, "action_id").unwrap_or_else(|| "-".into());
    let events = list(body, "events").map(|event| {
        let name = text(event, "detail_type").unwrap_or_default();
        format!("  {name:<24} {}", text(event, "event_id").unwrap_or_default())
    });
    [format!("{what} (action {action})")].into_iter().chain(events).collect()
}

fn log(body: &Value) -> Vec<String> {
    let mut lines: Vec<_> = list(body, "actions").flat_map(action).collect();
    if lines.is_empty() {
        lines.push("no operator has done anything yet".to_owned());
    }
    let next = text(body, "next");
    lines.extend(next.map(|next| format!("there are older ones: ops log --cursor {next}")));
    lines
}

fn action(action: &Value) -> Vec<String> {
    let shown = |name: &str| text(action, name).unwrap_or_else(|| "-".into());
    let when = time(action, "at").unwrap_or_else(|| "-".into());
    let facets: Vec<_> = list(action, "facets").filter_map(Value::as_str).collect();
    let facets =
        if facets.is_empty() { String::new() } else { format!(" ({})", facets.join(", ")) };
    let what = match text(action, "flight_id") {
        Some(flight) => format!("{} {flight}{facets}", shown("action")),
        None => shown("action"),
    };
    // One that was cut short is what an operator looks for.
    let cut_short = (shown("outcome") != "DONE")
        .then(|| format!("  [{}: asked for, not known to be done]", shown("outcome")));
    let who = format!("{} ({})", shown("operator"), shown("identity"));
    let first = format!("{when}  {what}{}", cut_short.unwrap_or_default());
    let margin = " ".repeat(when.chars().count() + 2);
    let events: Vec<_> = list(action, "event_ids").filter_map(Value::as_str).collect();
    let events = (!events.is_empty()).then(|| printable(&format!("{margin}{}", events.join(" "))));
    let mut lines = vec![
        printable(&first),
        printable(&format!("{margin}by {who}")),
        printable(&format!("{margin}because {}", shown("reason"))),
    ];
    lines.extend(events);
    lines
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(printable)
}

// To the second, UTC: what people compare with a log or a colleague's note.
fn time(value: &Value, name: &str) -> Option<String> {
    let text = text(value, name)?;
    let time = text.parse::<Timestamp>().ok();
    Some(time.map_or(text, |time| time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()))
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightpulse_domain::ids::FlightId;
    use serde_json::json;

    fn asking() -> crate::cli::Asking {
        crate::cli::Asking { reason: "storm".into(), by: "jane".into() }
    }

    #[test]
    fn the_switch_says_since_when_by_whom_and_why() {
        let held = json!({"held": true, "changed_at": "2026-11-21T10:00:00.5Z",
            "changed_by": "jane", "reason": "a storm of\nwrong events"});
        assert_eq!(
            lines(&OpsRequest::Hold(asking()), &held),
            [
                "notifications are HELD since 2026-11-21 10:00:00 UTC, by jane: a storm of\u{fffd}wrong events"
            ]
        );
        let never = json!({"held": false, "changed_at": null, "changed_by": null, "reason": null});
        assert_eq!(
            lines(&OpsRequest::Status, &never),
            ["notifications are sent; nobody has ever held them"]
        );
    }

    #[test]
    fn what_was_accepted_names_its_events() {
        let asked = OpsRequest::Resend {
            flight: FlightId::new("SW5678").unwrap(),
            facet: None,
            asking: asking(),
        };
        let body = json!({"action_id": "a-1", "events": [
            {"event_id": "op-1", "detail_type": "flight.resend.schedule"}]});
        assert_eq!(
            lines(&asked, &body),
            [
                "the passengers of SW5678 are told again (action a-1)",
                "  flight.resend.schedule   op-1",
            ]
        );
    }

    #[test]
    fn the_log_says_who_when_what_and_why() {
        let body = json!({"count": 2, "next": "a-1", "actions": [
            {"action_id": "a-2", "at": "2026-11-21T10:00:00Z", "operator": "jane",
             "identity": "arn:aws:iam::000000000000:root", "action": "resend",
             "flight_id": "SW5678", "facets": ["gate"], "reason": "asked", "outcome": "REQUESTED",
             "event_ids": ["op-1"]},
            {"action_id": "a-1", "at": "2026-11-21T09:00:00Z", "operator": "jo",
             "identity": "arn:x", "action": "hold", "reason": "storm", "outcome": "DONE"}]});
        assert_eq!(
            lines(&OpsRequest::Log { limit: None, cursor: None }, &body),
            [
                "2026-11-21 10:00:00 UTC  resend SW5678 (gate)  [REQUESTED: asked for, not known to be done]",
                "                         by jane (arn:aws:iam::000000000000:root)",
                "                         because asked",
                "                         op-1",
                "2026-11-21 09:00:00 UTC  hold",
                "                         by jo (arn:x)",
                "                         because storm",
                "there are older ones: ops log --cursor a-1",
            ]
        );
        let none = json!({"count": 0, "next": null, "actions": []});
        let said = lines(&OpsRequest::Log { limit: None, cursor: None }, &none);
        assert_eq!(said, ["no operator has done anything yet"]);
    }
}
