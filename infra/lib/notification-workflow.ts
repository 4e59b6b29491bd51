import { RemovalPolicy } from 'aws-cdk-lib';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Functions } from './functions';
import { WorkflowName } from './names';
import { Workflow } from './workflow';

export interface NotificationWorkflowProps {
  readonly name: WorkflowName;
  readonly table: Table;
  readonly functions: Functions;
  readonly deadLetterQueue: IQueue;
  readonly removalPolicy: RemovalPolicy;
}

/** The three workflows that tell passengers, by what starts them. */
export interface Workflows {
  readonly delay: StateMachine;
  readonly cancellation: StateMachine;
  readonly gateChange: StateMachine;
}

/** A workflow that tells passengers one kind of news: claim, update, find, word, dispatch. */
export class NotificationWorkflow extends Workflow {
  constructor(scope: Construct, id: string, props: NotificationWorkflowProps) {
    const { name, table, functions, deadLetterQueue, removalPolicy } = props;
    const grants: [string[], string][] = [
      [['dynamodb:GetItem', 'dynamodb:UpdateItem'], table.tableArn],
      [['sqs:SendMessage'], deadLetterQueue.queueArn],
    ];
    super(scope, id, {
      name,
      callable: {
        FlightUpdaterArn: functions.flightUpdater,
        BookingUpdaterArn: functions.bookingUpdater,
        RecipientFinderArn: functions.recipientFinder,
        LlmMessengerArn: functions.llmMessenger,
        NotificationDispatcherArn: functions.notificationDispatcher,
      },
      offered: { TableName: table.tableName, DeadLetterQueueUrl: deadLetterQueue.queueUrl },
      grants: grants.map(([actions, resource]) => new PolicyStatement({ actions, resources: [resource] })),
      removalPolicy,
    });
  }
}
