/** One entry of a pattern: an exact value, a prefix, or that there is none. The stack uses no other matcher. */
type Matcher = string | { readonly prefix: string } | { readonly exists: false };

/** A pattern names fields, and fields of these. */
export interface Pattern {
  readonly [field: string]: Matcher[] | Pattern;
}

export interface Event {
  readonly [field: string]: string | Event;
}

/** Whether an event matches a rule's pattern, for the matchers that the stack uses; any other is an error. */
export function matches(pattern: Pattern, event: Event): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const value = event[field];
    if (!Array.isArray(wanted)) return matches(wanted, typeof value === 'object' ? value : {});
    return wanted.some((matcher) => (typeof value === 'string' ? accepts(matcher, value) : isAbsence(matcher)));
  });
}

function accepts(matcher: Matcher, value: string): boolean {
  if (typeof matcher === 'string') return value === matcher;
  if ('prefix' in matcher) return value.startsWith(matcher.prefix);
  if (isAbsence(matcher)) return false;
  throw new Error(`no such matcher here: ${JSON.stringify(matcher)}`);
}

function isAbsence(matcher: Matcher): boolean {
  return typeof matcher === 'object' && 'exists' in matcher && matcher.exists === false;
}
