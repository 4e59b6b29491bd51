import { readFileSync } from 'node:fs';
import { RemovalPolicy } from 'aws-cdk-lib';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Functions } from './functions';
import { logGroup } from './log-group';
import { DELAY_WORKFLOW_NAME, LOG_GROUPS } from './names';

export interface DelayWorkflowProps {
  /** The ASL file, deployed as it stands. */
  readonly definitionFile: string;
  readonly table: Table;
  readonly functions: Functions;
  readonly deadLetterQueue: IQueue;
  readonly removalPolicy: RemovalPolicy;
}

/** The Standard workflow of a delay: claim, update, find, word, dispatch. */
export class DelayWorkflow extends Construct {
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, props: DelayWorkflowProps) {
    super(scope, id);
    const { table, functions, deadLetterQueue } = props;
    const { flightUpdater, recipientFinder, llmMessenger, notificationDispatcher } = functions;

    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: `Execution role of ${DELAY_WORKFLOW_NAME}`,
    });
    const grants: [string[], string[]][] = [
      [
        ['lambda:InvokeFunction'],
        [flightUpdater, recipientFinder, llmMessenger, notificationDispatcher].map((called) => called.functionArn),
      ],
      [['dynamodb:GetItem', 'dynamodb:UpdateItem'], [table.tableArn]],
      [['sqs:SendMessage'], [deadLetterQueue.queueArn]],
    ];
    grants.forEach(([actions, resources]) => role.addToPolicy(new PolicyStatement({ actions, resources })));

    this.stateMachine = new sfn.StateMachine(this, 'StateMachine', {
      stateMachineName: DELAY_WORKFLOW_NAME,
      stateMachineType: sfn.StateMachineType.STANDARD,
      definitionBody: sfn.DefinitionBody.fromString(readFileSync(props.definitionFile, 'utf8')),
      definitionSubstitutions: {
        TableName: table.tableName,
        FlightUpdaterArn: flightUpdater.functionArn,
        RecipientFinderArn: recipientFinder.functionArn,
        LlmMessengerArn: llmMessenger.functionArn,
        NotificationDispatcherArn: notificationDispatcher.functionArn,
        DeadLetterQueueUrl: deadLetterQueue.queueUrl,
      },
      role,
      tracingEnabled: true,
      // Every step is logged, what it carried is not: the execution history holds inputs and outputs for 90 days to
      // whoever may read executions, so a second copy would only widen the circle of readers (a cohort's texts
      // name a flight and its new time) and be billed by the gigabyte.
      logs: {
        destination: logGroup(this, 'Logs', LOG_GROUPS.delayWorkflow, props.removalPolicy),
        level: sfn.LogLevel.ALL,
        includeExecutionData: false,
      },
    });
  }
}
