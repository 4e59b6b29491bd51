//! What can be read.

use super::parameters::{
    BOOKING_ID, DEPARTS_BEFORE, DEPARTS_FROM, FLIGHT_ID, LIMIT, LIST_CURSOR, PASSENGER_ID,
    RECONCILIATION_ID, STATUS,
};
use super::{Chapter, Content, Refusal, Route, Verb};
use crate::rest::bookings::{BookingList, BookingView};
use crate::rest::examples;
use crate::rest::flights::{FlightList, FlightView};
use crate::rest::health::HealthView;
use crate::rest::notifications::NotificationList;
use crate::rest::operations::OperationsView;
use crate::rest::passengers::PassengerView;
use crate::rest::reconciliations::{ReconciliationList, ReconciliationView};
use schemars::json_schema;

/// What is read by a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Read {
    /// Flights of a status.
    Flights,
    /// A flight.
    Flight,
    /// Bookings of a flight.
    FlightBookings,
    /// What a flight has of reservations.
    FlightOperations,
    /// What the passengers of a flight were told.
    FlightNotifications,
    /// A booking.
    Booking,
    /// What the passenger of a booking was told.
    BookingNotifications,
    /// A passenger.
    Passenger,
    /// Bookings of a passenger.
    PassengerBookings,
    /// Reconciliations.
    Reconciliations,
    /// A reconciliation.
    Reconciliation,
    /// Whether the API answers.
    Health,
    /// The OpenAPI document.
    OpenApi,
    /// Its page.
    Docs,
}

impl Read {
    /// What is at a path, by the path's parts between slashes, and the values of its parameters.
    #[must_use]
    pub fn at<'a>(segments: &[&'a str]) -> Option<(Self, &'static Route, Vec<&'a str>)> {
        READS.iter().find_map(|(read, route)| Some((*read, route, route.captures(segments)?)))
    }
}

const BAD_CONDITION: Refusal = Refusal {
    status: 400,
    when: "The query has a parameter that is not known here, or `If-None-Match` is malformed.",
    detail: "verbose is no parameter here: this takes none.",
};
const BAD_LIST: Refusal = Refusal {
    status: 400,
    when: "A parameter of the query is not known here, given twice, or cannot be; or `If-None-Match` is malformed.",
    detail: "limit must be from 1 to 100.",
};
const NO_FLIGHT: Refusal = Refusal {
    status: 404,
    when: "There is no such flight. What cannot be an id is the id of nothing.",
    detail: "There is no flight SW0000.",
};
const NO_BOOKING: Refusal =
    Refusal { status: 404, when: "There is no such booking.", detail: "There is no booking B000." };
const NO_RECONCILIATION: Refusal = Refusal {
    status: 404,
    when: "There is no such reconciliation. They are kept for 400 days.",
    detail: "There is no reconciliation 20261130T201500Z-00000000.",
};
const NO_PASSENGER: Refusal = Refusal {
    status: 404,
    when: "There is no such passenger.",
    detail: "There is no passenger P000.",
};
pub(super) const NOT_LET_IN: Refusal = Refusal {
    status: 403,
    when: "The request is not signed, the signature is wrong or has expired, or whoever signed may not do this.",
    detail: "This path takes requests that are signed with AWS Signature Version 4 (service execute-api), by a caller whom IAM lets in.",
};

const OPENAPI_DOCUMENT: Content = Content {
    media_type: "application/json",
    schema: |_| {
        json_schema!({
            "type": "object", "required": ["openapi", "info", "paths", "components"],
            "properties": {"openapi": {"const": "3.1.0"}}
        })
    },
    example: None,
    again: Ok,
};
const PAGE: Content = Content {
    media_type: "text/html",
    schema: |_| json_schema!({"type": "string"}),
    example: None,
    again: Ok,
};

