export type Template = Record<string, unknown>;

/**
 * What a template has that none before it had, with everything that this refers to. `known` collects the entries (a
 * resource, an output, …) of all templates so far. The first template comes back whole.
 */
export function reduced(template: Template, known: Set<string>): Template {
  const entries = new Map<string, Entry>();
  for (const [section, body] of Object.entries(template)) {
    if (typeof body !== 'object' || body === null) continue;
    for (const [id, value] of Object.entries(body)) entries.set(`${section}.${id}`, { section, id, value });
  }
  const kept = new Set<string>();
  const keep = (key: string, entry: Entry): void => {
    if (kept.has(key)) return;
    kept.add(key);
    const words = new Set(JSON.stringify(entry.value).split(/[^A-Za-z0-9]+/));
    for (const [other, found] of entries) if (found.section !== 'Outputs' && words.has(found.id)) keep(other, found);
  };
  for (const [key, entry] of entries) {
    const content = `${key} ${JSON.stringify(entry.value)}`;
    if (!known.has(content)) keep(key, entry);
    known.add(content);
  }
  const result: Template = {};
  for (const [section, body] of Object.entries(template)) {
    if (typeof body !== 'object' || body === null) result[section] = body;
  }
  for (const key of kept) {
    const { section, id, value } = entries.get(key)!;
    result[section] = { ...(result[section] as object | undefined), [id]: value };
  }
  return result;
}

interface Entry {
  readonly section: string;
  readonly id: string;
  readonly value: unknown;
}
