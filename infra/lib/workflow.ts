import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { logGroup } from './log-group';
import { WORKFLOW_DEFINITIONS, workflowLogGroup, WorkflowName } from './names';

const STATE_MACHINES = join(resolve(__dirname, '..', '..'), 'statemachines');

export interface WorkflowProps {
  readonly name: WorkflowName;
  /** Functions that the definition may ask for by `${name}`; those that it asks for it may call. */
  readonly callable: Record<string, IFunction>;
  /** What else the definition may ask for. */
  readonly offered: Record<string, string>;
  /** What its role may do besides calling these functions. */
  readonly grants: readonly PolicyStatement[];
  readonly removalPolicy: RemovalPolicy;
}

/**
 * A Standard workflow. Its ASL file is deployed as it stands and says which functions it calls; its role may call those
 * and no others.
 */
export class Workflow extends Construct {
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, { name, callable, offered, grants, removalPolicy }: WorkflowProps) {
    super(scope, id);
    const definition = workflowDefinition(name);
    const arns = Object.entries(callable).map(([asked, { functionArn }]): [string, string] => [asked, functionArn]);
    const given = substitutions(definition, { ...offered, ...Object.fromEntries(arns) });
    const called = arns.flatMap(([asked, arn]) => (asked in given ? [arn] : []));

    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: `Execution role of ${name}`,
    });
    const calls = new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: called });
    [calls, ...grants].forEach((statement) => role.addToPolicy(statement));

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
        destination: logGroup(this, 'Logs', workflowLogGroup(name), removalPolicy),
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
