/** Writes the template of every kind of deployment into a directory: `write-templates.ts <directory>`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL, synth } from '../test/support/synth';
import { KAFKA_VARIANTS, PRODUCER_VARIANTS } from '../test/support/variants';

const directory = process.argv[2];
if (directory === undefined) throw new Error('usage: write-templates.ts <directory>');
mkdirSync(directory, { recursive: true });
for (const [name, context] of Object.entries({ local: LOCAL, aws: {}, ...KAFKA_VARIANTS, ...PRODUCER_VARIANTS })) {
  const file = join(directory, `${name.replaceAll(' ', '-')}.template.json`);
  writeFileSync(file, `${JSON.stringify(synth(context).template.toJSON(), null, 2)}\n`);
}
