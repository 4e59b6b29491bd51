import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnResourcePolicy, ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { pattern } from './event-rules';
import { logGroup } from './log-group';
import { LOG_GROUPS } from './names';
import { LogGroupTarget } from './rule-targets';

export interface NotificationsProps {
  readonly bus: events.IEventBus;
  readonly ruleDeadLetters: Queue;
  readonly removalPolicy: RemovalPolicy;
}

interface Channel {
  readonly group: ILogGroup;
  readonly rule: events.Rule;
}

/** The finished notifications: each `notification.<channel>` event becomes one entry of that channel's log group. */
export class Notifications extends Construct {
  constructor(scope: Construct, id: string, props: NotificationsProps) {
    super(scope, id);
    const channels = [
      this.channel('Email', 'notification.email', LOG_GROUPS.email, props),
      this.channel('Sms', 'notification.sms', LOG_GROUPS.sms, props),
    ];
    // EventBridge writes to log groups by the account's Logs resource policies, not by a role.
    new CfnResourcePolicy(this, 'DeliveryPolicy', {
      policyName: 'FlightPulse-NotificationDelivery',
      policyDocument: Stack.of(this).toJsonString(new PolicyDocument({ statements: channels.flatMap(deliver) })),
    });
  }

  private channel(id: string, detailType: string, name: string, props: NotificationsProps): Channel {
    const group = logGroup(this, `${id}Log`, name, props.removalPolicy);
    const rule = new events.Rule(this, id, {
      eventBus: props.bus,
      description: `${detailType} events to ${name}`,
      eventPattern: pattern([detailType]),
    });
    rule.addTarget(new LogGroupTarget(name, props.ruleDeadLetters));
    // The target names the group without referring to it.
    rule.node.addDependency(group);
    return { group, rule };
  }
}

/**
 * Leave to write to one channel's group, as AWS documents it: EventBridge hands the entry to the log delivery
 * service, so both principals appear; the rule's ARN comes along with the entries, not with the making of a stream.
 */
function deliver({ group, rule }: Channel): PolicyStatement[] {
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
