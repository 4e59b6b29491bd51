/** One entry of a pattern: an exact value, or a prefix. The stack uses no other matcher. */
type Matcher = string | { readonly prefix: string };

/** Whether an event matches a rule's pattern, for the two matchers the stack uses; any other is an error. */
export function matches(pattern: Record<string, Matcher[]>, event: Record<string, string>): boolean {
  return Object.entries(pattern).every(([field, matchers]) =>
    matchers.some((matcher) => {
      if (typeof matcher === 'string') return event[field] === matcher;
      if (Object.keys(matcher).join() !== 'prefix') throw new Error(`no such matcher here: ${JSON.stringify(matcher)}`);
      return event[field]?.startsWith(matcher.prefix) === true;
    }),
  );
}
