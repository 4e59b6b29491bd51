import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { KAFKA_CONSUMER_GROUP } from '../names';
import { KafkaSource } from './context';
import { describeCluster, networkInterfaces, readSecret, readTopic } from './grants';
import { KafkaConnection, KafkaMapping } from './mapping';
import { ServerlessCluster } from './serverless-cluster';

export interface KafkaProps {
  readonly consumer: LambdaFunction;
  readonly failures: IBucket;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Joins the topic to the consumer as the context says. `none` makes nothing: locally our own mapping program
 * invokes the consumer, whose name is the same in every case.
 */
export function kafkaMapping(scope: Construct, source: KafkaSource, props: KafkaProps): void {
  if (source.kind === 'none') return;
  const { connection, grants } = connect(scope, source, props.removalPolicy);
  const { consumer, failures } = props;
  new KafkaMapping(scope, 'Kafka', { consumer, failures, connection, grants });
}

interface Connected {
  readonly connection: KafkaConnection;
  readonly grants: readonly PolicyStatement[];
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
      return msk(source.clusterArn, source.secret);
    case 'msk-serverless':
      return msk(new ServerlessCluster(scope, 'KafkaCluster', { removalPolicy }).clusterArn, undefined);
  }
}

/** Any brokers that speak the Kafka protocol, Azure Event Hubs with BASIC_AUTH among them. */
function selfManaged({ brokers, secret, network }: Extract<KafkaSource, { kind: 'self-managed' }>): Connected {
  const subnets = network?.subnetIds.map((subnetId) => ({ type: 'VPC_SUBNET', uri: `subnet:${subnetId}` })) ?? [];
  const group = network && [{ type: 'VPC_SECURITY_GROUP', uri: `security_group:${network.securityGroupId}` }];
  const signIn = secret && [{ type: secret.authentication, uri: secret.arn }];
  return {
    connection: {
      selfManagedEventSource: { endpoints: { kafkaBootstrapServers: [...brokers] } },
      sourceAccessConfigurations: [...(signIn ?? []), ...subnets, ...(group ?? [])],
      selfManagedKafkaEventSourceConfig: { consumerGroupId: KAFKA_CONSUMER_GROUP },
    },
    grants: [...(secret ? [readSecret(secret)] : []), ...(network ? [networkInterfaces()] : [])],
  };
}

/** MSK, provisioned or serverless: SCRAM where a secret is given, IAM otherwise. */
function msk(clusterArn: string, secret: Extract<KafkaSource, { kind: 'msk' }>['secret']): Connected {
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
  };
}
