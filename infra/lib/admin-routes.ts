import {
  AuthorizationType,
  IRequestValidator,
  LambdaIntegration,
  Resource,
  RestApi,
  type MethodOptions,
} from 'aws-cdk-lib/aws-apigateway';
import { Aws } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { OPERATORS_POLICY_NAME } from './names';

export interface AdminRoutesProps {
  readonly api: RestApi;
  readonly handler: IFunction;
  readonly validator: IRequestValidator;
}

/**
 * What operators do by hand: the routes below `/admin`, and the policy that opens them.
 *
 * The resource `/admin` itself asks for signed requests, so a route that is added below it does too. The policy is
 * attached to nobody: who operates FlightPulse is known to the account (a group, a permission set), not to this stack.
 */
export class AdminRoutes extends Construct {
  readonly operators: ManagedPolicy;

  constructor(scope: Construct, id: string, props: AdminRoutesProps) {
    super(scope, id);
    const { api, handler, validator: requestValidator } = props;
    const admin = api.root.addResource('admin', {
      defaultIntegration: new LambdaIntegration(handler, { allowTestInvoke: false }),
      defaultMethodOptions: { authorizationType: AuthorizationType.IAM },
    });
    const notifications = admin.addResource('notifications');
    const flight = admin.addResource('flights').addResource('{flight_id}');
    const ofFlight: MethodOptions = { requestParameters: { 'method.request.path.flight_id': true } };
    const routes: [string, Resource, MethodOptions?][] = [
      ['GET', notifications],
      ['POST', notifications.addResource('hold')],
      ['POST', notifications.addResource('release')],
      ['POST', flight.addResource('resend'), ofFlight],
      ['POST', flight.addResource('correction'), ofFlight],
      ['GET', admin.addResource('actions')],
    ];
    const methods = routes.map(([verb, resource, own]) =>
      resource.addMethod(verb, undefined, { ...own, requestValidator }),
    );

    this.operators = new ManagedPolicy(this, 'Operators', {
      // IAM's names are global: the region keeps two stacks of one account apart.
      managedPolicyName: `${OPERATORS_POLICY_NAME}-${Aws.REGION}`,
      description:
        'Lets a person call the operator routes of the FlightPulse API; attach it to who operates FlightPulse',
      statements: [
        new PolicyStatement({
          actions: ['execute-api:Invoke'],
          // Route by route, with `*` for the flight alone.
          resources: methods.map((method) => method.methodArn),
        }),
      ],
    });
  }
}
