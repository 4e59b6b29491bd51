// FlightPulse-APIHandlers as a Node function: the same requests in, the same answers out.
import { opened, scope, seal } from './rest/cursors.mjs';
import { answer, tags } from './rest/conditional.mjs';
import { Problem, shown, unavailable } from './rest/problems.mjs';
import * as queries from './rest/queries.mjs';
import * as table from './rest/table.mjs';
import * as views from './rest/views.mjs';

const STATUSES = ['SCHEDULED', 'BOARDING', 'DELAYED', 'CANCELLED', 'DEPARTED', 'DIVERTED', 'ARRIVED'];
// By API Gateway's own names: it has matched the path already. `takes`: the parameters of a query.
const ROUTES = new Map([
  ['/flights', { of: flights, takes: ['status', 'departs_from', 'departs_before', 'limit', 'cursor'] }],
  ['/flights/{flight_id}', { of: flight, takes: [] }],
  ['/flights/{flight_id}/notifications', { of: notifications, takes: ['limit', 'cursor'], signed: true }],
  ['/bookings/{booking_id}', { of: booking, takes: [], signed: true }],
]);

/** One request of API Gateway. */
export async function handler(event) {
  try {
    return await respond(event);
  } catch (error) {
    if (error instanceof Problem) return error.response();
    console.error(JSON.stringify({ message: 'the request could not be answered', reason: error.message, stack: error.stack }));
    // What the SDK throws has these: a call that failed after its retries.
    if (error.$metadata) return unavailable().response();
    return new Problem(500, 'The request could not be answered. It has been logged.').response();
  }
}

async function respond(event) {
  const route = ROUTES.get(event.resource);
  if (!route) throw new Problem(404, `There is nothing at ${shown(event.path)}.`);
  const { of, takes, signed = false } = route;
  // API Gateway lets nobody through who has not signed; should that ever be switched off, nobody gets in.
  if (signed && !event.requestContext.identity?.userArn) throw new Problem(403, 'The request is not signed by anyone.');
  const given = queries.given(event.multiValueQueryStringParameters, takes);
  const known = tags(header(event, 'if-none-match'));
  return answer(await of(given, event.pathParameters ?? {}), known, signed);
}

/** The value of a header, whose name may be written in any way; several lines of it are one list. */
function header(event, wanted) {
  const found = Object.entries(event.multiValueHeaders ?? {}).find(([name]) => name.toLowerCase() === wanted);
  return found?.[1].join(',');
}

async function flights(given) {
  const { status } = given;
  if (!STATUSES.includes(status)) throw new Problem(400, `status must be one of ${STATUSES.join(', ')}.`);
  const start = queries.time(given, 'departs_from');
  const before = queries.time(given, 'departs_before');
  const of = scope('listFlights', status, queries.utc(start), queries.utc(before));
  const limit = queries.limit(given);
  const after = await opened(of, given.cursor);
  const { items, next } = await table.flights(status, start, before, after, limit);
  const passengers = await table.totals(items.map((item) => item.PK.S.slice('FLIGHT#'.length)));
  const found = views.readable(items, (item) => views.flight(item, passengers.get(item.flight_id.S)));
  return { flights: found, count: found.length, next: await seal(of, next) };
}

async function flight(_, { flight_id }) {
  const id = table.checked('flight', decoded(flight_id));
  const [item, passengers] = await Promise.all([table.item(`FLIGHT#${id}`), table.totals([id])]);
  if (!item) throw table.missing('flight', id);
  return views.flight(item, passengers.get(id));
}

async function notifications(given, { flight_id }) {
  const id = table.checked('flight', decoded(flight_id));
  const of = scope('listFlightNotifications', id);
  const limit = queries.limit(given);
  const after = await opened(of, given.cursor);
  const [item, { items, next }] = await Promise.all([table.item(`FLIGHT#${id}`), table.notifications(id, after, limit)]);
  if (!item) throw table.missing('flight', id);
  const found = views.readable(items, views.notification);
  return { notifications: found, count: found.length, next: await seal(of, next) };
}

async function booking(_, { booking_id }) {
  const id = table.checked('booking', decoded(booking_id));
  const item = await table.item(`BOOKING#${id}`);
  if (!item) throw table.missing('booking', id);
  return views.booking(item);
}

/** API Gateway hands a path over as it was sent. */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
