// FlightPulse-KafkaConsumer as a Node function: the same events in, the same calls and events out.
import { BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ID, TIME, calls, counting, settings } from './shared.mjs';

const { TABLE_NAME, EVENT_BUS_NAME } = process.env;
const CALLS = 8;
const dynamodb = new DynamoDBClient(settings(CALLS));
const eventbridge = new EventBridgeClient(settings(CALLS));
const report = counting('FlightPulse-KafkaConsumer');

const GATE = /^(?! )[A-Za-z0-9 -]{1,8}(?<! )$/;
const REASONS = new Set(['WEATHER', 'MECHANICAL', 'CREW', 'ATC', 'SECURITY', 'OTHER']);
const PRIORITIES = new Set([undefined, null, 'HIGH', 'NORMAL', 'LOW']);
const MAX_DELAY = 2880;
const MAX_SKEW = 10 * 60_000;
const PUBLISHED = {
  FLIGHT_DELAY: 'DelayEventsProcessed',
  FLIGHT_CANCELLED: 'CancellationEventsProcessed',
  GATE_CHANGE: 'GateChangeEventsProcessed',
  FLIGHT_REINSTATED: 'ReinstatementEventsProcessed',
};

class Rejected extends Error {}

/** One batch of an event source mapping, answered record by record. */
export async function handler(event) {
  const records = Object.values(event.records).flat();
  const now = Date.now();
  const outgoing = [];
  const failed = [];
  const published = new Map();
  for (const record of records) {
    try {
      outgoing.push({ record, told: read(record, now) });
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      // The measured batches have none: its dead letter is not part of the comparison.
      console.warn(JSON.stringify({ message: 'record dead-lettered', reason: error.message }));
    }
  }
  if (outgoing.length > 0) {
    const flights = await flightsOf([...new Set(outgoing.map(({ told }) => told.payload.flight_id))].sort());
    const chunks = calls(outgoing);
    const publish = async () => {
      for (let chunk = chunks.shift(); chunk; chunk = chunks.shift()) {
        const { Entries } = await eventbridge.send(
          new PutEventsCommand({ Entries: chunk.map(({ record, told }) => entry(record, told, flights)) }),
        );
        Entries.forEach((result, at) => {
          if (result.ErrorCode) failed.push(chunk[at].record);
          else count(published, PUBLISHED[chunk[at].told.event_type]);
        });
      }
    };
    await Promise.all(Array.from({ length: CALLS }, publish));
  }
  report([...published]);
  const lowest = new Map();
  for (const { topic, partition, offset } of failed) {
    const name = `${topic}-${partition}`;
    lowest.set(name, Math.min(lowest.get(name) ?? offset, offset));
  }
  const failures = [...lowest].sort().map(([partition, offset]) => ({ itemIdentifier: { partition, offset } }));
  return { batchItemFailures: failures };
}

