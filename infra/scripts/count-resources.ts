/**
 * Prints what each kind of deployment has of what is billed by the month, as JSON: `count-resources.ts`. The ledger of
 * costs (`bench/ledger.sh`) multiplies it by prices.
 */
import { LOCAL, Resource, synth } from '../test/support/synth';
import { FEED_VARIANTS, KAFKA_VARIANTS, PRODUCER_VARIANTS } from '../test/support/variants';

type Counts = Record<string, number>;

/** An alarm is billed by the metrics that it looks at. */
function alarmMetrics({ Properties }: Resource): number {
  const parts: { MetricStat?: unknown }[] = Properties.Metrics ?? [];
  return Math.max(1, parts.filter((part) => part.MetricStat !== undefined).length);
}

/** Methods that call a function: API Gateway's own metrics are by method where they are detailed. */
function callsFunction({ Properties }: Resource): boolean {
  return Properties.Integration?.Type !== 'MOCK';
}

function counted(all: readonly Resource[]): Counts {
  const of = (type: string): Resource[] => all.filter((one) => one.Type === type);
  const mappings = of('AWS::Lambda::EventSourceMapping');
  const stages = of('AWS::ApiGateway::Stage');
  const detailed = stages.some(({ Properties }) =>
    (Properties.MethodSettings ?? []).some((one: { MetricsEnabled?: boolean }) => one.MetricsEnabled),
  );
  return {
    alarms: of('AWS::CloudWatch::Alarm').length,
    alarm_metrics: of('AWS::CloudWatch::Alarm').reduce((sum, alarm) => sum + alarmMetrics(alarm), 0),
    secrets: of('AWS::SecretsManager::Secret').length,
    keys: of('AWS::KMS::Key').length,
    dashboards: of('AWS::CloudWatch::Dashboard').length,
    functions: of('AWS::Lambda::Function').length,
    log_groups: of('AWS::Logs::LogGroup').length,
    // Only a queue's mapping is scaled so.
    queue_mappings: mappings.filter(({ Properties }) => Properties.ScalingConfig !== undefined).length,
    provisioned_mappings: mappings.filter(({ Properties }) => Properties.ProvisionedPollerConfig !== undefined).length,
    serverless_clusters: of('AWS::MSK::ServerlessCluster').length,
    nat_gateways: of('AWS::EC2::NatGateway').length,
    // One is billed for each zone that it stands in.
    endpoint_zones: of('AWS::EC2::VPCEndpoint')
      .filter(({ Properties }) => Properties.VpcEndpointType === 'Interface')
      .reduce((sum, { Properties }) => sum + Properties.SubnetIds.length, 0),
    detailed_methods: detailed ? of('AWS::ApiGateway::Method').filter(callsFunction).length : 0,
    methods: of('AWS::ApiGateway::Method').length,
  };
}

const memory = Object.fromEntries(
  Object.values(synth({ ...FEED_VARIANTS['bookings from all feeds'] }).resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => [Properties.FunctionName, Properties.MemorySize]),
);
const contexts = { 'no Kafka source': LOCAL, ...KAFKA_VARIANTS, ...PRODUCER_VARIANTS, ...FEED_VARIANTS };
const found = Object.entries(contexts).map(([name, context]) => [
  name,
  counted(Object.values(synth(context).resources)),
]);
console.log(JSON.stringify({ memory, contexts: Object.fromEntries(found) }, null, 1));
