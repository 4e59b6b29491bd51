// Cursors: where a list goes on, in a form that only we can make (an HMAC over the query and the position).
import { createHmac, timingSafeEqual } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { settings } from '../shared.mjs';
import { Problem, unavailable } from './problems.mjs';

const VERSION = 1;
const MAC_BYTES = 32;
const MIN_KEY_BYTES = 32;
const MAX_CURSOR = 512;
// Milliseconds for which the key is used before it is read again; less when a cursor does not go with it.
const KEY_AGE = 300_000;
const DOUBTED_KEY_AGE = 60_000;
const secrets = new SecretsManagerClient(settings(1));
let kept;

/** The key, as it was at most so many milliseconds ago. */
async function key(age) {
  const now = performance.now();
  if (!kept || now - kept.at > age) {
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: process.env.CURSOR_SECRET_ARN }));
    const secret = Buffer.from(SecretString);
    if (secret.length < MIN_KEY_BYTES) throw unavailable();
    kept = { at: now, secret };
  }
  return kept.secret;
}

/** What of a query decides which list it is: each part behind its length. */
export function scope(...parts) {
  return Buffer.concat(parts.map((part) => Buffer.from(part)).flatMap((part) => [length(part), part]));
}

function length(part) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(part.length));
  return bytes;
}

function mac(key, of, position) {
  const version = Buffer.of(VERSION);
  return createHmac('sha256', key).update(version).update(length(of)).update(of).update(position).digest();
}

/** The cursor for a position; none after the last page. */
export async function seal(of, position) {
  if (position === undefined) return null;
  const text = Buffer.from(position);
  return Buffer.concat([Buffer.of(VERSION), mac(await key(KEY_AGE), of, text), text]).toString('base64url');
}

/** The position that a cursor has; none for the first page. */
export async function opened(of, cursor) {
  if (cursor === undefined) return undefined;
  const refused = new Problem(400, 'cursor must be the `next` of an earlier answer to the same query.');
  const sealed = Buffer.from(cursor, 'base64url');
  const inForm = cursor.length <= MAX_CURSOR && sealed.toString('base64url') === cursor;
  if (!inForm || sealed[0] !== VERSION || sealed.length <= 1 + MAC_BYTES) throw refused;
  const stated = sealed.subarray(1, 1 + MAC_BYTES);
  const position = sealed.subarray(1 + MAC_BYTES);
  for (const age of [KEY_AGE, DOUBTED_KEY_AGE]) {
    if (timingSafeEqual(mac(await key(age), of, position), stated)) return position.toString();
  }
  throw refused;
}
