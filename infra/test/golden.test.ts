import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { WORKFLOW_DEFINITIONS, WorkflowName } from '../lib/names';
import { LOCAL, synth } from './support/synth';

const GOLDEN = join(__dirname, 'golden', 'local.template.json');

/**
 * The local template with what changes without a change of the infrastructure taken out: hashes of assets, and the
 * workflows' definitions, which are under version control as files of their own.
 */
function redacted(): string {
  const { resources, template } = synth(LOCAL);
  const text = JSON.stringify(
    template.toJSON(),
    function (this: { StateMachineName?: WorkflowName }, key, value) {
      return key === 'DefinitionString' ? `<statemachines/${WORKFLOW_DEFINITIONS[this.StateMachineName!]}>` : value;
    },
    2,
  );
  assert.ok(Object.keys(resources).length > 70);
  return `${text.replace(/\b[0-9a-f]{64}\b/g, '<asset>')}\n`;
}

test('the local template is the committed one (npm run golden:update writes it anew)', () => {
  const actual = redacted();
  if (process.env.UPDATE_GOLDEN === '1') {
    assert.equal(process.env.CI, undefined, 'a golden file is never written in CI');
    writeFileSync(GOLDEN, actual);
  }
  assert.ok(existsSync(GOLDEN), `${GOLDEN} is missing`);
  assert.equal(actual, readFileSync(GOLDEN, 'utf8'));
});
