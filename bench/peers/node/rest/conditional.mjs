// Conditional requests (RFC 9110, section 13): what a client has already is not sent again.
import { createHash } from 'node:crypto';
import { Problem } from './problems.mjs';

const MAX_IF_NONE_MATCH = 4096;
const TAG = String.raw`(?:W/)?"([\x21\x23-\x7e\x80-\uffff]*)"`;
const TAGS = new RegExp(String.raw`^(?:,[ \t]*)*${TAG}(?:[ \t]*,(?:[ \t]*${TAG})?)*[ \t]*$`);

/** The ETags that a client has; `*` stands for any. */
export function tags(value) {
  if (value === undefined) return new Set();
  const list = value.trim();
  if (list === '*') return new Set(['*']);
  if (list.length > MAX_IF_NONE_MATCH || !TAGS.test(list)) {
    const what = `If-None-Match must be * or a list of ETags in quotation marks, as in "abc", "def", of ${MAX_IF_NONE_MATCH} bytes at most.`;
    throw new Problem(400, what);
  }
  return new Set([...list.matchAll(new RegExp(TAG, 'g'))].map(([, tag]) => tag));
}

/** The response with a value, or without it when the client has it. `isPrivate`: only the client may keep it. */
export function answer(value, known, isPrivate) {
  const body = JSON.stringify(value);
  const tag = createHash('sha256').update(body).digest().subarray(0, 16).toString('base64url');
  const headers = { etag: `"${tag}"`, 'cache-control': isPrivate ? 'private, no-cache' : 'no-cache' };
  if (known.has(tag) || known.has('*')) return { statusCode: 304, headers, body: '' };
  headers['content-type'] = 'application/json';
  headers['x-content-type-options'] = 'nosniff';
  return { statusCode: 200, headers, body };
}
