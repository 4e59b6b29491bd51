import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RemovalPolicy } from 'aws-cdk-lib';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Functions } from './functions';
import { logGroup } from './log-group';
import { WORKFLOW_DEFINITIONS, workflowLogGroup, WorkflowName } from './names';

const STATE_MACHINES = join(resolve(__dirname, '..', '..'), 'statemachines');

export interface NotificationWorkflowProps {
  readonly name: WorkflowName;
  readonly table: Table;
  readonly functions: Functions;
  readonly deadLetterQueue: IQueue;
  readonly removalPolicy: RemovalPolicy;
}

/** The three workflows, by what starts them. */
export interface Workflows {
  readonly delay: sfn.StateMachine;
  readonly cancellation: sfn.StateMachine;
  readonly gateChange: sfn.StateMachine;
}

/**
 * A Standard workflow that tells passengers one kind of news: claim, update, find, word, dispatch. Its ASL file says
 * which functions it calls, and its role may call those and no others.
 */
export class NotificationWorkflow extends Construct {
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, props: NotificationWorkflowProps) {
    super(scope, id);
    const { name, table, functions, deadLetterQueue } = props;
    const definition = workflowDefinition(name);
    const callable: Record<string, string> = {
      FlightUpdaterArn: functions.flightUpdater.functionArn,
      BookingUpdaterArn: functions.bookingUpdater.functionArn,
      RecipientFinderArn: functions.recipientFinder.functionArn,
      LlmMessengerArn: functions.llmMessenger.functionArn,
      NotificationDispatcherArn: functions.notificationDispatcher.functionArn,
    };
    const given = substitutions(definition, {
      TableName: table.tableName,
      DeadLetterQueueUrl: deadLetterQueue.queueUrl,
      ...callable,
    });
    const called = Object.entries(callable).flatMap(([asked, arn]) => (asked in given ? [arn] : []));

    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: `Execution role of ${name}`,
    });
    const grants: [string[], string[]][] = [
      [['lambda:InvokeFunction'], called],
      [['dynamodb:GetItem', 'dynamodb:UpdateItem'], [table.tableArn]],
      [['sqs:SendMessage'], [deadLetterQueue.queueArn]],
    ];
    grants.forEach(([actions, resources]) => role.addToPolicy(new PolicyStatement({ actions, resources })));

    this.stateMachine = new sfn.StateMachine(this, 'StateMachine', {
      stateMachineName: name,
      stateMachineType: sfn.StateMachineType.STANDARD,
      definitionBody: sfn.DefinitionBody.fromString(definition),
      definitionSubstitutions: given,
      role,
      tracingEnabled: true,
      // Every step is logged, what it carried is not: the execution history holds inputs and outputs for 90 days to
      // whoever may read executions, so a second copy would only widen the circle of readers (a cohort's texts
      // name a flight and its news) and be billed by the gigabyte.
      logs: {
        destination: logGroup(this, 'Logs', workflowLogGroup(name), props.removalPolicy),
        level: sfn.LogLevel.ALL,
        includeExecutionData: false,
      },
    });
  }
}

/** The ASL file of a workflow, deployed as it stands. */
export function workflowDefinition(name: WorkflowName): string {
  return readFileSync(join(STATE_MACHINES, WORKFLOW_DEFINITIONS[name]), 'utf8');
}

/** Of what can be given, what a definition asks for by `${name}`; a name that nothing stands for is an error. */
export function substitutions(definition: string, offered: Record<string, string>): Record<string, string> {
  const asked = new Set([...definition.matchAll(/\$\{([^}]*)\}/g)].map(([, name]) => name!));
  for (const name of asked) {
    if (name in offered) continue;
    throw new Error(`A workflow asks for \${${name}}: it can be given ${Object.keys(offered).join(', ')}.`);
  }
  return Object.fromEntries(Object.entries(offered).filter(([name]) => asked.has(name)));
}
