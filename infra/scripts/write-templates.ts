/**
 * Writes the template of every kind of deployment into a directory: `write-templates.ts <directory>`. Of the second and
 * later ones only what is new, with what it refers to: a linter has nothing more to say of the rest.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reduced } from '../test/support/reduced';
import { LOCAL, synth } from '../test/support/synth';
import { FEED_VARIANTS, KAFKA_VARIANTS, PRODUCER_VARIANTS } from '../test/support/variants';

const directory = process.argv[2];
if (directory === undefined) throw new Error('usage: write-templates.ts <directory>');
mkdirSync(directory, { recursive: true });
const known = new Set<string>();
for (const [name, context] of Object.entries({
  local: LOCAL,
  aws: {},
  ...KAFKA_VARIANTS,
  ...PRODUCER_VARIANTS,
  ...FEED_VARIANTS,
})) {
  const file = join(directory, `${name.replaceAll(' ', '-')}.template.json`);
  const template = reduced(synth(context).template.toJSON(), known);
  if (template.Resources !== undefined || template.Outputs !== undefined) {
    writeFileSync(file, `${JSON.stringify(template, null, 2)}\n`);
  }
}