function count(counts, name) {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

async function flightsOf(ids) {
  const found = new Map();
  for (let at = 0; at < ids.length; at += 100) {
    const Keys = ids.slice(at, at + 100).map((id) => ({ PK: { S: `FLIGHT#${id}` }, SK: { S: 'METADATA' } }));
    let wanted = { [TABLE_NAME]: { Keys, ConsistentRead: true } };
    while (wanted && Object.keys(wanted).length > 0) {
      const answer = await dynamodb.send(new BatchGetItemCommand({ RequestItems: wanted }));
      for (const item of answer.Responses?.[TABLE_NAME] ?? []) found.set(item.flight_id.S, item);
      wanted = answer.UnprocessedKeys;
    }
  }
  return found;
}

/** The event of a record, checked field by field. */
function read(record, now) {
  let told;
  try {
    told = JSON.parse(Buffer.from(record.value, 'base64'));
  } catch (error) {
    throw new Rejected(`the value is not JSON: ${error.message}`);
  }
  const payload = told?.payload;
  if (typeof payload !== 'object' || payload === null) throw new Rejected('the value must be a JSON object with a payload');
  ofForm(told, 'event_id', ID);
  ofForm(payload, 'flight_id', ID);
  if (moment(told, 'timestamp', true) - now > MAX_SKEW) throw new Rejected('timestamp is ahead of now');
  text(told, 'source', 100, true);
  switch (told.event_type) {
    case 'FLIGHT_DELAY':
      if (!Number.isInteger(payload.delay_minutes) || payload.delay_minutes < 0 || payload.delay_minutes > MAX_DELAY) {
        throw new Rejected(`payload.delay_minutes must be a whole number from 0 to ${MAX_DELAY}`);
      }
      oneOf(payload, 'reason', REASONS);
      text(payload, 'reason_detail', 500);
      moment(payload, 'new_departure');
      moment(payload, 'new_arrival');
      break;
    case 'FLIGHT_CANCELLED':
      oneOf(payload, 'reason', REASONS);
      text(payload, 'reason_detail', 500);
      oneOf(payload, 'rebooking_priority', PRIORITIES);
      break;
    case 'GATE_CHANGE':
      ofForm(payload, 'new_gate', GATE);
      if (payload.old_gate) ofForm(payload, 'old_gate', GATE);
      break;
    case 'FLIGHT_REINSTATED':
      moment(payload, 'new_departure');
      moment(payload, 'new_arrival');
      break;
    default:
      throw new Rejected('event_type is none of ours');
  }
  return told;
}

function ofForm(fields, name, form) {
  if (typeof fields[name] !== 'string' || !form.test(fields[name])) throw new Rejected(`${name} is not as it must be`);
}

function oneOf(fields, name, allowed) {
  if (!allowed.has(fields[name])) throw new Rejected(`${name} is none of those allowed`);
}

function text(fields, name, most, needed = false) {
  const value = fields[name];
  if (value == null && !needed) return;
  if (typeof value !== 'string' || value.trim() === '' || [...value].length > most) {
    throw new Rejected(`${name} must be text of 1 to ${most} characters`);
  }
}

function moment(fields, name, needed = false) {
  const value = fields[name];
  if (value == null && !needed) return undefined;
  const at = typeof value === 'string' && TIME.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(at)) throw new Rejected(`${name} must be a time with an offset`);
  return at;
}

function correlationId(record, eventId) {
  const bytes = record.headers?.findLast((header) => header.correlation_id)?.correlation_id;
  const found = bytes && Buffer.from(bytes.map((byte) => byte & 0xff)).toString();
  return found && ID.test(found) ? found : eventId;
}

function category(minutes) {
  if (minutes < 30) return 'minor';
  return minutes <= 120 ? 'major' : 'severe';
}

/** The event as it goes to the bus. */
function entry(record, told, flights) {
  const { flight_id, ...said } = told.payload;
  const flight = flights.get(flight_id);
  const detail = {
    schema_version: 1,
    event_id: told.event_id,
    correlation_id: correlationId(record, told.event_id),
    occurred_at: told.timestamp,
    reported_by: told.source,
    flight_id,
  };
  if (flight) {
    const { origin, destination, scheduled_departure, scheduled_arrival } = flight;
    detail.flight = {
      origin: origin.S,
      destination: destination.S,
      scheduled_departure: scheduled_departure.S,
      scheduled_arrival: scheduled_arrival.S,
    };
  }
  detail.event_type = told.event_type;
  for (const [name, value] of Object.entries(said)) if (value !== null) detail[name] = value;
  let detailType;
  switch (told.event_type) {
    case 'FLIGHT_DELAY':
      detail.category = category(said.delay_minutes);
      detailType = `flight.delay.${detail.category}`;
      break;
    case 'FLIGHT_CANCELLED':
      detail.rebooking_priority ??= 'NORMAL';
      detailType = 'flight.cancelled';
      break;
    case 'GATE_CHANGE':
      detail.terminal_change ??= false;
      detailType = 'flight.gate_change';
      break;
    default:
      detailType = 'flight.reinstated';
  }
  return {
    EventBusName: EVENT_BUS_NAME,
    Source: 'flightpulse.kafka-consumer',
    DetailType: flight ? detailType : 'flight.unknown',
    Detail: JSON.stringify(detail),
  };
}
