import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FUNCTION_BINARIES } from '../lib/names';
import { readable } from './support/readable';
import { Context, LOCAL, named, ofType, synth } from './support/synth';

const TABLE = { TABLE_NAME: '<FlightPulseTable>' };
const BUS = { EVENT_BUS_NAME: '<flightpulse-bus>' };
const LETTERS = { DEAD_LETTER_QUEUE_URL: '<FlightPulse-DeadLetters>', DEAD_LETTER_BUCKET: '<DeadLettersBucket>' };
const PUBLISHER = { ...TABLE, ...BUS, ...LETTERS };
const WEBHOOK = {
  BOOKING_QUEUE_URL: '<FlightPulse-BookingEvents>',
  BOOKING_SOURCES_SECRET_ARN: '<BookingsSourcesSecret>',
};

/** Variables, memory in MB, timeout in seconds. */
const EXPECTED: Record<string, [Record<string, string>, number, number]> = {
  'FlightPulse-KafkaConsumer': [PUBLISHER, 512, 60],
  'FlightPulse-FlightUpdater': [TABLE, 256, 30],
  'FlightPulse-BookingUpdater': [{ ...TABLE, ...BUS }, 512, 60],
  'FlightPulse-RecipientFinder': [TABLE, 256, 30],
  'FlightPulse-LLMMessenger': [{ BEDROCK_MODEL_ID: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' }, 256, 12],
  'FlightPulse-NotificationDispatcher': [{ ...PUBLISHER, REBOOKING_URL: 'https://www.example.com/rebook' }, 512, 60],
  'FlightPulse-APIHandlers': [{ ...TABLE, CURSOR_SECRET_ARN: '<CursorsSecret>' }, 256, 10],
  'FlightPulse-OperatorAPI': [{ ...TABLE, ...BUS }, 256, 10],
  'FlightPulse-StreamHandler': [BUS, 256, 60],
  'FlightPulse-AEPWebhook': [WEBHOOK, 512, 28],
  'FlightPulse-BookingWorker': [PUBLISHER, 512, 60],
  'FlightPulse-S3Reconciliation': [{ ...TABLE, ...BUS, EXPORT_BUCKET: '<ExportsBucket>' }, 512, 900],
};

describe('functions', () => {
  const stack = synth(LOCAL);

  test('are these, one for each binary', () => {
    assert.deepEqual(Object.keys(EXPECTED).sort(), Object.keys(FUNCTION_BINARIES).sort());
    assert.equal(ofType(stack, 'AWS::Lambda::Function').length, Object.keys(EXPECTED).length);
  });

  for (const [name, [environment, memory, timeout]] of Object.entries(EXPECTED)) {
    test(`${name} is told only what it uses, and is bounded`, () => {
      const { Properties } = named(stack, 'AWS::Lambda::Function', 'FunctionName', name);
      const variables = Object.entries(Properties.Environment.Variables).map(([key, value]) => [
        key,
        readable(stack, value),
      ]);
      assert.deepEqual(Object.fromEntries(variables), { RUST_LOG: 'info', ...environment });
      assert.equal(Properties.MemorySize, memory);
      assert.equal(Properties.Timeout, timeout);
      assert.equal(Properties.Runtime, 'provided.al2023');
      assert.equal(Properties.Handler, 'bootstrap');
      assert.equal(Properties.TracingConfig.Mode, 'Active');
      assert.equal(Properties.LoggingConfig.LogFormat, 'JSON');
      assert.equal(readable(stack, Properties.LoggingConfig.LogGroup), `</aws/lambda/${name}>`);
      assert.equal(Properties.ReservedConcurrentExecutions, undefined);
    });
  }

  test('have the room for files that costs nothing, but for the one that reads exports', () => {
    const more = ofType(stack, 'AWS::Lambda::Function')
      .filter(([, { Properties }]) => Properties.EphemeralStorage !== undefined)
      .map(([, { Properties }]) => [Properties.FunctionName, Properties.EphemeralStorage]);
    assert.deepEqual(more, [['FlightPulse-S3Reconciliation', { Size: 2048 }]]);
  });

  for (const [context, expected] of [
    [{}, 'arm64'],
    [{ architecture: 'x86_64' }, 'x86_64'],
  ] as const) {
    test(`run on ${expected} with context ${JSON.stringify(context)}`, () => {
      const architectures = ofType(synth(context), 'AWS::Lambda::Function').map(
        ([, { Properties }]) => Properties.Architectures,
      );
      assert.deepEqual(
        architectures,
        Object.keys(EXPECTED).map(() => [expected]),
      );
    });
  }

  test('the rebooking link of the context is told to the dispatcher', () => {
    const rebookingUrl = 'https://fly.example.org/r';
    const chosen = synth({ ...LOCAL, rebookingUrl });
    const { Properties } = named(chosen, 'AWS::Lambda::Function', 'FunctionName', 'FlightPulse-NotificationDispatcher');
    assert.equal(Properties.Environment.Variables.REBOOKING_URL, rebookingUrl);
  });

  test('the reconciliation has as many executions at once as the context says, and no other function a limit', () => {
    const limits = (context: Context): unknown[] =>
      ofType(synth({ ...LOCAL, ...context }), 'AWS::Lambda::Function')
        .map(([, { Properties }]) => [Properties.FunctionName, Properties.ReservedConcurrentExecutions])
        .filter(([, limit]) => limit !== undefined);
    assert.deepEqual(limits({}), []);
    assert.deepEqual(limits({ reconciliationConcurrency: '50' }), [['FlightPulse-S3Reconciliation', 50]]);
    assert.throws(() => limits({ reconciliationConcurrency: '0' }), /it must be a whole number from 1 to 900/);
  });

  test('the model id of the context is the variable and the parameter', () => {
    const modelId = 'eu.amazon.nova-micro-v1:0';
    const chosen = synth({ ...LOCAL, modelId });
    const { Properties } = named(chosen, 'AWS::Lambda::Function', 'FunctionName', 'FlightPulse-LLMMessenger');
    assert.equal(Properties.Environment.Variables.BEDROCK_MODEL_ID, modelId);
    const parameter = named(chosen, 'AWS::SSM::Parameter', 'Name', '/flightpulse/bedrock/model-id');
    assert.equal(parameter.Properties.Value, modelId);
  });
});
