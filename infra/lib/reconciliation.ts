import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { DeadLetters } from './dead-letters';
import { EVENT_SOURCE_PREFIX, EXPORT_FOLDERS, WorkflowName } from './names';
import { RULE_DELIVERY } from './rule-targets';
import { Workflow } from './workflow';

const NAME: WorkflowName = 'FlightPulseReconciliation';

/** `Label` of the Distributed Map in the definition: a part of the names of the executions that it starts. */
const MAP_LABEL = 'Parts';

export interface ReconciliationProps {
  readonly bucket: IBucket;
  readonly bus: events.IEventBus;
  /** Plans, reads and reports. */
  readonly worker: IFunction;
  readonly deadLetters: DeadLetters;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Exports against the table: each file that is written to the bucket's exports starts the workflow, and so does a request
 * on our bus, by which a run that failed is made again.
 */
export class Reconciliation extends Construct {
  readonly workflow: StateMachine;

  constructor(scope: Construct, id: string, props: ReconciliationProps) {
    super(scope, id);
    const { bucket, bus, worker, removalPolicy } = props;
    const { deadLetters, ruleDeadLetters } = props.deadLetters;
    this.workflow = new Workflow(this, 'Workflow', {
      name: NAME,
      callable: { S3ReconciliationArn: worker },
      offered: { DeadLetterQueueUrl: deadLetters.queueUrl },
      grants: [
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
        ...this.ownExecutions(),
      ],
      removalPolicy,
    }).stateMachine;

    const target = new SfnStateMachine(this.workflow, { ...RULE_DELIVERY, deadLetterQueue: ruleDeadLetters });
    new events.Rule(this, 'Exports', {
      // S3 tells the account's own bus.
      description: 'Files of exports start the reconciliation',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        // What the workflow itself writes to the bucket is beside the exports.
        detail: { bucket: { name: [bucket.bucketName] }, object: { key: events.Match.prefix(EXPORT_FOLDERS.exports) } },
      },
    }).addTarget(target);
    new events.Rule(this, 'Requests', {
      eventBus: bus,
      description: 'Requests to make a reconciliation again',
      eventPattern: { source: [`${EVENT_SOURCE_PREFIX}reconciliation`], detailType: ['reconciliation.requested'] },
    }).addTarget(target);
  }

  /**
   * The Distributed Map starts executions of its own state machine, by the machine's role. By its name: the role is
   * made first.
   * https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
   */
  private ownExecutions(): PolicyStatement[] {
    const arn = (resource: string, resourceName: string): string =>
      Stack.of(this).formatArn({
        service: 'states',
        resource,
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    const grants: [string[], string][] = [
      [['states:StartExecution'], arn('stateMachine', NAME)],
      [['states:DescribeExecution', 'states:StopExecution'], arn('execution', `${NAME}:*`)],
      [['states:RedriveExecution'], arn('execution', `${NAME}/${MAP_LABEL}:*`)],
    ];
    return grants.map(([actions, resource]) => new PolicyStatement({ actions, resources: [resource] }));
  }
}
