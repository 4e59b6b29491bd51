import { Arn, ArnFormat, Fn } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { KAFKA_CONSUMER_GROUP, KAFKA_TOPIC } from '../names';
import { KafkaSecret } from './context';

/**
 * What AWS documents for a mapping inside a VPC (Lambda developer guide, "Configuring Lambda permissions for Amazon
 * MSK event source mappings"). None of these actions can be bound to a resource known before the interface exists.
 */
export function networkInterfaces(): PolicyStatement {
  return new PolicyStatement({
    actions: [
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
    ],
    resources: ['*'],
  });
}

/**
 * For a function inside a VPC: what AWS documents (Lambda developer guide, "Giving Lambda functions access to resources in
 * an Amazon VPC"). The interfaces are made by the service, under ids that nobody knows before.
 */
export function functionInNetwork(): PolicyStatement {
  return new PolicyStatement({
    actions: [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  });
}

/** To find the brokers of an MSK cluster. */
export function describeCluster(clusterArn: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['kafka:DescribeCluster', 'kafka:DescribeClusterV2', 'kafka:GetBootstrapBrokers'],
    resources: [clusterArn],
  });
}

/** To read the one topic in the one consumer group under IAM authentication, and nothing else of the cluster. */
export function readTopic(clusterArn: string): PolicyStatement[] {
  const on = (actions: string[], resource: string): PolicyStatement =>
    new PolicyStatement({ actions: actions.map((name) => `kafka-cluster:${name}`), resources: [resource] });
  return [
    on(['Connect', 'DescribeClusterDynamicConfiguration'], clusterArn),
    on(['DescribeTopic', 'ReadData'], withinCluster(clusterArn, 'topic', KAFKA_TOPIC)),
    on(['DescribeGroup', 'AlterGroup'], withinCluster(clusterArn, 'group', KAFKA_CONSUMER_GROUP)),
  ];
}

/** To write to the one topic under IAM authentication, and nothing else of the cluster. */
export function writeTopic(clusterArn: string): PolicyStatement[] {
  const on = (actions: string[], resource: string): PolicyStatement =>
    new PolicyStatement({ actions: actions.map((name) => `kafka-cluster:${name}`), resources: [resource] });
  return [
    on(['Connect'], clusterArn),
    on(['DescribeTopic', 'WriteData'], withinCluster(clusterArn, 'topic', KAFKA_TOPIC)),
  ];
}

/** To fetch the sign-in; a secret under a customer-managed key needs kms:Decrypt in that key's policy as well. */
export function readSecret(secret: KafkaSecret): PolicyStatement {
  return new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secret.arn] });
}

/** `…:cluster/<name>/<uuid>` → `…:<kind>/<name>/<uuid>/<member>`; the cluster's ARN may be a token. */
function withinCluster(clusterArn: string, kind: 'topic' | 'group', member: string): string {
  const { partition, service, region, account } = Arn.split(clusterArn, ArnFormat.SLASH_RESOURCE_NAME);
  const name = Fn.select(1, Fn.split('/', clusterArn));
  const uuid = Fn.select(2, Fn.split('/', clusterArn));
  return `arn:${partition}:${service}:${region}:${account}:${kind}/${name}/${uuid}/${member}`;
}
