//! The OpenAPI 3.1 document, made from the routes and the types.

mod schemas;

use super::API_VERSION;
use super::problems::ProblemKind;
use super::routes::parameters::IF_NONE_MATCH;
use super::routes::{
    self, Chapter, Content, Parameter, Place, REQUEST_TOO_LONG, Refusal, Route, Verb,
};
use schemas::Schemas;
use serde_json::{Map, Value, json};

/// What any route may answer when something is wrong that is not the request's fault.
pub const EVERYWHERE: [Refusal; 5] = [
    Refusal {
        status: 429,
        when: "There are more requests than the stage takes: 50 a second, bursts of 100. Try again.",
        detail: "Too Many Requests",
    },
    Refusal {
        status: 500,
        when: "A defect of ours; it has been logged.",
        detail: "The request could not be answered. It has been logged.",
    },
    Refusal {
        status: 502,
        when: "The function did not answer as it must.",
        detail: "Internal server error",
    },
    Refusal {
        status: 503,
        when: "Something that the API needs did not answer. Try again in a moment.",
        detail: "The data cannot be read just now. Try again in a moment.",
    },
    Refusal {
        status: 504,
        when: "The function did not answer in time.",
        detail: "Endpoint request timed out",
    },
];

/// What the API is, for the document and its page.
pub const ABOUT: &str = "Flights as FlightPulse sees them, who is booked on them, and what passengers were told; and, below `/admin`, what its operators do.\n\n\
    Times are UTC, in RFC 3339. A list answers `{\"<plural>\": […], \"count\": n, \"next\": \"<cursor>\" or null}`; `next` goes into `cursor` of the same query. \
    Errors are RFC 9457 problems (`application/problem+json`), whose `detail` says what is wrong and what is allowed. \
    A path answers other methods than its own with 405 and `Allow`.\n\n\
    An answer with an `ETag` need not be sent again: ask with `If-None-Match`. The ETag is a hash of the body, so it changes when, and only when, the answer does.\n\n\
    Routes that name a person, and those below `/admin`, take only requests signed with AWS Signature Version 4 for `execute-api`, by whoever has the policy `FlightPulse-Readers-<region>` or `FlightPulse-Operators-<region>`. \
    What is sent to a webhook is signed as its sender does, see there. \
    Within a version a field may be added: ignore those that you do not know.";

/// The document.
#[must_use]
pub fn document() -> Value {
    let mut schemas = Schemas::default();
    let problem = schemas.problem();
    let mut paths = Map::new();
    for route in routes::all() {
        let path = paths.entry(route.template).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            let own = operation(route, &mut schemas, &problem);
            if route.takes_head() {
                path.insert("head".to_owned(), head(route, &own));
            }
            path.insert(verb(route.verb).to_owned(), own);
        }
    }
    let responses: Map<_, _> = EVERYWHERE
        .iter()
        .map(|refusal| (shared_name(refusal.status).to_owned(), refused(refusal, &problem)))
        .collect();
    let tags: Vec<_> = Chapter::ALL
        .iter()
        .map(|chapter| json!({"name": chapter.title(), "description": chapter.about()}))
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "FlightPulse", "version": API_VERSION, "description": ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"}
        },
        "servers": [{
            "url": "https://{api}.execute-api.{region}.amazonaws.com/prod",
            "description": "The stage; the stack's output ApiUrl is its address.",
            "variables": {
                "api": {"default": "abcdef1234", "description": "The API's id."},
                "region": {"default": "us-east-1", "description": "The region."}
            }
        }],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas.components(),
            "responses": responses,
            "headers": {
                "ETag": {
                    "description": "A hash of the body, for `If-None-Match`.",
                    "schema": {"type": "string", "pattern": "^\"[A-Za-z0-9_-]{22}\"$"},
                    "example": "\"q1Yk3c0mYb7mQ2r0dJv8Ew\""
                },
                "Cache-Control": {
                    "description": "Whether the answer may be kept.",
                    "schema": {"type": "string", "enum": ["no-cache", "private, no-cache", "no-store"]}
                }
            },
            "securitySchemes": {"sigv4": {
                "type": "apiKey", "name": "Authorization", "in": "header",
                "x-amazon-apigateway-authtype": "awsSigv4",
                "description": "AWS Signature Version 4 for the service `execute-api`."
            }}
        }
    })
}

fn verb(verb: Verb) -> &'static str {
    match verb {
        Verb::Get => "get",
        Verb::Post => "post",
    }
}

