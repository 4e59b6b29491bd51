// Records of the table's stream, as Lambda hands them over: an item before and after a write.
import { ID, TIME } from './shared.mjs';

const FLIGHT_STATUSES = new Set(['SCHEDULED', 'BOARDING', 'DELAYED', 'CANCELLED', 'DEPARTED', 'DIVERTED', 'ARRIVED']);
const BOOKING_STATUSES = new Set(['CONFIRMED', 'CHECKED_IN', 'CANCELLED', 'NEEDS_REBOOKING']);
// Whether there is an item before the write, and after it.
const IMAGES = { INSERT: [false, true], MODIFY: [true, true], REMOVE: [true, false] };
const KINDS = {
  FLIGHT: { read: flight, told: ofFlight, detailType: 'flight.status_changed' },
  BOOKING: { read: booking, told: ofBooking, detailType: 'booking.status_changed' },
};

/** A record that nobody can read, now or ever. */
export class Unreadable extends Error {}

/** The event that a record is, as it goes to the bus; none where it changed no status. */
export function read(record) {
  const { dynamodb, eventID } = record ?? {};
  const pk = dynamodb?.Keys?.PK?.S;
  const sk = dynamodb?.Keys?.SK?.S;
  if (typeof pk !== 'string' || typeof sk !== 'string') throw new Unreadable('a record has no Keys with a text PK and SK');
  if (!/^\d{1,40}$/.test(dynamodb.SequenceNumber)) throw new Unreadable(`the record of ${pk} has no SequenceNumber`);
  const mark = pk.indexOf('#');
  const kind = Object.hasOwn(KINDS, pk.slice(0, mark)) ? KINDS[pk.slice(0, mark)] : undefined;
  if (sk !== 'METADATA' || !kind) return undefined;
  const images = IMAGES[record.eventName];
  if (!images) throw new Unreadable(`the eventName of ${pk} is none of INSERT, MODIFY, REMOVE`);
  const at = new Date(Math.round(dynamodb.ApproximateCreationDateTime * 1000));
  if (!ID.test(eventID) || Number.isNaN(at.getTime())) throw new Unreadable(`the record of ${pk} has no eventID or no time`);
  const image = (item, there) => there && kind.read(item ?? {}, pk.slice(mark + 1), pk);
  const old = image(dynamodb.OldImage, images[0]);
  const now = image(dynamodb.NewImage, images[1]);
  if (!old || !now || old.status === now.status) return undefined;
  const detail = {
    schema_version: 1,
    event_id: eventID,
    correlation_id: setBy(old, now) ?? eventID,
    occurred_at: utc(at),
    ...kind.told(old, now),
  };
  return { DetailType: kind.detailType, Detail: JSON.stringify(detail) };
}

function flight(item, own, pk) {
  const need = needing(item, pk);
  const scheduled = need('scheduled_departure', TIME);
  need('scheduled_arrival', TIME);
  need('origin');
  need('destination');
  const status = one(need('status'), FLIGHT_STATUSES, pk);
  const state = {
    status,
    delay_minutes: Number(item.delay_minutes?.N ?? 0),
    departure: item.actual_departure ? need('actual_departure', TIME) : scheduled,
  };
  if (item.gate) state.gate = need('gate');
  return { id: same(need('flight_id', ID), own, pk), status, state, versions: versions(item, pk, 'status_version', 'schedule_version') };
}

function booking(item, own, pk) {
  const need = needing(item, pk);
  const status = one(need('booking_status'), BOOKING_STATUSES, pk);
  need('confirmation_number', ID);
  need('created_at', TIME);
  const state = { booking_status: status, checked_in: item.checked_in?.BOOL ?? false, flight_id: need('flight_id', ID) };
  const id = same(need('booking_id', ID), own, pk);
  return { id, passenger: need('passenger_id', ID), status, state, versions: versions(item, pk, 'flight_status_version') };
}

function ofFlight(old, now) {
  return { flight_id: now.id, old: old.state, new: now.state };
}

function ofBooking(old, now) {
  const { id: booking_id, passenger: passenger_id, state } = now;
  return { booking_id, flight_id: state.flight_id, passenger_id, old: old.state, new: state };
}

/** The event that set the status: a version that the write did not touch is of an earlier one. */
function setBy(old, now) {
  const version = now.versions.find((version, at) => version !== undefined && version !== old.versions[at]);
  return version?.slice(version.indexOf('#') + 1);
}

function versions(item, pk, ...names) {
  return names.map((name) => {
    const version = item[name]?.S;
    if (item[name] === undefined) return undefined;
    const mark = String(version).indexOf('#');
    if (mark < 0 || !TIME.test(version.slice(0, mark)) || !ID.test(version.slice(mark + 1))) {
      throw new Unreadable(`the ${name} of ${pk} is no version`);
    }
    return version;
  });
}

/** A text of an item, of this form. An item has personal data: its values are not told. */
function needing(item, pk) {
  return (name, form) => {
    const text = item[name]?.S;
    if (typeof text !== 'string' || (form && !form.test(text))) throw new Unreadable(`the ${name} of ${pk} is not as it must be`);
    return text;
  };
}

function one(text, allowed, pk) {
  if (!allowed.has(text)) throw new Unreadable(`the status of ${pk} is unknown`);
  return text;
}

function same(id, own, pk) {
  if (id !== own) throw new Unreadable(`an image of ${pk} is of another item`);
  return id;
}

/** A time without zeros at the end of its fraction. */
function utc(at) {
  return at.toISOString().replace(/\.?0*Z$/, 'Z');
}