// What is the same for most: a signed answer with an ETag.
const READ: Route = Route {
    verb: Verb::Get,
    template: "",
    operation_id: "",
    chapter: Chapter::Flights,
    summary: "",
    about: "",
    parameters: &[],
    body: None,
    status: 200,
    answer: OPENAPI_DOCUMENT,
    refusals: &[],
    signed: true,
    conditional: true,
};

const LEFT_OUT: &str =
    "A booking that cannot be read is left out. `count` is the number of those answered.";

/// What can be read, by GET and HEAD.
pub static READS: [(Read, Route); 14] = [
    (
        Read::Flights,
        Route {
            template: "/flights",
            operation_id: "listFlights",
            summary: "Flights of a status",
            about: "The oldest scheduled departure first. The list is read from an index that may lag behind by a moment: a flight that has just changed may be missing, or still be there. A flight that cannot be read is left out.",
            parameters: &[STATUS, DEPARTS_FROM, DEPARTS_BEFORE, LIMIT, LIST_CURSOR],
            answer: Content::json::<FlightList>(examples::flights),
            refusals: &[Refusal {
                detail: "status must be one of SCHEDULED, BOARDING, DELAYED, CANCELLED, DEPARTED, DIVERTED, ARRIVED.",
                ..BAD_LIST
            }],
            signed: false,
            ..READ
        },
    ),
    (
        Read::Flight,
        Route {
            template: "/flights/{flight_id}",
            operation_id: "getFlight",
            summary: "A flight",
            parameters: &[FLIGHT_ID],
            answer: Content::json::<FlightView>(examples::flight),
            refusals: &[BAD_CONDITION, NO_FLIGHT],
            signed: false,
            ..READ
        },
    ),
    (
        Read::FlightBookings,
        Route {
            template: "/flights/{flight_id}/bookings",
            operation_id: "listFlightBookings",
            chapter: Chapter::Bookings,
            summary: "The bookings of a flight",
            about: LEFT_OUT,
            parameters: &[FLIGHT_ID, LIMIT, LIST_CURSOR],
            answer: Content::json::<BookingList>(examples::bookings),
            refusals: &[BAD_LIST, NOT_LET_IN, NO_FLIGHT],
            ..READ
        },
    ),
    (
        Read::FlightOperations,
        Route {
            template: "/flights/{flight_id}/operations",
            operation_id: "getFlightOperations",
            chapter: Chapter::Bookings,
            summary: "What a flight has of reservations: totals, and a record of each",
            about: "Of reservations that came from Adobe Experience Platform. Totals are kept in the transaction that writes a record. The records are in the order of their record locators; one that cannot be read is left out. `count` is the number of those answered. A flight that has reservations and is not in the schedule yet has no capacity and no load factor.",
            parameters: &[FLIGHT_ID, LIMIT, LIST_CURSOR],
            answer: Content::json::<OperationsView>(examples::operations),
            refusals: &[BAD_LIST, NOT_LET_IN, NO_FLIGHT],
            ..READ
        },
    ),
    (
        Read::Booking,
        Route {
            template: "/bookings/{booking_id}",
            operation_id: "getBooking",
            chapter: Chapter::Bookings,
            summary: "A booking",
            parameters: &[BOOKING_ID],
            answer: Content::json::<BookingView>(examples::booking),
            refusals: &[BAD_CONDITION, NOT_LET_IN, NO_BOOKING],
            ..READ
        },
    ),
    (
        Read::Passenger,
        Route {
            template: "/passengers/{passenger_id}",
            operation_id: "getPassenger",
            chapter: Chapter::Bookings,
            summary: "A passenger",
            parameters: &[PASSENGER_ID],
            answer: Content::json::<PassengerView>(examples::passenger),
            refusals: &[BAD_CONDITION, NOT_LET_IN, NO_PASSENGER],
            ..READ
        },
    ),
    (
        Read::PassengerBookings,
        Route {
            template: "/passengers/{passenger_id}/bookings",
            operation_id: "listPassengerBookings",
            chapter: Chapter::Bookings,
            summary: "The bookings of a passenger",
            about: LEFT_OUT,
            parameters: &[PASSENGER_ID, LIMIT, LIST_CURSOR],
            answer: Content::json::<BookingList>(examples::bookings),
            refusals: &[BAD_LIST, NOT_LET_IN, NO_PASSENGER],
            ..READ
        },
    ),
    (
        Read::FlightNotifications,
        Route {
            template: "/flights/{flight_id}/notifications",
            operation_id: "listFlightNotifications",
            chapter: Chapter::Notifications,
            summary: "What the passengers of a flight were told",
            about: "Newest first. The list is read from an index that may lag behind by a moment. What was sent before this index was there is not in it, and a notification that cannot be read is left out.",
            parameters: &[FLIGHT_ID, LIMIT, LIST_CURSOR],
            answer: Content::json::<NotificationList>(examples::notifications),
            refusals: &[BAD_LIST, NOT_LET_IN, NO_FLIGHT],
            ..READ
        },
    ),
    (
        Read::BookingNotifications,
        Route {
            template: "/bookings/{booking_id}/notifications",
            operation_id: "listBookingNotifications",
            chapter: Chapter::Notifications,
            summary: "What the passenger of a booking was told",
            about: "Newest first, with the same limits as the list of a flight. A passenger with two bookings on one flight is told once, by the first of them.",
            parameters: &[BOOKING_ID, LIMIT, LIST_CURSOR],
            answer: Content::json::<NotificationList>(examples::notifications),
            refusals: &[BAD_LIST, NOT_LET_IN, NO_BOOKING],
            ..READ
        },
    ),
    (
        Read::Reconciliations,
        Route {
            template: "/reconciliations",
            operation_id: "listReconciliations",
            chapter: Chapter::Bookings,
            summary: "Exports that were held against the table",
            about: "Newest first: one for each file of an export. One that cannot be read is left out. `count` is the number of those answered.",
            parameters: &[LIMIT, LIST_CURSOR],
            answer: Content::json::<ReconciliationList>(examples::reconciliations),
            refusals: &[BAD_LIST, NOT_LET_IN],
            ..READ
        },
    ),
    (
        Read::Reconciliation,
        Route {
            template: "/reconciliations/{reconciliation_id}",
            operation_id: "getReconciliation",
            chapter: Chapter::Bookings,
            summary: "An export that was held against the table",
            about: "What was read, what was found, and where its report is: in the bucket of exports, with each reservation that was missing or other, before and after.",
            parameters: &[RECONCILIATION_ID],
            answer: Content::json::<ReconciliationView>(examples::reconciliation),
            refusals: &[BAD_CONDITION, NOT_LET_IN, NO_RECONCILIATION],
            ..READ
        },
    ),
    (
        Read::Health,
        Route {
            template: "/health",
            operation_id: "getHealth",
            chapter: Chapter::Api,
            summary: "Whether the API answers",
            about: "It asks nothing of the table: it says that requests reach the function.",
            answer: Content::json::<HealthView>(examples::health),
            refusals: &[Refusal {
                when: "The query has a parameter: this takes none.",
                ..BAD_CONDITION
            }],
            signed: false,
            conditional: false,
            ..READ
        },
    ),
    (
        Read::OpenApi,
        Route {
            template: "/openapi.json",
            operation_id: "getOpenApi",
            chapter: Chapter::Api,
            summary: "This API as an OpenAPI 3.1 document",
            answer: OPENAPI_DOCUMENT,
            refusals: &[BAD_CONDITION],
            signed: false,
            ..READ
        },
    ),
    (
        Read::Docs,
        Route {
            template: "/docs",
            operation_id: "getDocs",
            chapter: Chapter::Api,
            summary: "This API as a page to read",
            answer: PAGE,
            refusals: &[BAD_CONDITION],
            signed: false,
            ..READ
        },
    ),
];
