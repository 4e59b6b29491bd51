/** One entry of a pattern: an exact value, or a prefix. The stack uses no other matcher. */
type Matcher = string | { readonly prefix: string };

/** A pattern names fields, and fields of these. */
export interface Pattern {
  readonly [field: string]: Matcher[] | Pattern;
}

export interface Event {
  readonly [field: string]: string | Event;
}

/** Whether an event matches a rule's pattern, for the two matchers the stack uses; any other is an error. */
export function matches(pattern: Pattern, event: Event): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const value = event[field];
    if (!Array.isArray(wanted)) return typeof value === 'object' && matches(wanted, value);
    return wanted.some((matcher) => typeof value === 'string' && accepts(matcher, value));
  });
}

function accepts(matcher: Matcher, value: string): boolean {
  if (typeof matcher === 'string') return value === matcher;
  if (Object.keys(matcher).join() !== 'prefix') throw new Error(`no such matcher here: ${JSON.stringify(matcher)}`);
  return value.startsWith(matcher.prefix);
}
