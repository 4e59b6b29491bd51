// Queries: each parameter once, and only those that a route takes.
import { Problem, shown } from './problems.mjs';

const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 50;
const TIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

/** The parameters of a query, by a route that takes these. */
export function given(query, taken) {
  const found = {};
  for (const [name, values] of Object.entries(query ?? {})) {
    if (!taken.includes(name)) {
      throw new Problem(400, `${shown(name)} is no parameter here: this takes ${taken.join(', ') || 'none'}.`);
    }
    if (values.length > 1) throw new Problem(400, `${name} must be given once.`);
    found[name] = values[0];
  }
  return found;
}

/** How many things the answer may have. */
export function limit({ limit: text = String(DEFAULT_LIMIT) }) {
  const limit = /^\d+$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new Problem(400, `limit must be from 1 to ${MAX_LIMIT}.`);
}

/** A time of the query: milliseconds of the whole second before it, and what is beyond it as a text. */
export function time(query, name) {
  const text = query[name];
  if (text === undefined) return undefined;
  const [, day, clock, fraction = '', zone] = TIME.exec(text) ?? [];
  const at = zone === undefined ? NaN : Date.parse(`${day}T${clock}${zone.toUpperCase()}`);
  // Of the 31st of a month that has 30 days JavaScript makes the first of the next.
  const exists = new Date(`${day}T00:00:00Z`).getUTCDate() === Number(day?.slice(8));
  if (Number.isNaN(at) || !exists) {
    const example = 'as in 2026-11-22T00:00:00Z or 2026-11-22T00:00:00%2B01:00 (a plus sign is written %2B in a query)';
    throw new Problem(400, `${name} must be a time in the form of RFC 3339, ${example}.`);
  }
  return { at, fraction: fraction.slice(0, 9).replace(/0+$/, '') };
}

/** The first whole second that is not before a time, in milliseconds: departures are whole seconds. */
export function whole(time) {
  return time && (time.fraction ? time.at + 1000 : time.at);
}

/** A time as a text, to the fraction that it has; empty for none. */
export function utc(time) {
  if (!time) return '';
  return `${seconds(time.at)}${time.fraction && `.${time.fraction}`}Z`;
}

/** Milliseconds as a time, UTC, without its Z. */
export function seconds(at) {
  return new Date(at).toISOString().slice(0, 19);
}
