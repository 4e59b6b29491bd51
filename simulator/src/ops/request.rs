//! From what an operator asks to a request of the admin API.

use crate::cli::{Asking, OpsRequest, Truth, TruthOf};
use flightpulse_domain::facet::Facet;
use serde_json::{Map, Value, json};

/// A request, not yet signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    /// The method.
    pub(super) method: &'static str,
    /// The path with its query, from the API's address on.
    pub(super) path: String,
    /// The body; empty when there is none.
    pub(super) body: String,
}

impl Request {
    /// The request for this.
    pub(super) fn of(asked: &OpsRequest) -> Self {
        match asked {
            OpsRequest::Status => Self::get("/admin/notifications".to_owned()),
            OpsRequest::Hold(asking) => Self::post("/admin/notifications/hold", signed(asking)),
            OpsRequest::Release(asking) => {
                Self::post("/admin/notifications/release", signed(asking))
            }
            OpsRequest::Resend { flight, facet, asking } => {
                let mut body = signed(asking);
                if let Some(facet) = facet {
                    body.insert("facet".into(), json!(Facet::from(*facet).name()));
                }
                Self::post(&format!("/admin/flights/{flight}/resend"), body)
            }
            OpsRequest::Correct { flight, truth, asking } => {
                let mut body = signed(asking);
                body.insert("correction".into(), correction(truth));
                Self::post(&format!("/admin/flights/{flight}/correction"), body)
            }
            OpsRequest::Log { limit, cursor } => {
                let limit = limit.map(|limit| format!("limit={limit}"));
                let cursor = cursor.as_ref().map(|cursor| format!("cursor={}", encoded(cursor)));
                let query: Vec<_> = [limit, cursor].into_iter().flatten().collect();
                let question = if query.is_empty() { "" } else { "?" };
                Self::get(format!("/admin/actions{question}{}", query.join("&")))
            }
        }
    }

    fn get(path: String) -> Self {
        Self { method: "GET", path, body: String::new() }
    }

    fn post(path: &str, body: Map<String, Value>) -> Self {
        Self { method: "POST", path: path.to_owned(), body: Value::from(body).to_string() }
    }
}

fn signed(asking: &Asking) -> Map<String, Value> {
    let Asking { by, reason } = asking;
    Map::from_iter([
        ("operator".to_owned(), json!(by.trim())),
        ("reason".to_owned(), json!(reason)),
    ])
}

fn correction(truth: &Truth) -> Value {
    let Truth { of: TruthOf { delay_minutes, gate, cancelled, .. }, cause, terminal_change } =
        truth;
    let mut correction = match (delay_minutes, gate, cancelled) {
        (Some(minutes), ..) => json!({"kind": "DELAY", "delay_minutes": minutes}),
        (_, Some(gate), _) => {
            json!({"kind": "GATE", "gate": gate, "terminal_change": terminal_change})
        }
        (.., true) => json!({"kind": "CANCELLED"}),
        _ => json!({"kind": "OPERATES"}),
    };
    if let Some(cause) = cause {
        correction["cause"] = json!(cause.name());
    }
    correction
}

// Whatever is given as a cursor stays one value of the query: the API says what it thinks of it.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use clap::Parser;
    use rstest::rstest;

    fn request(line: &str) -> Request {
        let cli = Cli::try_parse_from(format!("x ops {line}").split(' ')).unwrap();
        let Command::Ops(options) = cli.command else { panic!("{cli:?}") };
        Request::of(&options.request)
    }

    #[rstest]
    #[case("status", "GET /admin/notifications ")]
    #[case("log", "GET /admin/actions ")]
    #[case("log --limit 5 --cursor a&b", "GET /admin/actions?limit=5&cursor=a%26b ")]
    #[case(
        "hold --reason storm --by jane",
        r#"POST /admin/notifications/hold {"operator":"jane","reason":"storm"}"#
    )]
    #[case(
        "release --reason over --by jane",
        r#"POST /admin/notifications/release {"operator":"jane","reason":"over"}"#
    )]
    #[case(
        "resend SW5678 --reason asked --by jane",
        r#"POST /admin/flights/SW5678/resend {"operator":"jane","reason":"asked"}"#
    )]
    #[case(
        "resend SW5678 --facet schedule --reason asked --by jane",
        r#"POST /admin/flights/SW5678/resend {"facet":"schedule","operator":"jane","reason":"asked"}"#
    )]
    fn a_request_is_what_the_api_takes(#[case] line: &str, #[case] expected: &str) {
        let Request { method, path, body } = request(line);
        assert_eq!(format!("{method} {path} {body}"), expected);
    }

    #[rstest]
    #[case("--delay-minutes 90", r#"{"delay_minutes":90,"kind":"DELAY"}"#)]
    #[case(
        "--delay-minutes 0 --cause WEATHER",
        r#"{"cause":"WEATHER","delay_minutes":0,"kind":"DELAY"}"#
    )]
    #[case("--gate D15", r#"{"gate":"D15","kind":"GATE","terminal_change":false}"#)]
    #[case(
        "--gate D15 --terminal-change",
        r#"{"gate":"D15","kind":"GATE","terminal_change":true}"#
    )]
    #[case("--cancelled --cause CREW", r#"{"cause":"CREW","kind":"CANCELLED"}"#)]
    #[case("--operates", r#"{"kind":"OPERATES"}"#)]
    fn a_correction_is_what_the_api_takes(#[case] truth: &str, #[case] expected: &str) {
        let request = request(&format!("correct SW1 {truth} --reason wrong --by jane"));
        let body: Value = serde_json::from_str(&request.body).unwrap();
        assert_eq!(request.path, "/admin/flights/SW1/correction");
        assert_eq!(body["correction"].to_string(), expected);
    }
}
