import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { KAFKA_CONSUMER_GROUP, KAFKA_TOPIC } from '../names';
import { KafkaSecret, KafkaSource } from './context';
import { describeCluster, networkInterfaces, readSecret, readTopic } from './grants';
import { KafkaConnection, KafkaMapping } from './mapping';
import { KafkaProducer } from './producer';
import { KafkaNetwork, KafkaProducerContext } from './producer-context';
import { ServerlessCluster } from './serverless-cluster';

export interface KafkaProps {
  readonly consumer: LambdaFunction;
  readonly failures: IBucket;
  readonly producer: KafkaProducerContext | undefined;
  readonly assets: string;
  readonly architecture: Architecture;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Joins the topic to the consumer as the context says, and, where it asks for one, makes the function that writes to the
 * topic. `none` makes nothing: locally our own mapping program invokes the consumer, whose name is the same in every case.
 */
export function kafkaMapping(scope: Construct, source: KafkaSource, props: KafkaProps): LambdaFunction | undefined {
  if (source.kind === 'none') return undefined;
  const { connection, grants, ...reached } = connect(scope, source, props.removalPolicy);
  const { consumer, failures, producer, assets, architecture, removalPolicy } = props;
  new KafkaMapping(scope, 'Kafka', { consumer, failures, topic: KAFKA_TOPIC, connection, grants });
  const network = producer?.network ?? reached.network;
  if (producer === undefined || network === undefined) return undefined;
  const { brokers } = producer;
  const own = { brokers, network, assets, architecture, removalPolicy };
  return new KafkaProducer(scope, 'KafkaProducer', { ...reached, ...own }).function;
}

interface Connected {
  readonly connection: KafkaConnection;
  readonly grants: readonly PolicyStatement[];
  /** How something inside the network of the brokers signs in: to this cluster by IAM, or with this secret. */
  readonly clusterArn: string | undefined;
  readonly secret: KafkaSecret | undefined;
  /** The network of the brokers, where the source itself says it. */
  readonly network: KafkaNetwork | undefined;
}

function connect(
  scope: Construct,
  source: Exclude<KafkaSource, { kind: 'none' }>,
  removalPolicy: RemovalPolicy,
): Connected {
  switch (source.kind) {
    case 'self-managed':
      return selfManaged(source);
    case 'msk':
      return msk(source.clusterArn, source.secret, undefined);
    case 'msk-serverless': {
      const { clusterArn, network } = new ServerlessCluster(scope, 'KafkaCluster', { removalPolicy });
      return msk(clusterArn, undefined, network);
    }
  }
}

/** Any brokers that speak the Kafka protocol. */
function selfManaged({ brokers, secret, network }: Extract<KafkaSource, { kind: 'self-managed' }>): Connected {
  return {
    connection: selfManagedConnection({ brokers, secret, network }, KAFKA_CONSUMER_GROUP),
    grants: [...(secret ? [readSecret(secret)] : []), ...(network ? [networkInterfaces()] : [])],
    clusterArn: undefined,
    secret,
    network,
  };
}

interface SelfManaged {
  readonly brokers: readonly string[];
  readonly secret: KafkaSecret | undefined;
  readonly network: KafkaNetwork | undefined;
}

/** How a mapping reaches brokers that AWS does not run, Azure Event Hubs with BASIC_AUTH among them. */
export function selfManagedConnection({ brokers, secret, network }: SelfManaged, group: string): KafkaConnection {
  const subnets = network?.subnetIds.map((subnetId) => ({ type: 'VPC_SUBNET', uri: `subnet:${subnetId}` })) ?? [];
  const members = network && [{ type: 'VPC_SECURITY_GROUP', uri: `security_group:${network.securityGroupId}` }];
  const signIn = secret && [{ type: secret.authentication, uri: secret.arn }];
  return {
    selfManagedEventSource: { endpoints: { kafkaBootstrapServers: [...brokers] } },
    sourceAccessConfigurations: [...(signIn ?? []), ...subnets, ...(members ?? [])],
    selfManagedKafkaEventSourceConfig: { consumerGroupId: group },
  };
}

/** MSK, provisioned or serverless: SCRAM where a secret is given, IAM otherwise. */
function msk(clusterArn: string, secret: KafkaSecret | undefined, network: KafkaNetwork | undefined): Connected {
  return {
    connection: {
      eventSourceArn: clusterArn,
      amazonManagedKafkaEventSourceConfig: { consumerGroupId: KAFKA_CONSUMER_GROUP },
      ...(secret && { sourceAccessConfigurations: [{ type: secret.authentication, uri: secret.arn }] }),
    },
    grants: [
      describeCluster(clusterArn),
      networkInterfaces(),
      ...(secret ? [readSecret(secret)] : readTopic(clusterArn)),
    ],
    clusterArn,
    secret,
    network,
  };
}
