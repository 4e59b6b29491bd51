import { AuthorizationType, IRequestValidator, LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ADMIN_ROUTES, pathParameters } from './api-routes';
import { InvokePolicy } from './invoke-policy';
import { OPERATORS_POLICY_NAME } from './names';
import { refuseOtherMethods } from './wrong-requests';

export interface AdminRoutesProps {
  readonly api: RestApi;
  readonly handler: IFunction;
  readonly validator: IRequestValidator;
}

/**
 * What operators do by hand: the routes below `/admin`, and the policy that opens them.
 *
 * The resource `/admin` itself asks for signed requests, so a route that is added below it does too. Each route has a
 * permission of its own to call the function: that one believes who API Gateway says has signed.
 */
export class AdminRoutes extends Construct {
  readonly operators: InvokePolicy;

  constructor(scope: Construct, id: string, props: AdminRoutesProps) {
    super(scope, id);
    const { api, handler, validator: requestValidator } = props;
    api.root.addResource('admin', {
      defaultIntegration: new LambdaIntegration(handler, { allowTestInvoke: false }),
      defaultMethodOptions: { authorizationType: AuthorizationType.IAM },
    });
    const methods = ADMIN_ROUTES.flatMap((route) => {
      const resource = api.root.resourceForPath(route.path);
      refuseOtherMethods(resource, route.methods);
      const requestParameters = pathParameters(route);
      return route.methods.map((verb) => resource.addMethod(verb, undefined, { requestParameters, requestValidator }));
    });
    this.operators = new InvokePolicy(this, 'Operators', {
      name: OPERATORS_POLICY_NAME,
      description:
        'Lets a person call the operator routes of the FlightPulse API; attach it to who operates FlightPulse',
      methods,
    });
  }
}
