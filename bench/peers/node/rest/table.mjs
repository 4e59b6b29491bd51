// What the API reads of the table, and the pages that it makes of lists.
import { BatchGetItemCommand, DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { ID, settings } from '../shared.mjs';
import { Problem, shown } from './problems.mjs';
import { seconds, whole } from './queries.mjs';

const { TABLE_NAME: TableName } = process.env;
const dynamodb = new DynamoDBClient(settings(2));

const metadata = (partition) => ({ PK: { S: partition }, SK: { S: 'METADATA' } });
const flightOf = (key) => key.PK.S.slice('FLIGHT#'.length);

export async function item(partition) {
  const asked = new GetItemCommand({ TableName, Key: metadata(partition), ConsistentRead: true });
  return (await dynamodb.send(asked)).Item;
}

/** Passengers of reservations that came by a feed, by flight, in one call: a page has as many flights as one takes keys. */
export async function totals(flightIds) {
  const Keys = [...new Set(flightIds)].map((id) => ({ PK: { S: `FLIGHT#${id}` }, SK: { S: 'OPERATIONS' } }));
  const passengers = new Map();
  let wanted = Keys.length > 0 ? { [TableName]: { Keys, ConsistentRead: true } } : {};
  while (wanted && Object.keys(wanted).length > 0) {
    const answer = await dynamodb.send(new BatchGetItemCommand({ RequestItems: wanted }));
    for (const found of answer.Responses?.[TableName] ?? []) {
      let seats = 0;
      for (const name in found) if (name.startsWith('passengers#')) seats += Number(found[name].N);
      passengers.set(flightOf(found), seats);
    }
    wanted = answer.UnprocessedKeys;
  }
  return passengers;
}

/** Flights of a status that are planned to leave in a window, the oldest departure first. */
export async function flights(status, start, before, after, limit) {
  const from = whole(start);
  const until = before && whole(before) - 1000;
  if (from !== undefined && until !== undefined && from > until) return { items: [] };
  const values = { ':status': { S: status } };
  if (from !== undefined) values[':from'] = { S: `${seconds(from)}Z` };
  if (until !== undefined) values[':until'] = { S: `${seconds(until)}Z` };
  let window = '';
  if (from !== undefined && until !== undefined) window = ' AND GSI1SK BETWEEN :from AND :until';
  else if (from !== undefined) window = ' AND GSI1SK >= :from';
  else if (until !== undefined) window = ' AND GSI1SK <= :until';
  const query = { IndexName: 'GSI1', KeyConditionExpression: `GSI1PK = :status${window}`, ExpressionAttributeValues: values };
  if (after !== undefined) {
    const [departure, id] = after.split('#');
    query.ExclusiveStartKey = { ...metadata(`FLIGHT#${id}`), GSI1PK: { S: status }, GSI1SK: { S: departure } };
  }
  const { items, last } = await page(query, limit);
  return { items, next: last && `${last.GSI1SK.S}#${flightOf(last)}` };
}

/** What the passengers of a flight were told, the newest first. */
export async function notifications(flightId, after, limit) {
  const partition = { S: `FLIGHT#${flightId}` };
  const query = {
    IndexName: 'GSI1',
    KeyConditionExpression: 'GSI1PK = :partition',
    ExpressionAttributeValues: { ':partition': partition },
    ScanIndexForward: false,
  };
  if (after !== undefined) {
    const PK = { S: `NOTIFICATION#${after.slice(after.indexOf('#') + 1)}` };
    query.ExclusiveStartKey = { PK, SK: { S: 'CLAIM' }, GSI1PK: partition, GSI1SK: { S: after } };
  }
  const { items, last } = await page(query, limit);
  return { items, next: last?.GSI1SK.S };
}

/** Up to so many items. One more is asked for, so that the last page is known to be the last. */
async function page(query, limit) {
  const { Items: items = [], LastEvaluatedKey } = await dynamodb.send(new QueryCommand({ TableName, Limit: limit + 1, ...query }));
  if (items.length <= limit) return { items, last: LastEvaluatedKey };
  return { items: items.slice(0, limit), last: items[limit - 1] };
}

export function missing(kind, id) {
  return new Problem(404, `There is no ${kind} ${shown(id)}.`);
}

/** What cannot be an id is the id of nothing. */
export function checked(kind, id) {
  if (id.length > 64 || !ID.test(id)) throw missing(kind, id);
  return id;
}
