import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readable } from './support/readable';
import { LOCAL, named, ofType, synth } from './support/synth';

const stack = synth(LOCAL);

describe('the queue of booking events', () => {
  const { Properties: queue } = named(stack, 'AWS::SQS::Queue', 'QueueName', 'FlightPulse-BookingEvents');

  test('hides what the worker has for six times as long as that may take', () => {
    const worker = named(stack, 'AWS::Lambda::Function', 'FunctionName', 'FlightPulse-BookingWorker');
    assert.equal(queue.VisibilityTimeout, 6 * worker.Properties.Timeout);
  });

  test('gives up what has come ten times', () => {
    const { deadLetterTargetArn, maxReceiveCount } = queue.RedrivePolicy;
    assert.equal(readable(stack, deadLetterTargetArn), '<FlightPulse-BookingEventsDeadLetters>');
    assert.equal(maxReceiveCount, 10);
  });

  test('takes messages of any size and at once, in no order', () => {
    const { MaximumMessageSize, DelaySeconds, FifoQueue } = queue;
    assert.deepEqual([MaximumMessageSize, DelaySeconds, FifoQueue], [undefined, undefined, undefined]);
  });
});

describe('the mapping of booking events', () => {
  const mappings = ofType(stack, 'AWS::Lambda::EventSourceMapping')
    .map(([, { Properties }]) => Properties)
    .filter(({ EventSourceArn }) => readable(stack, EventSourceArn) === '<FlightPulse-BookingEvents>');

  test('hands ten messages to the worker as soon as they are there, twenty times at once', () => {
    assert.equal(mappings.length, 1);
    const [{ EventSourceArn, FunctionName, Tags, ...rest }] = mappings;
    assert.equal(readable(stack, FunctionName), '<FlightPulse-BookingWorker>');
    // No window and no filter. The message alone comes again that the worker names.
    assert.deepEqual(rest, {
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 20 },
    });
  });
});
