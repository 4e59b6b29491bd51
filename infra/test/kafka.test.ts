import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { everyFunction, FUNCTION_GRANTS, MAPPING_GRANTS, NETWORK_GRANTS } from './expected/grants';
import { grantsOf } from './support/grants';
import { readable } from './support/readable';
import { Context, named, ofType, Synthesis, synth } from './support/synth';
import { KAFKA_VARIANTS } from './support/variants';

const CONSUMER = 'FlightPulse-KafkaConsumer';
const SECRET = KAFKA_VARIANTS['self-managed'].kafkaSecretArn;
const CLUSTER = KAFKA_VARIANTS.msk.mskClusterArn;

function kafkaMappings(stack: Synthesis): any[] {
  const mappings = ofType(stack, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties);
  return mappings.filter(({ Topics }) => Topics !== undefined);
}

function mappingOf(stack: Synthesis): any {
  const mappings = kafkaMappings(stack);
  assert.equal(mappings.length, 1);
  return mappings[0];
}

/** What the consumer may do beyond its row of the table. */
function added(stack: Synthesis): string[] {
  const usual = [...FUNCTION_GRANTS[CONSUMER]!, ...everyFunction(CONSUMER)];
  const all = grantsOf(stack, named(stack, 'AWS::Lambda::Function', 'FunctionName', CONSUMER));
  assert.deepEqual(
    usual.filter((grant) => !all.includes(grant)),
    [],
  );
  return all.filter((grant) => !usual.includes(grant));
}

test('without a source there is no mapping', () => {
  assert.deepEqual(kafkaMappings(synth()), []);
});

for (const [source, context] of Object.entries(KAFKA_VARIANTS)) {
  test(`the mapping from ${source} loses nothing and blocks on nothing`, () => {
    const stack = synth(context as Context);
    const mapping = mappingOf(stack);
    assert.equal(readable(stack, mapping.FunctionName), `<${CONSUMER}>`);
    assert.deepEqual(mapping.Topics, ['flight-operations']);
    assert.equal(mapping.StartingPosition, 'TRIM_HORIZON');
    assert.equal(mapping.BatchSize, 100);
    assert.equal(mapping.MaximumBatchingWindowInSeconds, undefined, 'unset means 500 ms');
    assert.deepEqual(mapping.FunctionResponseTypes, ['ReportBatchItemFailures']);
    assert.deepEqual(mapping.ProvisionedPollerConfig, { MinimumPollers: 1, MaximumPollers: 4 });
    assert.equal(mapping.BisectBatchOnFunctionError, true);
    assert.equal(mapping.MaximumRetryAttempts, 10_000);
    assert.equal(readable(stack, mapping.DestinationConfig.OnFailure.Destination), '<DeadLettersBucket>');
  });
}

describe('self-managed', () => {
  const group = { ConsumerGroupId: 'flightpulse-kafka-consumer' };

  test('over the internet signs in with the secret', () => {
    const stack = synth(KAFKA_VARIANTS['self-managed']);
    const mapping = mappingOf(stack);
    assert.deepEqual(mapping.SelfManagedEventSource, {
      Endpoints: { KafkaBootstrapServers: ['b1.example.com:9096', 'b2.example.com:9096'] },
    });
    assert.deepEqual(mapping.SourceAccessConfigurations, [{ Type: 'SASL_SCRAM_512_AUTH', URI: SECRET }]);
    assert.deepEqual(mapping.SelfManagedKafkaEventSourceConfig, group);
    assert.deepEqual(added(stack), [...MAPPING_GRANTS, `secretsmanager:GetSecretValue on ${SECRET}`].sort());
  });

  test('in a VPC needs no secret, but network interfaces', () => {
    const stack = synth(KAFKA_VARIANTS['self-managed in a VPC']);
    assert.deepEqual(mappingOf(stack).SourceAccessConfigurations, [
      { Type: 'VPC_SUBNET', URI: 'subnet:subnet-0a1' },
      { Type: 'VPC_SUBNET', URI: 'subnet:subnet-0b2' },
      { Type: 'VPC_SECURITY_GROUP', URI: 'security_group:sg-0c3a1b2c3d4e5f607' },
    ]);
    assert.deepEqual(added(stack), [...MAPPING_GRANTS, ...NETWORK_GRANTS].sort());
  });

  test('takes PLAIN, which is how Azure Event Hubs is reached', () => {
    const stack = synth({ ...KAFKA_VARIANTS['self-managed'], kafkaAuthentication: 'BASIC_AUTH' });
    assert.deepEqual(mappingOf(stack).SourceAccessConfigurations, [{ Type: 'BASIC_AUTH', URI: SECRET }]);
  });
});

