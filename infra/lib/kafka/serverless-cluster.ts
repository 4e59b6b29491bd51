import { RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnServerlessCluster } from 'aws-cdk-lib/aws-msk';
import { Construct } from 'constructs';
import { logGroup } from '../log-group';
import { KafkaNetwork } from './producer-context';

/** A literal, for the local cloud cannot resolve a VPC's CidrBlock; 512 addresses for two subnets and endpoints. */
const CIDR = '10.42.0.0/23';

/** MSK Serverless listens for IAM-authenticated clients on this port only. */
const IAM_PORT = 9098;
const HTTPS = 443;

/**
 * An MSK Serverless cluster in a network of its own, with no way to the internet.
 *
 * Costs, from memory: about $0.75 an hour for the cluster, and about $0.01 an hour for each interface endpoint in
 * each zone. The topic is not made here: MSK Serverless does not create topics on first use, and a producer inside
 * the network has to create `flight-operations` before the mapping finds anything to read.
 */
export class ServerlessCluster extends Construct {
  readonly clusterArn: string;
  /** Where its brokers are reached from: its subnets and the group of its members. */
  readonly network: KafkaNetwork;

  constructor(scope: Construct, id: string, props: { readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    const vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr(CIDR),
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'kafka', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 26 }],
      // CDK empties the default group with a custom resource; nothing is ever put into that group here.
      restrictDefaultSecurityGroup: false,
    });
    vpc.addFlowLog('Flows', {
      destination: ec2.FlowLogDestination.toCloudWatchLogs(
        logGroup(this, 'FlowLogs', '/flightpulse/kafka/flows', props.removalPolicy),
      ),
      trafficType: ec2.FlowLogTrafficType.REJECT,
    });

    const members = new ec2.SecurityGroup(this, 'Members', {
      vpc,
      description: 'Kafka brokers, the mapping, and whatever produces',
      allowAllOutbound: false,
    });
    for (const [port, what] of [
      [IAM_PORT, 'Kafka'],
      [HTTPS, 'Interface endpoints'],
    ] as const) {
      members.addIngressRule(members, ec2.Port.tcp(port), `${what}, within this group`);
      members.addEgressRule(members, ec2.Port.tcp(port), `${what}, within this group`);
    }
    this.endpoints(vpc, members);

    this.network = {
      subnetIds: vpc.isolatedSubnets.map((subnet) => subnet.subnetId),
      securityGroupId: members.securityGroupId,
    };
    const cluster = new CfnServerlessCluster(this, 'Cluster', {
      clusterName: 'flightpulse',
      clientAuthentication: { sasl: { iam: { enabled: true } } },
      vpcConfigs: [{ subnetIds: [...this.network.subnetIds], securityGroups: [this.network.securityGroupId] }],
    });
    cluster.applyRemovalPolicy(props.removalPolicy);
    this.clusterArn = cluster.attrArn;
  }

  /**
   * The poller calls Lambda and STS from the cluster's subnets, and writes what it gives up on to S3. In
   * provisioned mode AWS no longer asks for the first two; they stay so that the mode can be changed back.
   */
  private endpoints(vpc: ec2.Vpc, members: ec2.SecurityGroup): void {
    vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    // S3's prefix list has a different id in each region; the subnets route nowhere else, so any address is S3.
    members.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(HTTPS), 'S3 through its gateway, for failed batches');
    const services = { Lambda: ec2.InterfaceVpcEndpointAwsService.LAMBDA, Sts: ec2.InterfaceVpcEndpointAwsService.STS };
    for (const [endpointId, service] of Object.entries(services)) {
      vpc.addInterfaceEndpoint(endpointId, { service, securityGroups: [members], open: false });
    }
  }
}
