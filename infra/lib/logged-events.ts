import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnResourcePolicy, ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { pattern } from './event-rules';
import { logGroup } from './log-group';
import { LogGroupTarget } from './rule-targets';

export interface LoggedEventsProps {
  readonly bus: events.IEventBus;
  readonly ruleDeadLetters: Queue;
  readonly removalPolicy: RemovalPolicy;
}

/** Some events and the log group where each becomes one entry. */
export interface LoggedEvents {
  readonly group: ILogGroup;
  readonly rule: events.Rule;
}

/** A rule from some detail types to a log group of their own. Without a delivery policy nothing arrives. */
export function loggedEvents(
  scope: Construct,
  id: string,
  detailTypes: string[],
  name: string,
  props: LoggedEventsProps,
): LoggedEvents {
  const group = logGroup(scope, `${id}Log`, name, props.removalPolicy);
  const rule = new events.Rule(scope, id, {
    eventBus: props.bus,
    description: `${detailTypes.join(' and ')} events to ${name}`,
    eventPattern: pattern(detailTypes),
  });
  rule.addTarget(new LogGroupTarget(name, props.ruleDeadLetters));
  // The target names the group without referring to it.
  rule.node.addDependency(group);
  return { group, rule };
}

/** EventBridge writes to log groups by the account's Logs resource policies (at most ten), not by a role. */
export function deliveryPolicy(scope: Construct, policyName: string, logged: LoggedEvents[]): void {
  new CfnResourcePolicy(scope, 'DeliveryPolicy', {
    policyName,
    policyDocument: Stack.of(scope).toJsonString(new PolicyDocument({ statements: logged.flatMap(deliver) })),
  });
}

/**
 * Leave to write to one group, as AWS documents it: EventBridge hands the entry to the log delivery service, so both
 * principals appear; the rule's ARN comes along with the entries, not with the making of a stream.
 */
function deliver({ group, rule }: LoggedEvents): PolicyStatement[] {
  const common = {
    principals: ['delivery.logs.amazonaws.com', 'events.amazonaws.com'].map((name) => new ServicePrincipal(name)),
    resources: [group.logGroupArn],
  };
  return [
    new PolicyStatement({ ...common, actions: ['logs:CreateLogStream'] }),
    new PolicyStatement({
      ...common,
      actions: ['logs:PutLogEvents'],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
    }),
  ];
}
