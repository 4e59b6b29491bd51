import type { Node } from 'constructs';
import { oneOf, optional, REGION_ARN, reject } from '../context-values';
import { RefusedInput } from '../refused-input';
import { KafkaNetwork, readBrokers, readNetwork } from './producer-context';

/** How a secret in Secrets Manager is used to sign in to the brokers. */
export type KafkaAuthentication = 'SASL_SCRAM_512_AUTH' | 'SASL_SCRAM_256_AUTH' | 'BASIC_AUTH';

export interface KafkaSecret {
  readonly arn: string;
  readonly authentication: KafkaAuthentication;
}

/** Where flight operations come from: the four ways to feed the one topic. */
export type KafkaSource =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'self-managed';
      readonly brokers: readonly string[];
      readonly secret: KafkaSecret | undefined;
      readonly network: KafkaNetwork | undefined;
    }
  | { readonly kind: 'msk'; readonly clusterArn: string; readonly secret: KafkaSecret | undefined }
  | { readonly kind: 'msk-serverless' };

const KINDS = ['none', 'self-managed', 'msk', 'msk-serverless'] as const;

/**
 * Which further keys each source reads; any other of them is refused, for it would be silently ignored. MSK reads brokers,
 * subnets and security group for the producer function.
 */
const KEYS_OF: Record<(typeof KINDS)[number], readonly string[]> = {
  none: [],
  'self-managed': ['kafkaBrokers', 'kafkaSecretArn', 'kafkaAuthentication', 'kafkaSubnetIds', 'kafkaSecurityGroupId'],
  msk: [
    'mskClusterArn',
    'kafkaSecretArn',
    'kafkaAuthentication',
    'kafkaBrokers',
    'kafkaSubnetIds',
    'kafkaSecurityGroupId',
  ],
  'msk-serverless': ['kafkaBrokers'],
};

/** Reads `kafkaSource` and the keys that belong to it. */
export function readKafkaSource(node: Node): KafkaSource {
  const kind = oneOf(node, 'kafkaSource', KINDS, 'none');
  refuseForeignKeys(node, kind);
  switch (kind) {
    case 'none':
    case 'msk-serverless':
      return { kind };
    case 'self-managed':
      return readSelfManaged(node);
    case 'msk':
      return readMsk(node);
  }
}

function readSelfManaged(node: Node): KafkaSource {
  const brokers = readBrokers(node);
  if (brokers.length === 0) throw reject('kafkaBrokers', undefined, 'a comma list of host:port for self-managed');
  const secret = readSecret(node);
  const network = readNetwork(node);
  if (network === undefined && secret === undefined) {
    throw new RefusedInput(
      'Self-managed brokers without kafkaSubnetIds are reached over the internet, where Lambda asks for a sign-in: ' +
        'give kafkaSecretArn, or kafkaSubnetIds with kafkaSecurityGroupId.',
    );
  }
  return { kind: 'self-managed', brokers, secret, network };
}

function readMsk(node: Node): KafkaSource {
  const clusterArn = optional(node, 'mskClusterArn', MSK_CLUSTER_ARN, 'the ARN of an MSK cluster');
  if (clusterArn === undefined) throw reject('mskClusterArn', undefined, 'the ARN of an MSK cluster for msk');
  const secret = readSecret(node);
  if (secret !== undefined && secret.authentication !== 'SASL_SCRAM_512_AUTH') {
    throw reject('kafkaAuthentication', secret.authentication, 'SASL_SCRAM_512_AUTH, the only SCRAM that MSK offers');
  }
  return { kind: 'msk', clusterArn, secret };
}

function readSecret(node: Node): KafkaSecret | undefined {
  const arn = optional(node, 'kafkaSecretArn', REGION_ARN('secretsmanager'), 'the ARN of a Secrets Manager secret');
  const authentication = oneOf<KafkaAuthentication>(
    node,
    'kafkaAuthentication',
    ['SASL_SCRAM_512_AUTH', 'SASL_SCRAM_256_AUTH', 'BASIC_AUTH'],
    'SASL_SCRAM_512_AUTH',
  );
  return arn === undefined ? undefined : { arn, authentication };
}

function refuseForeignKeys(node: Node, kind: (typeof KINDS)[number]): void {
  for (const key of new Set(Object.values(KEYS_OF).flat())) {
    if (node.tryGetContext(key) === undefined || KEYS_OF[kind].includes(key)) continue;
    const homes = KINDS.filter((candidate) => KEYS_OF[candidate].includes(key));
    throw new RefusedInput(`Context ${key} belongs to kafkaSource ${homes.join(' or ')}, but kafkaSource is ${kind}.`);
  }
}

/** `arn:…:cluster/<name>/<uuid>`: the IAM grants for topic and group are derived from its last two parts. */
const MSK_CLUSTER_ARN = /^arn:aws[a-z-]*:kafka:[a-z0-9-]+:\d{12}:cluster\/[^/]+\/[^/]+$/;
