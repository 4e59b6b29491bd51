import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readContext } from '../lib/context';
import { BINARIES_BY_CONTEXT } from '../lib/names';
import { everyFunction, IN_NETWORK_GRANTS } from './expected/grants';
import { grantsOf } from './support/grants';
import { readable } from './support/readable';
import { appWith, Context, named, ofType, Resource, Synthesis, synth } from './support/synth';
import { KAFKA_VARIANTS, PRODUCER_VARIANTS } from './support/variants';

const PRODUCER = 'FlightPulse-KafkaProducer';
const SECRET = KAFKA_VARIANTS['self-managed'].kafkaSecretArn;
const CLUSTER = KAFKA_VARIANTS.msk.mskClusterArn;

function producerOf(stack: Synthesis): Resource {
  return named(stack, 'AWS::Lambda::Function', 'FunctionName', PRODUCER);
}

function environmentOf(stack: Synthesis): Record<string, string> {
  const { RUST_LOG, ...own } = producerOf(stack).Properties.Environment.Variables;
  assert.equal(RUST_LOG, 'info');
  return own;
}

/** What the producer may do beyond what every function and every function in a network may. */
function added(stack: Synthesis): string[] {
  const usual = [...everyFunction(PRODUCER), ...IN_NETWORK_GRANTS];
  const all = grantsOf(stack, producerOf(stack));
  assert.deepEqual(
    usual.filter((grant) => !all.includes(grant)),
    [],
  );
  return all.filter((grant) => !usual.includes(grant));
}

describe('the producer function', () => {
  test('is there by context only, and so is its output', () => {
    for (const context of [{}, ...Object.values(KAFKA_VARIANTS)]) {
      const { resources, outputs } = synth(context as Context);
      const names = Object.values(resources).map(({ Properties }) => Properties?.FunctionName);
      assert.equal(names.includes(PRODUCER), false);
      assert.equal(outputs.KafkaProducerName, undefined);
    }
    assert.ok(Object.keys(BINARIES_BY_CONTEXT).includes(PRODUCER));
  });

  for (const [name, context] of Object.entries(PRODUCER_VARIANTS)) {
    test(`${name}: is bounded, in the network, and called by nobody that IAM does not let`, () => {
      const stack = synth(context as Context);
      const { Properties } = producerOf(stack);
      assert.equal(Properties.Timeout, 30);
      assert.equal(Properties.MemorySize, 512);
      assert.equal(Properties.Runtime, 'provided.al2023');
      assert.equal(readable(stack, Properties.LoggingConfig.LogGroup), `</aws/lambda/${PRODUCER}>`);
      assert.equal(Properties.VpcConfig.SubnetIds.length, 2);
      assert.equal(Properties.VpcConfig.SecurityGroupIds.length, 1);
      assert.equal(readable(stack, stack.outputs.KafkaProducerName!.Value), `<${PRODUCER}>`);
      const permissions = ofType(stack, 'AWS::Lambda::Permission').map(([, one]) =>
        readable(stack, one.Properties.FunctionName),
      );
      assert.equal(permissions.includes(`<${PRODUCER}>`), false);
      assert.equal(environmentOf(stack).KAFKA_BROKERS, (context as Context).kafkaBrokers!.replaceAll(' ', ''));
    });
  }

  test('goes to self-managed brokers in the open where they ask for no sign-in', () => {
    const context = PRODUCER_VARIANTS['self-managed in a VPC with a producer'];
    const stack = synth(context);
    assert.deepEqual(producerOf(stack).Properties.VpcConfig, {
      SubnetIds: context.kafkaSubnetIds.split(','),
      SecurityGroupIds: [context.kafkaSecurityGroupId],
    });
    assert.deepEqual(environmentOf(stack), { KAFKA_BROKERS: 'b1.internal:9092', KAFKA_SIGN_IN: 'NONE' });
    assert.deepEqual(added(stack), []);
  });

  test('signs in with the secret of the source, and may read that one', () => {
    for (const [variant, signIn] of [
      ['self-managed in a VPC with a sign-in and a producer', 'SASL_SCRAM_256_AUTH'],
      ['msk by SCRAM with a producer', 'SASL_SCRAM_512_AUTH'],
    ] as const) {
      const stack = synth(PRODUCER_VARIANTS[variant]);
      const { KAFKA_SIGN_IN, KAFKA_SECRET_ARN } = environmentOf(stack);
      assert.deepEqual([KAFKA_SIGN_IN, KAFKA_SECRET_ARN], [signIn, SECRET]);
      assert.deepEqual(added(stack), [`secretsmanager:GetSecretValue on ${SECRET}`]);
    }
  });

  test('signs in to MSK by IAM, and may write to the one topic', () => {
    const stack = synth(PRODUCER_VARIANTS['msk with a producer']);
    assert.equal(environmentOf(stack).KAFKA_SIGN_IN, 'MSK_IAM');
    const topic = `${CLUSTER.replace(':cluster/', ':topic/')}/flight-operations`;
    assert.deepEqual(added(stack), [
      `kafka-cluster:Connect on ${CLUSTER}`,
      `kafka-cluster:DescribeTopic on ${topic}`,
      `kafka-cluster:WriteData on ${topic}`,
    ]);
  });

  test('stands beside the brokers of MSK Serverless, in their subnets and group', () => {
    const stack = synth(PRODUCER_VARIANTS['msk-serverless with a producer']);
    const { VpcConfigs } = named(stack, 'AWS::MSK::ServerlessCluster', 'ClusterName', 'flightpulse').Properties;
    const { VpcConfig } = producerOf(stack).Properties;
    assert.deepEqual(VpcConfig.SubnetIds, VpcConfigs[0].SubnetIds);
    assert.deepEqual(VpcConfig.SecurityGroupIds, VpcConfigs[0].SecurityGroups);
    const actions = added(stack).map((grant) => grant.replace(/ on .*(\/[a-z-]+|<flightpulse>)$/, ' on $1'));
    assert.deepEqual(actions, [
      'kafka-cluster:Connect on <flightpulse>',
      'kafka-cluster:DescribeTopic on /flight-operations',
      'kafka-cluster:WriteData on /flight-operations',
    ]);
  });

  test('changes nothing of the rest of the stack', () => {
    const without = synth(KAFKA_VARIANTS.msk).resources;
    const { resources } = synth(PRODUCER_VARIANTS['msk with a producer']);
    const more = Object.keys(resources).filter((id) => !(id in without));
    assert.ok(more.length > 0 && more.every((id) => id.startsWith('KafkaProducer')), more.join());
    for (const [id, resource] of Object.entries(without)) assert.deepEqual(resources[id], resource, id);
  });
});

