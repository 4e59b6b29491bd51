import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readable } from './support/readable';
import { LOCAL, named, ofType, Synthesis, synth } from './support/synth';

const FOURTEEN_DAYS = 1_209_600;

/** Whether a resource policy denies everything to callers without TLS. */
function deniesPlainHttp(statement: any): boolean {
  return (
    statement.Effect === 'Deny' &&
    statement.Condition?.Bool?.['aws:SecureTransport'] === 'false' &&
    statement.Principal.AWS === '*'
  );
}

describe('the table', () => {
  const { Properties } = named(synth(), 'AWS::DynamoDB::Table', 'TableName', 'FlightPulseTable');

  test('is on demand, with stream, recovery, encryption and expiry', () => {
    assert.equal(Properties.BillingMode, 'PAY_PER_REQUEST');
    assert.deepEqual(Properties.StreamSpecification, { StreamViewType: 'NEW_AND_OLD_IMAGES' });
    assert.deepEqual(Properties.PointInTimeRecoverySpecification, { PointInTimeRecoveryEnabled: true });
    assert.deepEqual(Properties.SSESpecification, { SSEEnabled: true });
    assert.deepEqual(Properties.TimeToLiveSpecification, { AttributeName: 'expires_at', Enabled: true });
  });

  test('has the keys and the two indexes that the store crate knows', () => {
    const keys = (schema: any[]): string[] => schema.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`);
    assert.deepEqual(keys(Properties.KeySchema), ['HASH PK', 'RANGE SK']);
    const indexes = Properties.GlobalSecondaryIndexes.map((index: any) => [index.IndexName, ...keys(index.KeySchema)]);
    assert.deepEqual(indexes, [
      ['GSI1', 'HASH GSI1PK', 'RANGE GSI1SK'],
      ['GSI2', 'HASH GSI2PK', 'RANGE GSI2SK'],
    ]);
    assert.ok(Properties.AttributeDefinitions.every(({ AttributeType }: any) => AttributeType === 'S'));
  });
});

describe('queues', () => {
  const stack = synth(LOCAL);
  const queues = ofType(stack, 'AWS::SQS::Queue');

  test('are these, kept for 14 days, encrypted', () => {
    assert.deepEqual(queues.map(([, queue]) => queue.Properties.QueueName).sort(), [
      'FlightPulse-BookingEvents',
      'FlightPulse-BookingEventsDeadLetters',
      'FlightPulse-DeadLetters',
      'FlightPulse-RebookingNeeded',
      'FlightPulse-RuleDeadLetters',
      'FlightPulse-UnknownFlights',
    ]);
    for (const [id, { Properties }] of queues) {
      assert.equal(Properties.MessageRetentionPeriod, FOURTEEN_DAYS, id);
      assert.equal(Properties.SqsManagedSseEnabled, true, id);
    }
  });

  test('refuse plain HTTP', () => {
    for (const [id] of queues) {
      const policies = ofType(stack, 'AWS::SQS::QueuePolicy').filter(
        ([, { Properties }]) => Properties.Queues[0].Ref === id,
      );
      const statements = policies.flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
      assert.ok(statements.some(deniesPlainHttp), id);
    }
  });

  test('are open to the rule that sends to them and to nobody else', () => {
    const allowed = ofType(stack, 'AWS::SQS::QueuePolicy').flatMap(([, { Properties }]) =>
      Properties.PolicyDocument.Statement.filter(({ Effect }: any) => Effect === 'Allow').map((statement: any) => {
        assert.deepEqual(statement.Principal, { Service: 'events.amazonaws.com' });
        assert.equal(statement.Action, 'sqs:SendMessage');
        const rule = readable(stack, statement.Condition.ArnEquals['aws:SourceArn']);
        return `${rule} → ${readable(stack, statement.Resource)}`;
      }),
    );
    assert.deepEqual(allowed.sort(), [
      '<AuditStatusChanges> → <FlightPulse-RuleDeadLetters>',
      '<NotificationsEmail> → <FlightPulse-RuleDeadLetters>',
      '<NotificationsSms> → <FlightPulse-RuleDeadLetters>',
      '<ReconciliationExports> → <FlightPulse-RuleDeadLetters>',
      '<ReconciliationRequests> → <FlightPulse-RuleDeadLetters>',
      '<RulesCancellations> → <FlightPulse-RuleDeadLetters>',
      '<RulesDelays> → <FlightPulse-RuleDeadLetters>',
      '<RulesGateChanges> → <FlightPulse-RuleDeadLetters>',
      '<RulesRebookingNeeded> → <FlightPulse-RebookingNeeded>',
      '<RulesRebookingNeeded> → <FlightPulse-RuleDeadLetters>',
      '<RulesUnknownFlights> → <FlightPulse-RuleDeadLetters>',
      '<RulesUnknownFlights> → <FlightPulse-UnknownFlights>',
    ]);
  });
});

describe('buckets', () => {
  const stack = synth(LOCAL);
  const buckets = ofType(stack, 'AWS::S3::Bucket');
  const bucket = (name: string): any => {
    const [[, { Properties }]] = buckets.filter(([id]) => readable(stack, { Ref: id }) === `<${name}>`) as any;
    return Properties;
  };

  test('are for dead letters and for exports: private, encrypted, nameless', () => {
    assert.equal(buckets.length, 2);
    for (const [id, { Properties }] of buckets) {
      assert.equal(Properties.BucketName, undefined, id);
      assert.deepEqual(new Set(Object.values(Properties.PublicAccessBlockConfiguration)), new Set([true]), id);
      assert.equal(Object.keys(Properties.PublicAccessBlockConfiguration).length, 4, id);
      assert.equal(Properties.BucketEncryption.ServerSideEncryptionConfiguration.length, 1, id);
      assert.deepEqual(Properties.OwnershipControls, { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] }, id);
    }
  });

  test('refuse plain HTTP', () => {
    for (const [id] of buckets) {
      const policies = ofType(stack, 'AWS::S3::BucketPolicy').filter(([, one]) => one.Properties.Bucket.Ref === id);
      const statements = policies.flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
      assert.ok(statements.some(deniesPlainHttp), id);
    }
  });

  test('forget what they are for after a month, reports when the API does, and a broken upload after a day', () => {
    const rules = (name: string): unknown[] =>
      bucket(name).LifecycleConfiguration.Rules.map(({ Status, ...rule }: any) => {
        assert.equal(Status, 'Enabled');
        return rule;
      });
    const upload = { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } };
    assert.deepEqual(rules('DeadLettersBucket'), [{ ...upload, ExpirationInDays: 30 }]);
    assert.deepEqual(rules('ExportsBucket'), [
      upload,
      { Prefix: 'exports/', ExpirationInDays: 30 },
      { Prefix: 'rejected/', ExpirationInDays: 30 },
      { Prefix: 'reports/', ExpirationInDays: 400 },
    ]);
  });

  test('tell EventBridge of exports, and nobody else of anything', () => {
    const told = { EventBridgeConfiguration: { EventBridgeEnabled: true } };
    assert.deepEqual(bucket('ExportsBucket').NotificationConfiguration, told);
    assert.equal(bucket('DeadLettersBucket').NotificationConfiguration, undefined);
  });
});

describe('secrets', () => {
  const secrets = ofType(synth(LOCAL), 'AWS::SecretsManager::Secret').map(([, { Properties }]) => Properties);
  const letters = { PasswordLength: 64, ExcludePunctuation: true };

  // A change of what the second is made by would have CloudFormation make it anew, without the sources added by hand.
  test('are made by AWS, of letters and digits: the key of the cursors, and one source of bookings', () => {
    const made = secrets.map(({ Description, GenerateSecretString }) => [Description, GenerateSecretString]);
    assert.deepEqual(Object.fromEntries(made), {
      "Signs the cursors of the FlightPulse API's lists": letters,
      'Who may send bookings to FlightPulse, and what each proves itself with': {
        ...letters,
        SecretStringTemplate: '{}',
        GenerateStringKey: 'forwarder',
      },
    });
  });

  test('have no name that could be taken', () => {
    for (const { Name, SecretString } of secrets) assert.deepEqual([Name, SecretString], [undefined, undefined]);
  });
});

describe('what holds data', () => {
  const HOLDERS = [
    'AWS::DynamoDB::Table',
    'AWS::SQS::Queue',
    'AWS::S3::Bucket',
    'AWS::Logs::LogGroup',
    'AWS::SecretsManager::Secret',
  ];
  const policies = (stack: Synthesis): Set<string | undefined> =>
    new Set(HOLDERS.flatMap((type) => ofType(stack, type)).map(([, { DeletionPolicy }]) => DeletionPolicy));
  const protection = (stack: Synthesis): unknown =>
    named(stack, 'AWS::DynamoDB::Table', 'TableName', 'FlightPulseTable').Properties.DeletionProtectionEnabled;

  test('stays by default, and the table cannot be deleted', () => {
    assert.deepEqual(policies(synth()), new Set(['Retain']));
    assert.equal(protection(synth()), true);
  });

  test('goes with the stack under removalPolicy=destroy', () => {
    assert.deepEqual(policies(synth(LOCAL)), new Set(['Delete']));
    assert.equal(protection(synth(LOCAL)), false);
  });
});
