//! What operators do.

use super::parameters::{ACTION_CURSOR, FLIGHT_ID, LIMIT};
use super::reads::NOT_LET_IN;
use super::{Chapter, Content, REQUEST_TOO_LONG, Refusal, Route, Verb};
use crate::rest::examples;
use crate::rest::operators::{Accepted, ActionList, Correct, HoldView, Resend, Signed};

const NO_FLIGHT: Refusal =
    Refusal { status: 404, when: "There is no such flight.", detail: "There is no flight SW0000." };
const BAD_BODY: Refusal = Refusal {
    status: 400,
    when: "The body cannot be read, or says something that it cannot say.",
    detail: "reason must be one line of visible text, of 1 to 500 characters.",
};
const BAD_QUERY: Refusal = Refusal {
    status: 400,
    when: "A parameter of the query cannot be.",
    detail: "limit must be from 1 to 100.",
};
const TOO_LARGE: Refusal = Refusal {
    status: 413,
    when: "The body is larger than API Gateway takes (10 MB).",
    detail: REQUEST_TOO_LONG,
};

// What is the same for most: an action of an operator.
const ACTION: Route = Route {
    verb: Verb::Post,
    template: "",
    operation_id: "",
    chapter: Chapter::Operators,
    summary: "",
    about: "",
    parameters: &[],
    body: Some(Content::json::<Signed>(examples::signed)),
    status: 200,
    answer: Content::json::<HoldView>(examples::hold),
    refusals: &[BAD_BODY, NOT_LET_IN, TOO_LARGE],
    signed: true,
    conditional: false,
};

/// What operators do, below `/admin`.
pub static OPERATORS: [Route; 6] = [
    Route {
        verb: Verb::Get,
        template: "/admin/notifications",
        operation_id: "getNotificationHold",
        summary: "Whether notifications are held",
        body: None,
        refusals: &[NOT_LET_IN],
        ..ACTION
    },
    Route {
        template: "/admin/notifications/hold",
        operation_id: "holdNotifications",
        summary: "Hold all notifications",
        about: "Nothing is sent, and nothing is lost: what waits is sent when it is released, unless newer news have overtaken it.",
        ..ACTION
    },
    Route {
        template: "/admin/notifications/release",
        operation_id: "releaseNotifications",
        summary: "Release all notifications",
        ..ACTION
    },
    Route {
        template: "/admin/flights/{flight_id}/resend",
        operation_id: "resendNews",
        summary: "Tell the passengers of a flight again what is true",
        parameters: &[FLIGHT_ID],
        body: Some(Content::json::<Resend>(examples::resend)),
        status: 202,
        answer: Content::json::<Accepted>(examples::accepted),
        refusals: &[
            BAD_BODY,
            NOT_LET_IN,
            NO_FLIGHT,
            Refusal {
                status: 409,
                when: "There is nothing to tell again.",
                detail: "There is nothing to tell again of flight SW5678: its passengers were never told, are being told just now, or the flight does not wait for them any more.",
            },
            TOO_LARGE,
        ],
        ..ACTION
    },
    Route {
        template: "/admin/flights/{flight_id}/correction",
        operation_id: "correctNews",
        summary: "Take back a wrong broadcast about a flight",
        about: "The flight becomes what is true, and passengers are told to disregard what they were told before.",
        parameters: &[FLIGHT_ID],
        body: Some(Content::json::<Correct>(examples::correct)),
        status: 202,
        answer: Content::json::<Accepted>(examples::accepted),
        refusals: &[
            BAD_BODY,
            NOT_LET_IN,
            NO_FLIGHT,
            Refusal {
                status: 409,
                when: "The flight has left; or it is cancelled and the correction is about its time or gate.",
                detail: "Flight SW5678 is DEPARTED: nothing about its departure can be corrected any more.",
            },
            TOO_LARGE,
        ],
        ..ACTION
    },
    Route {
        verb: Verb::Get,
        template: "/admin/actions",
        operation_id: "listActions",
        summary: "What operators did",
        about: "Newest first.",
        parameters: &[LIMIT, ACTION_CURSOR],
        body: None,
        answer: Content::json::<ActionList>(examples::actions),
        refusals: &[BAD_QUERY, NOT_LET_IN],
        ..ACTION
    },
];
