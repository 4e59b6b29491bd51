/**
 * Every test file in one process: `node --test test/*.test.ts` would load CDK and synthesise the same stacks anew for
 * each of them, at four times the cost.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

for (const file of readdirSync(__dirname).sort()) {
  if (file.endsWith('.test.ts')) require(join(__dirname, file));
}
