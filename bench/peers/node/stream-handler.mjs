// FlightPulse-StreamHandler as a Node function: the same records in, the same calls and events out.
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ENTRIES_PER_CALL, calls, counting, settings } from './shared.mjs';
import { Unreadable, read } from './stream-records.mjs';

const { EVENT_BUS_NAME } = process.env;
const eventbridge = new EventBridgeClient(settings(1));
const report = counting('FlightPulse-StreamHandler');

/** What this function cannot handle: the mapping delivers its batch in halves. */
class InvalidInput extends Error {
  name = 'InvalidInput';
}

/** One batch of the stream: what stands before an unreadable record is published, and the batch is cut there. */
export async function handler(event) {
  const records = event.Records;
  if (!Array.isArray(records)) throw new InvalidInput('the event is none of a stream: it has no `Records`');
  const entries = [];
  const numbers = [];
  let poison;
  for (const [at, record] of records.entries()) {
    try {
      const event = read(record);
      if (!event) continue;
      entries.push({ EventBusName: EVENT_BUS_NAME, Source: 'flightpulse.stream-handler', ...event });
      numbers.push(record.dynamodb.SequenceNumber);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      poison = record?.dynamodb?.SequenceNumber;
      console.error(JSON.stringify({ message: 'unreadable record', reason: error.message, number: poison }));
      // At the head of others it would take all of them with it.
      if (poison === undefined || (at === 0 && records.length > 1)) {
        count(0, 0, 1);
        throw new InvalidInput(error.message);
      }
      break;
    }
  }
  const failed = await publish(entries, numbers);
  count(entries.length - failed.length, failed.length, poison === undefined ? 0 : 1);
  if (poison !== undefined) failed.push(poison);
  const batchItemFailures = failed.length > 0 ? [{ itemIdentifier: failed.reduce(lower) }] : [];
  return { batchItemFailures };
}

/** Ten a call, one after the other: what follows a failure comes again anyway. Gives what is not on the bus. */
async function publish(entries, numbers) {
  for (const [nth, Entries] of calls(entries).entries()) {
    const first = nth * ENTRIES_PER_CALL;
    let results;
    try {
      results = (await eventbridge.send(new PutEventsCommand({ Entries }))).Entries;
    } catch (error) {
      console.error(JSON.stringify({ message: 'changes of status are not published', reason: error.message }));
      return numbers.slice(first);
    }
    const left = numbers.slice(first, first + Entries.length).filter((_, at) => !results[at] || results[at].ErrorCode);
    if (left.length > 0) return [...left, ...numbers.slice(first + Entries.length)];
  }
  return [];
}

/** Numbers have up to 40 digits. */
function lower(one, other) {
  return BigInt(other) < BigInt(one) ? other : one;
}

function count(published, failed, unreadable) {
  report([
    ['StatusChangesPublished', published],
    ['RecordsFailed', failed],
    ['StreamRecordsUnreadable', unreadable],
  ]);
}
