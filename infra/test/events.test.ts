import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { matches } from './support/event-pattern';
import { many } from './support/grants';
import { readable } from './support/readable';
import { LOCAL, ofType, synth } from './support/synth';

const stack = synth(LOCAL);
const all = ofType(stack, 'AWS::Events::Rule').map(([, rule]) => rule.Properties);
/** Those on our bus. The one on the account's own is of the reconciliation, whose test has it. */
const rules = all.filter(({ EventBusName }) => EventBusName !== undefined);
const LOGS = 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:';

const DELAYS = ['<FlightPulseDelayNotification>'];
const OPERATIONS = ['<FlightPulseCancellationWorkflow>'];
const GATES = ['<FlightPulseGateChangeWorkflow>'];

/** Where an event of a type goes; nobody listens to the last ones. */
const ROUTES: Record<string, string[]> = {
  'flight.delay.minor': DELAYS,
  'flight.delay.major': DELAYS,
  'flight.delay.severe': DELAYS,
  'flight.resend.schedule': DELAYS,
  'flight.cancelled': OPERATIONS,
  'flight.reinstated': OPERATIONS,
  'flight.resend.status': OPERATIONS,
  'flight.gate_change': GATES,
  'flight.resend.gate': GATES,
  'flight.unknown': ['<FlightPulse-UnknownFlights>'],
  'rebooking.needed': ['<FlightPulse-RebookingNeeded>'],
  'notification.email': [`${LOGS}/flightpulse/notifications/email`],
  'notification.sms': [`${LOGS}/flightpulse/notifications/sms`],
  'flight.status_changed': [`${LOGS}/flightpulse/audit`],
  'booking.status_changed': [`${LOGS}/flightpulse/audit`],
  'flight.delay': [],
  'flight.delay.unheard_of': [],
  'flight.resend.unheard_of': [],
};

/** What starts a reconciliation comes from it alone. */
const REQUEST = { source: 'flightpulse.reconciliation', 'detail-type': 'reconciliation.requested' };

function targetsOf(event: { source: string; 'detail-type': string; detail?: { outcome?: string } }): string[] {
  return rules
    .filter(({ EventPattern }) => matches(EventPattern, event))
    .flatMap(({ Targets }) => Targets.map(({ Arn }: any) => readable(stack, Arn)));
}

describe('event rules', () => {
  for (const [detailType, targets] of Object.entries(ROUTES)) {
    test(`${detailType} goes to ${targets.join() || 'nobody'}`, () => {
      assert.deepEqual(targetsOf({ source: 'flightpulse.kafka-consumer', 'detail-type': detailType }), targets);
    });
  }

  test('an event that is done with starts no workflow, and goes wherever else it goes', () => {
    for (const [detailType, targets] of Object.entries(ROUTES)) {
      const event = { source: 'flightpulse.kafka-consumer', 'detail-type': detailType };
      const left = [DELAYS, OPERATIONS, GATES].includes(targets) ? [] : targets;
      assert.deepEqual(targetsOf({ ...event, detail: { outcome: 'NOT_MATERIAL' } }), left);
      assert.deepEqual(targetsOf({ ...event, detail: {} }), targets);
    }
  });

  test('an event of another source goes nowhere', () => {
    for (const detailType of Object.keys(ROUTES)) {
      assert.deepEqual(targetsOf({ source: 'aws.events', 'detail-type': detailType }), []);
    }
  });

  test('a request to make a reconciliation again goes to its workflow, and only from where they are made', () => {
    assert.deepEqual(targetsOf(REQUEST), ['<FlightPulseReconciliation>']);
    assert.deepEqual(targetsOf({ ...REQUEST, source: 'flightpulse.kafka-consumer' }), []);
  });

  test('every rule lists its detail types in full', () => {
    for (const { EventPattern } of rules) {
      if (matches(EventPattern, REQUEST)) continue;
      assert.deepEqual(EventPattern.source, [{ prefix: 'flightpulse.' }]);
      for (const detailType of EventPattern['detail-type']) assert.equal(ROUTES[detailType]?.length, 1, detailType);
    }
  });

  test('every rule but one is on our bus, and every target has a day of retries and the dead-letter queue', () => {
    assert.equal(rules.length, 9);
    assert.equal(all.length, 10);
    for (const { EventBusName } of rules) assert.equal(readable(stack, EventBusName), '<flightpulse-bus>');
    for (const { State, Targets } of all) {
      assert.equal(State, 'ENABLED');
      assert.equal(Targets.length, 1);
      assert.equal(readable(stack, Targets[0].DeadLetterConfig.Arn), '<FlightPulse-RuleDeadLetters>');
      assert.deepEqual(Targets[0].RetryPolicy, { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 });
    }
  });

  test('a log group target has no role, which EventBridge would refuse', () => {
    const logTargets = rules.flatMap(({ Targets }) => Targets).filter(({ Arn }) => Arn['Fn::Join'] !== undefined);
    assert.equal(logTargets.length, 3);
    assert.ok(logTargets.every(({ RoleArn }) => RoleArn === undefined));
  });
});

describe('the Logs resource policies', () => {
  const policies = ofType(stack, 'AWS::Logs::ResourcePolicy').map(([, { Properties }]) => Properties);
  const Statement = policies.flatMap(({ PolicyDocument }) => JSON.parse(readable(stack, PolicyDocument)).Statement);

  test('let EventBridge write to the three groups, each for its own rule', () => {
    const lines = Statement.flatMap((statement: any) =>
      many(statement.Resource).map(
        (resource) => `${statement.Action} on ${resource} for ${JSON.stringify(statement.Condition ?? null)}`,
      ),
    );
    const from = (rule: string): string => `{"ArnEquals":{"aws:SourceArn":"<${rule}>"}}`;
    assert.deepEqual(lines.sort(), [
      'logs:CreateLogStream on </flightpulse/audit> for null',
      'logs:CreateLogStream on </flightpulse/notifications/email> for null',
      'logs:CreateLogStream on </flightpulse/notifications/sms> for null',
      `logs:PutLogEvents on </flightpulse/audit> for ${from('AuditStatusChanges')}`,
      `logs:PutLogEvents on </flightpulse/notifications/email> for ${from('NotificationsEmail')}`,
      `logs:PutLogEvents on </flightpulse/notifications/sms> for ${from('NotificationsSms')}`,
    ]);
    for (const { Principal } of Statement) {
      assert.deepEqual(Principal, { Service: ['delivery.logs.amazonaws.com', 'events.amazonaws.com'] });
    }
  });
});
