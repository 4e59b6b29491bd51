import {
  AuthorizationType,
  IRequestValidator,
  LambdaIntegration,
  Method,
  MethodOptions,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { pathParameters, READ_ROUTES, Route } from './api-routes';
import { InvokePolicy } from './invoke-policy';
import { READERS_POLICY_NAME } from './names';
import { refuseOtherMethods } from './wrong-requests';

export interface ReadRoutesProps {
  readonly api: RestApi;
  readonly handler: IFunction;
  readonly validator: IRequestValidator;
}

/** What clients read: the open routes, the signed ones that name a person, and the policy that opens the latter. */
export class ReadRoutes extends Construct {
  readonly readers: InvokePolicy;

  constructor(scope: Construct, id: string, props: ReadRoutesProps) {
    super(scope, id);
    const { api, handler, validator } = props;
    // One permission for the whole API: one for each of these methods would fill half of the 20 KB that a function's
    // policy may have, and nothing here depends on who asks.
    const proxy = new LambdaIntegration(handler, { scopePermissionToMethod: false });
    const signed = READ_ROUTES.flatMap((route) => {
      const resource = api.root.resourceForPath(route.path);
      refuseOtherMethods(resource, route.methods);
      const methods = route.methods.map((verb) => resource.addMethod(verb, proxy, options(route, validator)));
      return route.signed ? methods : ([] as Method[]);
    });
    this.readers = new InvokePolicy(this, 'Readers', {
      name: READERS_POLICY_NAME,
      description:
        'Lets a program or person read bookings, passengers and notifications through the FlightPulse API; attach it to who may see personal data',
      methods: signed,
    });
  }
}

/** What a query may say is checked by the function, which can say what is allowed; API Gateway could say only that it is missing. */
function options(route: Route, requestValidator: IRequestValidator): MethodOptions {
  const requestParameters = pathParameters(route);
  return {
    ...(route.signed && { authorizationType: AuthorizationType.IAM }),
    ...(Object.keys(requestParameters).length > 0 && { requestParameters, requestValidator }),
  };
}
