"""FlightPulse-APIHandlers as a Python function: the same requests in, the same answers out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from rest import cursors, queries, table, views
from rest.conditional import answer, tags
from rest.problems import Problem, shown

STATUSES = ("SCHEDULED", "BOARDING", "DELAYED", "CANCELLED", "DEPARTED", "DIVERTED", "ARRIVED")
app = APIGatewayRestResolver()
# For the second of two calls at once.
pool = ThreadPoolExecutor(1)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """One request of API Gateway."""
    return app.resolve(event, context)


@app.get("/flights")
def flights() -> Response:
    given, known = asked("status", "departs_from", "departs_before", "limit", "cursor")
    if (status := given.get("status")) not in STATUSES:
        raise Problem(400, f"status must be one of {', '.join(STATUSES)}.")
    start, before = queries.time(given, "departs_from"), queries.time(given, "departs_before")
    scope = cursors.scope("listFlights", status, queries.utc(start), queries.utc(before))
    limit = queries.limit(given)
    after = cursors.opened(scope, given.get("cursor"))
    items, end = table.flights(status, start, before, after, limit)
    passengers = table.totals([item["PK"]["S"].removeprefix("FLIGHT#") for item in items])
    found = views.readable(items, lambda item: views.flight(item, passengers.get(item["flight_id"]["S"], 0)))
    return answer({"flights": found, "count": len(found), "next": cursors.seal(scope, end)}, known, private=False)


@app.get("/flights/<flight_id>")
def flight(flight_id: str) -> Response:
    _, known = asked()
    flight_id = table.checked("flight", unquote(flight_id))
    totals = pool.submit(table.totals, [flight_id])
    item = table.item(f"FLIGHT#{flight_id}")
    by_feed = totals.result().get(flight_id, 0)
    return answer(views.flight(table.known(item, "flight", flight_id), by_feed), known, private=False)


@app.get("/flights/<flight_id>/notifications")
def notifications(flight_id: str) -> Response:
    signed()
    given, known = asked("limit", "cursor")
    flight_id = table.checked("flight", unquote(flight_id))
    scope = cursors.scope("listFlightNotifications", flight_id)
    limit = queries.limit(given)
    after = cursors.opened(scope, given.get("cursor"))
    page = pool.submit(table.notifications, flight_id, after, limit)
    item = table.item(f"FLIGHT#{flight_id}")
    items, end = page.result()
    table.known(item, "flight", flight_id)
    found = views.readable(items, views.notification)
    told = {"notifications": found, "count": len(found), "next": cursors.seal(scope, end)}
    return answer(told, known, private=True)


@app.get("/bookings/<booking_id>")
def booking(booking_id: str) -> Response:
    signed()
    _, known = asked()
    booking_id = table.checked("booking", unquote(booking_id))
    item = table.known(table.item(f"BOOKING#{booking_id}"), "booking", booking_id)
    return answer(views.booking(item), known, private=True)


def signed() -> None:
    """API Gateway lets nobody through who has not signed; should that ever be switched off, nobody gets in."""
    if not app.current_event.request_context.identity.user_arn:
        raise Problem(403, "The request is not signed by anyone.")


def asked(*taken: str) -> tuple[queries.Given, set[str]]:
    """The query, of a route that takes these parameters, and the ETags that the client has."""
    given = queries.given(app.current_event.multi_value_query_string_parameters, taken)
    lines = app.current_event.multi_value_headers.get("If-None-Match")
    return given, tags(",".join(lines) if lines else None)


@app.exception_handler(Problem)
def problem(problem: Problem) -> Response:
    return problem.response()


@app.not_found
def nothing(_: NotFoundError) -> Response:
    return Problem(404, f"There is nothing at {shown(app.current_event.path)}.").response()


@app.exception_handler([*table.FAILURES])
def unavailable(error: Exception) -> Response:
    views.logger.error("the request could not be answered", extra={"reason": str(error)})
    return Problem(503, "The data cannot be read just now. Try again in a moment.").response()


@app.exception_handler(Exception)
def defect(error: Exception) -> Response:
    views.logger.exception(error)
    return Problem(500, "The request could not be answered. It has been logged.").response()
