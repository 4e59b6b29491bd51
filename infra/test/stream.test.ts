import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { FLIGHT_AND_BOOKING_KEYS } from '../lib/names';
import { readable } from './support/readable';
import { LOCAL, ofType, synth } from './support/synth';

const stack = synth(LOCAL);
const mappings = ofType(stack, 'AWS::Lambda::EventSourceMapping')
  .map(([, { Properties }]) => Properties)
  .filter(({ EventSourceArn }) => readable(stack, EventSourceArn).includes('StreamArn'));

/** Whether a record passes a pattern with the two matchers the filter uses; any other is an error. */
function passes(pattern: any, record: any): boolean {
  return Object.entries<any>(pattern).every(([field, matcher]) => {
    if (!Array.isArray(matcher)) return passes(matcher, record?.[field]);
    return matcher.some((one) => {
      if (typeof one === 'string') return record?.[field] === one;
      assert.deepEqual(Object.keys(one), ['prefix']);
      return record?.[field]?.startsWith(one.prefix) === true;
    });
  });
}

describe("the mapping from the table's stream", () => {
  const [mapping] = mappings;

  test('is one, loses nothing and blocks on nothing', () => {
    assert.equal(mappings.length, 1);
    const { FilterCriteria, FunctionName, EventSourceArn, DestinationConfig, Tags, ...rest } = mapping;
    assert.equal(readable(stack, FunctionName), '<FlightPulse-StreamHandler>');
    assert.equal(readable(stack, EventSourceArn), '<FlightPulseTable>.StreamArn');
    assert.equal(readable(stack, DestinationConfig.OnFailure.Destination), '<DeadLettersBucket>');
    assert.deepEqual(rest, {
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 1,
      ParallelizationFactor: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      MaximumRecordAgeInSeconds: 82_800,
    });
  });

  test('hands over changes of flights and bookings only', () => {
    assert.equal(mapping.FilterCriteria.Filters.length, 1);
    const pattern = JSON.parse(mapping.FilterCriteria.Filters[0].Pattern);
    const handed = (eventName: string, pk: string, sk: string): boolean =>
      passes(pattern, { eventName, dynamodb: { Keys: { PK: { S: pk }, SK: { S: sk } } } });
    assert.ok(handed('MODIFY', 'FLIGHT#SW1', 'METADATA'));
    assert.ok(handed('MODIFY', 'BOOKING#B1', 'METADATA'));
    for (const [name, pk, sk] of [
      ['INSERT', 'FLIGHT#SW1', 'METADATA'],
      ['REMOVE', 'BOOKING#B1', 'METADATA'],
      ['MODIFY', 'FLIGHT#SW1', 'BOOKING#B1'],
      ['MODIFY', 'PASSENGER#P1', 'METADATA'],
      ['MODIFY', 'EVENT#e1', 'CLAIM#SW1'],
      ['MODIFY', 'NOTIFICATION#n1', 'CLAIM'],
      ['MODIFY', 'SWITCH#notifications', 'METADATA'],
    ] as const) {
      assert.ok(!handed(name, pk, sk), `${name} ${pk} ${sk}`);
    }
  });

  test('names the keys as the store crate writes them', () => {
    const keys = readFileSync(join(__dirname, '../../crates/store/src/keys.rs'), 'utf8');
    const { partitions, sort } = FLIGHT_AND_BOOKING_KEYS;
    assert.ok(keys.includes(`pub const METADATA: &str = "${sort}";`));
    for (const prefix of partitions) assert.ok(keys.includes(`starts_with("${prefix}")`), prefix);
    assert.equal(keys.split('starts_with("').length - 1, partitions.length);
  });
});
