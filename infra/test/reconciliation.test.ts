import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { workflowDefinition } from '../lib/workflow';
import { Event, matches, Pattern } from './support/event-pattern';
import { readable } from './support/readable';
import { LOCAL, named, ofType, synth } from './support/synth';

const stack = synth(LOCAL);

describe('the rule on exports', () => {
  const rules = ofType(stack, 'AWS::Events::Rule').filter(
    ([, { Properties }]) => Properties.EventBusName === undefined,
  );
  const [[, { Properties: rule }]] = rules as any;
  const { bucket, ...detail } = rule.EventPattern.detail;
  const pattern: Pattern = { ...rule.EventPattern, detail: { ...detail, bucket: { name: ['exports-of-ours'] } } };
  const created = (key: string, name = 'exports-of-ours'): Event => ({
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { bucket: { name }, object: { key } },
  });

  test('is the one on the bus that S3 tells, of our bucket alone, and starts the workflow', () => {
    assert.equal(rules.length, 1);
    assert.equal(readable(stack, bucket.name[0]), '<ExportsBucket>');
    assert.deepEqual(
      rule.Targets.map(({ Arn }: any) => readable(stack, Arn)),
      ['<FlightPulseReconciliation>'],
    );
  });

  test('hears of every file of an export', () => {
    for (const key of ['exports/a.json', 'exports/65f1c0/exportTime=202611300600/part-00000 c+1.gz.parquet']) {
      assert.ok(matches(pattern, created(key)), key);
    }
  });

  test('hears of nothing that the workflow itself writes, and of no other bucket', () => {
    for (const key of ['reports/r/report.json', 'rejected/r/0.ndjson', 'export.json', 'x/exports/a.json']) {
      assert.ok(!matches(pattern, created(key)), key);
    }
    assert.ok(!matches(pattern, created('exports/a.json', 'another')));
    assert.ok(!matches(pattern, { ...created('exports/a.json'), 'detail-type': 'Object Deleted' }));
    assert.ok(!matches(pattern, { ...created('exports/a.json'), source: 'flightpulse.reconciliation' }));
  });
});

describe('the workflow', () => {
  const { Properties } = named(stack, 'AWS::Lambda::Function', 'FunctionName', 'FlightPulse-S3Reconciliation');
  const { Plan, ReconcileParts, Conclude } = JSON.parse(workflowDefinition('FlightPulseReconciliation')).States;

  test('is granted executions by the label of its map', () => {
    assert.equal(ReconcileParts.Label, 'Parts');
    assert.equal(ReconcileParts.ItemProcessor.ProcessorConfig.Mode, 'DISTRIBUTED');
  });

  test('waits for a part as long as the function may take, and ten seconds for its answer', () => {
    const { ReconcilePart } = ReconcileParts.ItemProcessor.States;
    for (const { TimeoutSeconds } of [ReconcilePart, Conclude]) assert.equal(TimeoutSeconds, Properties.Timeout + 10);
    assert.ok(Plan.TimeoutSeconds < Properties.Timeout);
  });
});
