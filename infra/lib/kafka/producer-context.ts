import type { Node } from 'constructs';
import { list, oneOf, optional } from '../context-values';
import { RefusedInput } from '../refused-input';
import type { KafkaSource } from './context';

/** Subnets and the security group that something inside a VPC is put into. */
export interface KafkaNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
}

/** The producer function's way to the brokers. */
export interface KafkaProducerContext {
  readonly brokers: readonly string[];
  /** Where it stands; the network of the cluster that the stack itself makes, when there is none. */
  readonly network: KafkaNetwork | undefined;
}

/** One of them. */
export const BROKER = /^[A-Za-z0-9.-]+:\d{1,5}$/;
export const BROKERS = 'a comma list of host:port';

/** The brokers of the context, as `host:port`. */
export function readBrokers(node: Node): string[] {
  return list(node, 'kafkaBrokers', BROKER, BROKERS);
}

/** Subnets and security group of the brokers that the keys with this prefix are about, both or neither. */
export function readNetwork(node: Node, prefix: 'kafka' | 'bookingsKafka' = 'kafka'): KafkaNetwork | undefined {
  const [subnets, group] = [`${prefix}SubnetIds`, `${prefix}SecurityGroupId`];
  const subnetIds = list(node, subnets, /^subnet-[0-9a-f]+$/, 'a comma list of subnet ids');
  const securityGroupId = optional(node, group, /^sg-[0-9a-f]+$/, 'a security group id');
  if (subnetIds.length > 0 !== (securityGroupId !== undefined)) {
    throw new RefusedInput(`Context ${subnets} and ${group} belong together: give both or neither.`);
  }
  return securityGroupId === undefined ? undefined : { subnetIds, securityGroupId };
}

/**
 * Reads `kafkaProducer` and what the source lacks for it. The keys that a source reads for the producer alone are refused
 * without it, for they would be silently ignored.
 */
export function readKafkaProducer(node: Node, source: KafkaSource): KafkaProducerContext | undefined {
  if (oneOf(node, 'kafkaProducer', ['true', 'false'], 'false') === 'false') {
    if (source.kind === 'msk' || source.kind === 'msk-serverless') refuseProducersKeys(node, source.kind);
    return undefined;
  }
  switch (source.kind) {
    case 'none':
      throw new RefusedInput(
        'Context kafkaProducer needs brokers in a network: give kafkaSource self-managed (with kafkaSubnetIds), msk or ' +
          'msk-serverless.',
      );
    case 'self-managed':
      if (source.network === undefined) {
        throw new RefusedInput(
          'Context kafkaProducer is for brokers in a VPC: give kafkaSubnetIds and kafkaSecurityGroupId. Brokers on the ' +
            'internet can be written to directly.',
        );
      }
      return { brokers: source.brokers, network: source.network };
    case 'msk': {
      const network = readNetwork(node);
      if (network === undefined) {
        throw new RefusedInput(
          "Context kafkaProducer with kafkaSource msk needs kafkaSubnetIds and kafkaSecurityGroupId: the cluster's VPC " +
            'cannot be told from its ARN.',
        );
      }
      return { brokers: requiredBrokers(node, 'msk'), network };
    }
    case 'msk-serverless':
      return { brokers: requiredBrokers(node, 'msk-serverless'), network: undefined };
  }
}

function requiredBrokers(node: Node, kind: string): string[] {
  const brokers = readBrokers(node);
  if (brokers.length > 0) return brokers;
  throw new RefusedInput(
    `Context kafkaProducer with kafkaSource ${kind} needs kafkaBrokers, ${BROKERS}: CloudFormation does not tell a ` +
      "cluster's brokers; `aws kafka get-bootstrap-brokers --cluster-arn …` does, once it is there.",
  );
}

function refuseProducersKeys(node: Node, kind: string): void {
  for (const key of ['kafkaBrokers', 'kafkaSubnetIds', 'kafkaSecurityGroupId']) {
    if (node.tryGetContext(key) === undefined) continue;
    throw new RefusedInput(`Context ${key} is read with kafkaSource ${kind} for kafkaProducer=true only.`);
  }
}
