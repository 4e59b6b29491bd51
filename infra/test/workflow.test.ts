import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { DELAY_DEFINITION } from '../lib/flightpulse-stack';
import { DELAY_WORKFLOW_NAME } from '../lib/names';
import { readable } from './support/readable';
import { LOCAL, named, synth } from './support/synth';

const stack = synth(LOCAL);
const { Properties } = named(stack, 'AWS::StepFunctions::StateMachine', 'StateMachineName', DELAY_WORKFLOW_NAME);
const definition = readFileSync(DELAY_DEFINITION, 'utf8');

describe('the delay workflow', () => {
  test('is the ASL file as it stands', () => {
    assert.equal(Properties.DefinitionString, definition);
    assert.equal(JSON.parse(definition).QueryLanguage, 'JSONata');
    assert.equal(Properties.StateMachineType, 'STANDARD');
  });

  test('is given every substitution of the file, and none to spare', () => {
    const asked = [...definition.matchAll(/\$\{([^}]*)\}/g)].map(([, name]) => name);
    assert.ok(asked.length > 0);
    assert.deepEqual([...new Set(asked)].sort(), Object.keys(Properties.DefinitionSubstitutions).sort());
  });

  test('is given the right thing under each name', () => {
    const given = Object.entries(Properties.DefinitionSubstitutions).map(([name, value]) => [
      name,
      readable(stack, value),
    ]);
    assert.deepEqual(Object.fromEntries(given), {
      TableName: '<FlightPulseTable>',
      FlightUpdaterArn: '<FlightPulse-FlightUpdater>',
      RecipientFinderArn: '<FlightPulse-RecipientFinder>',
      LlmMessengerArn: '<FlightPulse-LLMMessenger>',
      NotificationDispatcherArn: '<FlightPulse-NotificationDispatcher>',
      DeadLetterQueueUrl: '<FlightPulse-DeadLetters>',
    });
  });

  test('is traced, and logs every step without what it carried', () => {
    assert.deepEqual(Properties.TracingConfiguration, { Enabled: true });
    const { Level, IncludeExecutionData, Destinations } = Properties.LoggingConfiguration;
    assert.equal(Level, 'ALL');
    assert.equal(IncludeExecutionData, false);
    const groups = Destinations.map((one: any) => readable(stack, one.CloudWatchLogsLogGroup.LogGroupArn));
    assert.deepEqual(groups, ['</aws/vendedlogs/states/FlightPulseDelayNotification>']);
  });

  test('asks its role for nothing the file does not call', () => {
    const called = new Set([...definition.matchAll(/"arn:aws:states:::([^"]+)"/g)].map(([, service]) => service));
    assert.deepEqual([...called].sort(), [
      'dynamodb:getItem',
      'dynamodb:updateItem',
      'lambda:invoke',
      'sqs:sendMessage',
    ]);
  });
});
