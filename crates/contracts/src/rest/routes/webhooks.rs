//! What others send us.

use super::parameters::{
    ADOBE_KEY_PATH_1, ADOBE_KEY_PATH_2, ADOBE_LEGACY_SIGNATURE, ADOBE_SIGNATURE_1,
    ADOBE_SIGNATURE_2, CHALLENGE, FLIGHTPULSE_SIGNATURE,
};
use super::{Chapter, Content, Refusal, Route, Verb};
use crate::rest::examples;
use crate::rest::webhooks::{Challenge, Received};
use schemars::json_schema;

/// The most bytes of a body: twice what Adobe puts into a batch, and what base64 may make of it still
/// fits the 6 MB that Lambda takes of a request.
pub const MAX_BODY_BYTES: usize = 4 * 1_024 * 1_024;
/// The most events of a body: fifty of Adobe's batches. What is sent to the queue must be there before
/// the sender has given up.
pub const MAX_EVENTS: usize = 5_000;

// What is in an event is the worker's to judge: one that it cannot read must not keep the others out.
const EVENTS: Content = Content {
    media_type: "application/json",
    schema: |_| json_schema!({"oneOf": [{"type": "object"}, {"type": "array"}]}),
    example: Some(examples::booking_events),
    again: Ok,
};

/// The webhook for bookings.
pub static WEBHOOKS: [Route; 2] = [
    Route {
        verb: Verb::Get,
        template: "/webhooks/aep-booking",
        operation_id: "answerChallenge",
        chapter: Chapter::Webhooks,
        summary: "Answer the challenge of Adobe I/O Events",
        about: "Adobe asks this once, when the webhook is registered.",
        parameters: &[CHALLENGE],
        body: None,
        status: 200,
        answer: Content::json::<Challenge>(examples::challenge),
        refusals: &[Refusal {
            status: 400,
            when: "The challenge is missing or cannot be one, or the query has another parameter.",
            detail: "challenge must be 1 to 200 printable ASCII characters.",
        }],
        signed: false,
        conditional: false,
    },
    Route {
        verb: Verb::Post,
        template: "/webhooks/aep-booking",
        operation_id: "takeBookingEvents",
        chapter: Chapter::Webhooks,
        summary: "Take booking events",
        about: "The body is one event, an array of them, or `{\"events\": […]}`. The answer comes once they are kept for good; whoever has not got it sends all of them again, for an event counts once by its `_id`.\n\n\
            The request must show, over the body as it is sent, which configured source made it. Of these, in this order, the first decides that the request has headers of and a source is configured for:\n\n\
            - Adobe I/O Events: `x-adobe-digital-signature-1` or `-2`, RSA-SHA256 in base64, with `x-adobe-public-key1-path` or `x-adobe-public-key2-path`. The `recipient_client_id` (CloudEvents: `recipientclientid`) of each event must be the source's client id.\n\
            - Adobe I/O Events, legacy: `x-adobe-signature`, HMAC-SHA256 under the client secret, in base64.\n\
            - FlightPulse: `x-flightpulse-signature: t=<unix seconds>,v1=<hex>`, HMAC-SHA256 of `<t>.<body>`, at most five minutes old. Several `v1` are allowed while a secret is changed.\n\
            - Bearer: `Authorization: Bearer <secret>`, for a sender that signs nothing, as the HTTP API destination.",
        parameters: &[
            FLIGHTPULSE_SIGNATURE,
            ADOBE_SIGNATURE_1,
            ADOBE_SIGNATURE_2,
            ADOBE_KEY_PATH_1,
            ADOBE_KEY_PATH_2,
            ADOBE_LEGACY_SIGNATURE,
        ],
        body: Some(EVENTS),
        status: 200,
        answer: Content::json::<Received>(examples::received),
        refusals: &[
            Refusal {
                status: 400,
                when: "The body is no JSON, or neither an object nor an array; or there is a query.",
                detail: "The body must be an event, an array of events, or {\"events\": […]}, in JSON.",
            },
            Refusal {
                status: 401,
                when: "The request does not show that a configured source made it, now and like this.",
                detail: "The request has no signature that a configured source would make.",
            },
            Refusal {
                status: 413,
                when: "The body has more than 4 MB or 5,000 events, or an event more than a message of the queue may have (about 200 KB).",
                detail: "The body may have at most 4194304 bytes. Send fewer events at once.",
            },
            Refusal {
                status: 503,
                when: "The queue, the sources' secrets or Adobe's keys cannot be reached. Send all of it again after `Retry-After` seconds.",
                detail: "The events cannot be kept just now. Send them again in a moment.",
            },
        ],
        signed: false,
        conditional: false,
    },
];