fn operation(route: &Route, schemas: &mut Schemas, problem: &Value) -> Value {
    let mut answers = Map::new();
    let mut answer = json!({
        "description": route.summary,
        "headers": headers(route),
        "content": {route.answer.media_type: schemas.answer(&route.answer)}
    });
    if !route.conditional {
        answer["headers"] = json!({"Cache-Control": header("Cache-Control")});
    }
    answers.insert(route.status.to_string(), answer);
    if route.conditional {
        let not_modified =
            json!({"description": "The client has it already.", "headers": headers(route)});
        answers.insert("304".to_owned(), not_modified);
    }
    for refusal in route.refusals {
        answers.insert(refusal.status.to_string(), refused(refusal, problem));
    }
    for Refusal { status, .. } in EVERYWHERE {
        // What a route says itself is more exact.
        let shared = json!({"$ref": format!("#/components/responses/{}", shared_name(status))});
        answers.entry(status.to_string()).or_insert(shared);
    }
    let condition = route.conditional.then_some(IF_NONE_MATCH);
    let parameters: Vec<_> =
        route.parameters.iter().chain(condition.as_ref()).map(parameter).collect();
    let mut operation = json!({
        "operationId": route.operation_id,
        "tags": [route.chapter.title()],
        "summary": route.summary,
        "parameters": parameters,
        "responses": answers,
        "security": if route.signed { json!([{"sigv4": []}]) } else { json!([]) }
    });
    if !route.about.is_empty() {
        operation["description"] = json!(route.about);
    }
    if let Some(body) = &route.body {
        let content = json!({body.media_type: schemas.request(body)});
        operation["requestBody"] = json!({"required": true, "content": content});
    }
    operation
}

/// The same without bodies.
fn head(route: &Route, get: &Value) -> Value {
    let mut head = get.clone();
    let name = route.operation_id.trim_start_matches("get").trim_start_matches("list");
    head["operationId"] = json!(format!("head{name}"));
    head["summary"] = json!(format!("{}: the headers alone", route.summary));
    let answers = get["responses"].as_object().into_iter().flatten();
    head["responses"] = answers
        .map(|(status, answer)| {
            let mut answer = answer.clone();
            if let Some(fields) = answer.as_object_mut() {
                fields.remove("content");
            }
            (status.clone(), answer)
        })
        .collect::<Map<_, _>>()
        .into();
    head
}

fn headers(route: &Route) -> Value {
    let mut headers = Map::new();
    for name in ["ETag", "Cache-Control"] {
        if route.conditional || name != "ETag" {
            headers.insert(name.to_owned(), header(name));
        }
    }
    headers.into()
}

fn header(name: &str) -> Value {
    json!({"$ref": format!("#/components/headers/{name}")})
}

fn parameter(parameter: &Parameter) -> Value {
    let mut written = json!({
        "name": parameter.name,
        "in": parameter.place.name(),
        "required": parameter.required,
        "description": parameter.about,
        "schema": (parameter.schema)()
    });
    if let Some(example) = parameter.example {
        let number = example.parse::<u32>().ok().filter(|_| parameter.place == Place::Query);
        written["example"] = number.map_or(json!(example), |number| json!(number));
    }
    written
}

fn shared_name(status: u16) -> &'static str {
    match status {
        429 => "TooManyRequests",
        500 => "InternalError",
        502 => "BadGateway",
        503 => "Unavailable",
        _ => "GatewayTimeout",
    }
}

fn refused(refusal: &Refusal, problem: &Value) -> Value {
    json!({
        "description": refusal.when,
        "content": {"application/problem+json": {"schema": problem, "example": example_of(refusal)}}
    })
}

/// A problem as it is answered in this case.
#[must_use]
pub fn example_of(refusal: &Refusal) -> Value {
    let is_ours = refusal.detail != REQUEST_TOO_LONG;
    match ProblemKind::of(refusal.status).filter(|_| is_ours) {
        Some(kind) => json!(kind.with(refusal.detail)),
        None => {
            let title = match refusal.status {
                413 => "REQUEST_TOO_LARGE",
                429 => "THROTTLED",
                504 => "INTEGRATION_TIMEOUT",
                _ => "DEFAULT_5XX",
            };
            json!({"type": "about:blank", "title": title, "detail": refusal.detail})
        }
    }
}

fn media(content: &Content, schema: Value) -> Value {
    match content.example {
        Some(example) => json!({"schema": schema, "example": example()}),
        None => json!({"schema": schema}),
    }
}