describe('MSK', () => {
  const describeCluster = (cluster: string): string[] =>
    ['DescribeCluster', 'DescribeClusterV2', 'GetBootstrapBrokers'].map((name) => `kafka:${name} on ${cluster}`);

  test('by IAM may read the one topic in the one group', () => {
    const stack = synth(KAFKA_VARIANTS.msk);
    assert.equal(mappingOf(stack).EventSourceArn, CLUSTER);
    assert.equal(mappingOf(stack).SourceAccessConfigurations, undefined);
    const within = (kind: string): string => CLUSTER.replace(':cluster/', `:${kind}/`);
    assert.deepEqual(
      added(stack),
      [
        ...MAPPING_GRANTS,
        ...NETWORK_GRANTS,
        ...describeCluster(CLUSTER),
        `kafka-cluster:Connect on ${CLUSTER}`,
        `kafka-cluster:DescribeClusterDynamicConfiguration on ${CLUSTER}`,
        `kafka-cluster:DescribeTopic on ${within('topic')}/flight-operations`,
        `kafka-cluster:ReadData on ${within('topic')}/flight-operations`,
        `kafka-cluster:DescribeGroup on ${within('group')}/flightpulse-kafka-consumer`,
        `kafka-cluster:AlterGroup on ${within('group')}/flightpulse-kafka-consumer`,
      ].sort(),
    );
  });

  test('by SCRAM reads the secret instead', () => {
    const stack = synth({ ...KAFKA_VARIANTS.msk, kafkaSecretArn: SECRET });
    assert.deepEqual(mappingOf(stack).SourceAccessConfigurations, [{ Type: 'SASL_SCRAM_512_AUTH', URI: SECRET }]);
    assert.deepEqual(
      added(stack),
      [
        ...MAPPING_GRANTS,
        ...NETWORK_GRANTS,
        ...describeCluster(CLUSTER),
        `secretsmanager:GetSecretValue on ${SECRET}`,
      ].sort(),
    );
  });
});

describe('MSK Serverless', () => {
  const stack = synth(KAFKA_VARIANTS['msk-serverless']);

  test('is made with IAM authentication in isolated subnets of two zones', () => {
    const { Properties } = named(stack, 'AWS::MSK::ServerlessCluster', 'ClusterName', 'flightpulse');
    assert.deepEqual(Properties.ClientAuthentication, { Sasl: { Iam: { Enabled: true } } });
    assert.equal(Properties.VpcConfigs[0].SubnetIds.length, 2);
    assert.equal(readable(stack, mappingOf(stack).EventSourceArn), '<flightpulse>');
    for (const type of ['AWS::EC2::InternetGateway', 'AWS::EC2::NatGateway']) assert.deepEqual(ofType(stack, type), []);
  });

  test('has the endpoints of Lambda, STS and S3, and no custom resource', () => {
    const services = ofType(stack, 'AWS::EC2::VPCEndpoint').map(([, { Properties }]) =>
      readable(stack, Properties.ServiceName).replace('${AWS::Region}', 'region'),
    );
    assert.deepEqual(services.sort(), [
      'com.amazonaws.region.lambda',
      'com.amazonaws.region.s3',
      'com.amazonaws.region.sts',
    ]);
    assert.deepEqual(
      Object.values(stack.resources).filter(({ Type }) => Type.startsWith('Custom::')),
      [],
    );
  });

  test('lets nobody in but the members of its security group', () => {
    const rules = ofType(stack, 'AWS::EC2::SecurityGroupIngress').map(([, { Properties }]) => Properties);
    assert.deepEqual(rules.map(({ FromPort }) => FromPort).sort(), [443, 9098]);
    for (const { GroupId, SourceSecurityGroupId } of rules) assert.deepEqual(GroupId, SourceSecurityGroupId);
    const [[, { Properties }]] = ofType(stack, 'AWS::EC2::SecurityGroup') as any;
    assert.equal(Properties.SecurityGroupIngress, undefined);
  });

  test('may be read by the consumer in the one topic and the one group', () => {
    const cluster = added(stack).filter((grant) => grant.startsWith('kafka-cluster:'));
    const actions = cluster.map((grant) => grant.replace(/ on .*(\/[a-z-]+|<flightpulse>)$/, ' on $1'));
    assert.deepEqual(actions.sort(), [
      'kafka-cluster:AlterGroup on /flightpulse-kafka-consumer',
      'kafka-cluster:Connect on <flightpulse>',
      'kafka-cluster:DescribeClusterDynamicConfiguration on <flightpulse>',
      'kafka-cluster:DescribeGroup on /flightpulse-kafka-consumer',
      'kafka-cluster:DescribeTopic on /flight-operations',
      'kafka-cluster:ReadData on /flight-operations',
    ]);
  });
});
