import { Aws } from 'aws-cdk-lib';
import { Method } from 'aws-cdk-lib/aws-apigateway';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface InvokePolicyProps {
  readonly name: string;
  readonly description: string;
  /** The signed methods that it opens, and no other. */
  readonly methods: readonly Method[];
}

/**
 * Opens signed routes of the API to whom it is attached. The stack attaches it to nobody: who works with FlightPulse is
 * known to the account (a group, a permission set), not to this stack.
 */
export class InvokePolicy extends ManagedPolicy {
  constructor(scope: Construct, id: string, { name, description, methods }: InvokePolicyProps) {
    super(scope, id, {
      // IAM's names are global: the region keeps two stacks of one account apart.
      managedPolicyName: `${name}-${Aws.REGION}`,
      description,
      statements: [
        new PolicyStatement({
          actions: ['execute-api:Invoke'],
          // Route by route, with `*` for an id alone.
          resources: methods.map((method) => method.methodArn),
        }),
      ],
    });
  }
}
