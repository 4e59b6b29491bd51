import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { RustFunction } from '../rust-function';
import { KafkaSecret } from './context';
import { functionInNetwork, readSecret, writeTopic } from './grants';
import { KafkaNetwork } from './producer-context';

export interface KafkaProducerProps {
  readonly brokers: readonly string[];
  readonly network: KafkaNetwork;
  /** The cluster that IAM signs in to; undefined where the brokers are nobody's that IAM knows. */
  readonly clusterArn: string | undefined;
  /** Signs in in place of IAM. */
  readonly secret: KafkaSecret | undefined;
  readonly assets: string;
  readonly architecture: Architecture;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * The function that writes to the topic from inside the brokers' network, for testers whose machine is not in it. It is
 * called by whoever may call it in IAM: no permission is added for anybody.
 *
 * With a secret it calls Secrets Manager, so the subnets need a way there: an interface endpoint or a NAT gateway. With IAM
 * it calls nothing but the brokers.
 */
export class KafkaProducer extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: KafkaProducerProps) {
    super(scope, id);
    const { brokers, network, assets, architecture, removalPolicy } = props;
    const { signIn, environment, grants } = signInOf(props);
    this.function = new RustFunction(this, 'Function', {
      functionName: 'FlightPulse-KafkaProducer',
      description: 'Writes records to the topic from inside the network of the brokers, for testers',
      assets,
      architecture,
      removalPolicy,
      environment: { KAFKA_BROKERS: brokers.join(','), KAFKA_SIGN_IN: signIn, ...environment },
      grants: [functionInNetwork(), ...grants],
      timeout: Duration.seconds(30),
      // A megabyte of records, decoded from base64, and TLS.
      memorySize: 512,
    }).function;
    // Ids are all that is known of a network of the deployer's; an `IVpc` would ask for its zones and routes too.
    (this.function.node.defaultChild as CfnFunction).vpcConfig = {
      subnetIds: [...network.subnetIds],
      securityGroupIds: [network.securityGroupId],
    };
  }
}

function signInOf({ clusterArn, secret }: Pick<KafkaProducerProps, 'clusterArn' | 'secret'>): {
  signIn: string;
  environment: Record<string, string>;
  grants: PolicyStatement[];
} {
  if (secret !== undefined) {
    return {
      signIn: secret.authentication,
      environment: { KAFKA_SECRET_ARN: secret.arn },
      grants: [readSecret(secret)],
    };
  }
  if (clusterArn !== undefined) return { signIn: 'MSK_IAM', environment: {}, grants: writeTopic(clusterArn) };
  return { signIn: 'NONE', environment: {}, grants: [] };
}
