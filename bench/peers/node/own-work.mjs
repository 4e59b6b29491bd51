// What the consumer does itself for a batch, without the calls to AWS: `node own-work.mjs FILE TIMES` handles the
// invocation of a file so many times, over clients that answer at once, and prints the processor time that it took.
import { readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';

const FLIGHT = {
  origin: { S: 'DEN' },
  destination: { S: 'PHX' },
  scheduled_departure: { S: '2035-11-22T21:10:00Z' },
  scheduled_arrival: { S: '2035-11-22T23:05:00Z' },
};
DynamoDBClient.prototype.send = async ({ input }) => {
  const [[table, { Keys }]] = Object.entries(input.RequestItems);
  return { Responses: { [table]: Keys.map(({ PK }) => ({ ...FLIGHT, flight_id: { S: PK.S.slice('FLIGHT#'.length) } })) } };
};
EventBridgeClient.prototype.send = async ({ input }) => ({ Entries: input.Entries.map(() => ({ EventId: '1' })) });

const { handler } = await import('./kafka-consumer.mjs');
const [file, times] = process.argv.slice(2);
const invocation = readFileSync(file, 'utf8');
// As the runtime reads it. As often as the other measurements warm up.
for (let at = 0; at < 20; at += 1) await handler(JSON.parse(invocation));
const before = process.cpuUsage();
for (let at = 0; at < Number(times); at += 1) await handler(JSON.parse(invocation));
const { user, system } = process.cpuUsage(before);
process.stdout.write(`${JSON.stringify({ times: Number(times), processor_seconds: (user + system) / 1e6 })}\n`);
