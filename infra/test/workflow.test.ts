import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { WORKFLOW_DEFINITIONS, WorkflowName } from '../lib/names';
import { substitutions, workflowDefinition } from '../lib/workflow';
import { readable } from './support/readable';
import { LOCAL, named, synth } from './support/synth';

const stack = synth(LOCAL);

/** What every definition is told. */
const COMMON = {
  TableName: '<FlightPulseTable>',
  FlightUpdaterArn: '<FlightPulse-FlightUpdater>',
  RecipientFinderArn: '<FlightPulse-RecipientFinder>',
  LlmMessengerArn: '<FlightPulse-LLMMessenger>',
  NotificationDispatcherArn: '<FlightPulse-NotificationDispatcher>',
  DeadLetterQueueUrl: '<FlightPulse-DeadLetters>',
};

const TOLD: Record<WorkflowName, Record<string, string>> = {
  FlightPulseDelayNotification: COMMON,
  FlightPulseCancellationWorkflow: { ...COMMON, BookingUpdaterArn: '<FlightPulse-BookingUpdater>' },
  FlightPulseGateChangeWorkflow: COMMON,
  FlightPulseReconciliation: {
    S3ReconciliationArn: '<FlightPulse-S3Reconciliation>',
    DeadLetterQueueUrl: '<FlightPulse-DeadLetters>',
  },
};

/** Which services a definition calls. */
const CALLED = ['dynamodb:getItem', 'dynamodb:updateItem', 'lambda:invoke', 'sqs:sendMessage'];
const CALLED_TO_RECONCILE = ['lambda:invoke', 'sqs:sendMessage'];

for (const name of Object.keys(WORKFLOW_DEFINITIONS) as WorkflowName[]) {
  describe(name, () => {
    const { Properties } = named(stack, 'AWS::StepFunctions::StateMachine', 'StateMachineName', name);
    const definition = workflowDefinition(name);

    test('is the ASL file as it stands', () => {
      assert.equal(Properties.DefinitionString, definition);
      assert.equal(JSON.parse(definition).QueryLanguage, 'JSONata');
      assert.equal(Properties.StateMachineType, 'STANDARD');
    });

    test('is given every substitution of the file, and none to spare', () => {
      const asked = [...definition.matchAll(/\$\{([^}]*)\}/g)].map(([, placeholder]) => placeholder);
      assert.ok(asked.length > 0);
      assert.deepEqual([...new Set(asked)].sort(), Object.keys(Properties.DefinitionSubstitutions).sort());
    });

    test('is given the right thing under each name', () => {
      const given = Object.entries(Properties.DefinitionSubstitutions).map(([key, value]) => [
        key,
        readable(stack, value),
      ]);
      assert.deepEqual(Object.fromEntries(given), TOLD[name]);
    });

    test('is traced, and logs every step without what it carried', () => {
      assert.deepEqual(Properties.TracingConfiguration, { Enabled: true });
      const { Level, IncludeExecutionData, Destinations } = Properties.LoggingConfiguration;
      assert.equal(Level, 'ALL');
      assert.equal(IncludeExecutionData, false);
      const groups = Destinations.map((one: any) => readable(stack, one.CloudWatchLogsLogGroup.LogGroupArn));
      assert.deepEqual(groups, [`</aws/vendedlogs/states/${name}>`]);
    });

    test('asks its role for nothing the file does not call', () => {
      const called = new Set([...definition.matchAll(/"arn:aws:states:::([^"]+)"/g)].map(([, service]) => service));
      assert.deepEqual([...called].sort(), name === 'FlightPulseReconciliation' ? CALLED_TO_RECONCILE : CALLED);
    });
  });
}

describe('substitutions', () => {
  const offered = { TableName: 'table', SomeArn: 'arn' };

  test('are what the definition asks for, once each', () => {
    assert.deepEqual(substitutions('"${SomeArn}" "${SomeArn}"', offered), { SomeArn: 'arn' });
    assert.deepEqual(substitutions('"{% $event %}"', offered), {});
  });

  test('refuse a name that nothing stands for', () => {
    const message = 'A workflow asks for ${OtherArn}: it can be given TableName, SomeArn.';
    assert.throws(() => substitutions('"${OtherArn}"', offered), { message });
  });
});
