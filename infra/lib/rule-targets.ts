import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { IRule, IRuleTarget, RuleTargetConfig } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';

/**
 * How long EventBridge keeps trying a target before the event goes to `FlightPulse-RuleDeadLetters`. These are the
 * service's own maxima (and defaults), written down because the reliability page counts on them.
 */
export const RULE_DELIVERY = { maxEventAge: Duration.hours(24), retryAttempts: 185 } as const;

/** A queue as a rule target, with leave to send for that rule alone; CDK's own also lets it read the attributes. */
export class QueueTarget implements IRuleTarget {
  constructor(
    private readonly queue: Queue,
    private readonly deadLetterQueue: Queue,
  ) {}

  bind(rule: IRule): RuleTargetConfig {
    allowSend(rule, this.queue);
    return { arn: this.queue.queueArn, ...delivery(rule, this.deadLetterQueue) };
  }
}

/**
 * A log group as a rule target. CDK's own target makes the Logs resource policy with a custom resource; here that
 * policy is a plain resource of the notifications construct.
 */
export class LogGroupTarget implements IRuleTarget {
  constructor(
    private readonly logGroupName: string,
    private readonly deadLetterQueue: Queue,
  ) {}

  bind(rule: IRule): RuleTargetConfig {
    // Without the `:*` at its end that IAM wants and that the log group's own ARN attribute carries.
    const arn = Stack.of(rule).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: this.logGroupName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    return { arn, ...delivery(rule, this.deadLetterQueue) };
  }
}

function delivery(rule: IRule, deadLetterQueue: Queue): Pick<RuleTargetConfig, 'deadLetterConfig' | 'retryPolicy'> {
  allowSend(rule, deadLetterQueue);
  return {
    deadLetterConfig: { arn: deadLetterQueue.queueArn },
    retryPolicy: {
      maximumEventAgeInSeconds: RULE_DELIVERY.maxEventAge.toSeconds(),
      maximumRetryAttempts: RULE_DELIVERY.retryAttempts,
    },
  };
}

function allowSend(rule: IRule, queue: Queue): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
    }),
  );
}
