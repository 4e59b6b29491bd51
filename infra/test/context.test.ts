import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { RemovalPolicy } from 'aws-cdk-lib';
import { CONTEXT_KEYS, DEFAULT_MODEL_ID, DEFAULT_REBOOKING_URL, readContext } from '../lib/context';
import { appWith, ASSETS, Context } from './support/synth';

const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:kafka-AbCdEf';
const CLUSTER = 'arn:aws:kafka:us-east-1:111122223333:cluster/ops/6cc0432b-8618-4f44-bccc-e1fbd8fb7c4d-2';

describe('context', () => {
  test('without any, it is arm64, no Kafka, data retained', () => {
    const context = readContext(appWith({}).node);
    assert.equal(context.architecture.name, 'arm64');
    assert.deepEqual(context.kafkaSource, { kind: 'none' });
    assert.equal(context.removalPolicy, RemovalPolicy.RETAIN);
    assert.equal(context.modelId, DEFAULT_MODEL_ID);
    assert.equal(context.rebookingUrl, DEFAULT_REBOOKING_URL);
    assert.equal(context.lambdaAssets, ASSETS);
    assert.ok(existsSync(context.lambdaAssets));
    assert.equal(context.alarmTopicArn, undefined);
  });

  const SIXTY = `https://www.example.com/${'r'.repeat(36)}`;
  for (const rebookingUrl of [
    DEFAULT_REBOOKING_URL,
    SIXTY,
    'https://example.org',
    'https://Fly-1.example.org/a/B-2.x/',
  ]) {
    test(`takes ${rebookingUrl} for passengers to rebook at`, () => {
      assert.ok(rebookingUrl.length <= 60);
      assert.equal(readContext(appWith({ rebookingUrl }).node).rebookingUrl, rebookingUrl);
    });
  }

  for (const rebookingUrl of [
    'http://www.example.com/rebook',
    'https://',
    'https://localhost',
    'https://www..example.com',
    'https:///rebook',
    'https://www.example.com/rebook?flight={{flight}}',
    'https://www.example.com/re_book',
    'https://www.example.com:8443/rebook',
    'https://www.example.com/umbuchen-für-alle',
    'https://www.example.com/rebook\n',
    `${SIXTY}r`,
  ]) {
    test(`refuses ${JSON.stringify(rebookingUrl)} for passengers to rebook at`, () => {
      assert.throws(() => readContext(appWith({ rebookingUrl }).node), {
        name: 'RefusedInput',
        message:
          `Context rebookingUrl is ${JSON.stringify(rebookingUrl)}: it must be an https URL of at most 60 characters, ` +
          'with only letters A-Z, digits, dots, hyphens and slashes after https://.',
      });
    });
  }

  const refused: [string, Context, string][] = [
    ['architecture', { architecture: 'mips' }, 'Context architecture is "mips": it must be one of arm64, x86_64.'],
    ['removalPolicy', { removalPolicy: 'keep' }, 'Context removalPolicy is "keep": it must be one of retain, destroy.'],
    [
      'kafkaSource',
      { kafkaSource: 'kinesis' },
      'Context kafkaSource is "kinesis": it must be one of none, self-managed, msk, msk-serverless.',
    ],
    [
      'modelId',
      { modelId: 'Claude!' },
      'Context modelId is "Claude!": it must be a Bedrock model id or inference profile id.',
    ],
    [
      'lambdaAssets, relative',
      { lambdaAssets: 'dist/lambda' },
      'Context lambdaAssets is "dist/lambda": it must be the absolute path of an existing directory that holds <binary>/bootstrap.',
    ],
    ['alarmTopicArn', { alarmTopicArn: 'ops' }, 'Context alarmTopicArn is "ops": it must be the ARN of an SNS topic.'],
    ['a misspelt key', { kafkaSorce: 'msk' }, `Unknown context kafkaSorce: allowed are ${CONTEXT_KEYS.join(', ')}.`],
    [
      'brokers missing',
      { kafkaSource: 'self-managed', kafkaSecretArn: SECRET },
      'Context kafkaBrokers is undefined: it must be a comma list of host:port for self-managed.',
    ],
    [
      'brokers without a port',
      { kafkaSource: 'self-managed', kafkaBrokers: 'b1.example.com,b2.example.com:9092', kafkaSecretArn: SECRET },
      'Context kafkaBrokers is "b1.example.com,b2.example.com:9092": it must be a comma list of host:port.',
    ],
    [
      'public brokers without a sign-in',
      { kafkaSource: 'self-managed', kafkaBrokers: 'b1.example.com:9092' },
      'Self-managed brokers without kafkaSubnetIds are reached over the internet, where Lambda asks for a sign-in: ' +
        'give kafkaSecretArn, or kafkaSubnetIds with kafkaSecurityGroupId.',
    ],
    [
      'subnets without a security group',
      { kafkaSource: 'self-managed', kafkaBrokers: 'b1.example.com:9092', kafkaSubnetIds: 'subnet-0a1' },
      'Context kafkaSubnetIds and kafkaSecurityGroupId belong together: give both or neither.',
    ],
    [
      'msk without a cluster',
      { kafkaSource: 'msk' },
      'Context mskClusterArn is undefined: it must be the ARN of an MSK cluster for msk.',
    ],
    [
      'a SCRAM that MSK lacks',
      { kafkaSource: 'msk', mskClusterArn: CLUSTER, kafkaSecretArn: SECRET, kafkaAuthentication: 'BASIC_AUTH' },
      'Context kafkaAuthentication is "BASIC_AUTH": it must be SASL_SCRAM_512_AUTH, the only SCRAM that MSK offers.',
    ],
    [
      'a key of another source',
      { kafkaSource: 'msk-serverless', mskClusterArn: CLUSTER },
      'Context mskClusterArn belongs to kafkaSource msk, but kafkaSource is msk-serverless.',
    ],
    [
      'a key of two other sources',
      { kafkaSecretArn: SECRET },
      'Context kafkaSecretArn belongs to kafkaSource self-managed or msk, but kafkaSource is none.',
    ],
  ];
  for (const [what, context, message] of refused) {
    test(`refuses ${what} with a sentence`, () => {
      assert.throws(() => readContext(appWith(context).node), { name: 'RefusedInput', message });
    });
  }
});