describe('the context of the producer function', () => {
  const producer = { kafkaProducer: 'true' };
  const { kafkaBrokers, kafkaSubnetIds, kafkaSecurityGroupId } = PRODUCER_VARIANTS['msk with a producer'];
  const refused: [string, Context, string][] = [
    [
      'no source',
      producer,
      'Context kafkaProducer needs brokers in a network: give kafkaSource self-managed (with kafkaSubnetIds), msk or ' +
        'msk-serverless.',
    ],
    [
      'brokers on the internet',
      { ...KAFKA_VARIANTS['self-managed'], ...producer },
      'Context kafkaProducer is for brokers in a VPC: give kafkaSubnetIds and kafkaSecurityGroupId. Brokers on the ' +
        'internet can be written to directly.',
    ],
    [
      'msk without a network',
      { ...KAFKA_VARIANTS.msk, kafkaBrokers, ...producer },
      "Context kafkaProducer with kafkaSource msk needs kafkaSubnetIds and kafkaSecurityGroupId: the cluster's VPC " +
        'cannot be told from its ARN.',
    ],
    [
      'msk with half a network',
      { ...KAFKA_VARIANTS.msk, kafkaBrokers, kafkaSubnetIds, ...producer },
      'Context kafkaSubnetIds and kafkaSecurityGroupId belong together: give both or neither.',
    ],
    [
      'msk without brokers',
      { ...KAFKA_VARIANTS.msk, kafkaSubnetIds, kafkaSecurityGroupId, ...producer },
      'Context kafkaProducer with kafkaSource msk needs kafkaBrokers, a comma list of host:port: CloudFormation does ' +
        "not tell a cluster's brokers; `aws kafka get-bootstrap-brokers --cluster-arn …` does, once it is there.",
    ],
    [
      'subnets that are none',
      { ...KAFKA_VARIANTS.msk, kafkaBrokers, kafkaSubnetIds: 'a', kafkaSecurityGroupId, ...producer },
      'Context kafkaSubnetIds is "a": it must be a comma list of subnet ids.',
    ],
    [
      'subnets of MSK that nobody reads',
      { ...KAFKA_VARIANTS.msk, kafkaSubnetIds },
      'Context kafkaSubnetIds is read with kafkaSource msk for kafkaProducer=true only.',
    ],
    [
      'brokers of MSK Serverless that nobody reads',
      { ...KAFKA_VARIANTS['msk-serverless'], kafkaBrokers },
      'Context kafkaBrokers is read with kafkaSource msk-serverless for kafkaProducer=true only.',
    ],
    [
      'another word',
      { ...KAFKA_VARIANTS.msk, kafkaProducer: 'yes' },
      'Context kafkaProducer is "yes": it must be one of true, false.',
    ],
  ];
  for (const [what, context, message] of refused) {
    test(`refuses ${what} with a sentence`, () => {
      assert.throws(() => readContext(appWith(context).node), { name: 'RefusedInput', message });
    });
  }
});
