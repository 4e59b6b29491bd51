import { LambdaIntegration, MethodDeploymentOptions, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { WEBHOOK_ROUTES } from './api-routes';
import { refuseOtherMethods } from './wrong-requests';

export interface WebhookRoutesProps {
  readonly api: RestApi;
  readonly handler: IFunction;
}

/**
 * Requests a second that a webhook takes, and the burst above it. Experience Platform sends as fast as it is answered,
 * thousands at a time when a backlog is let go, and takes a 429 for a failure that it tries again for a while and then
 * drops. A request costs a message in the queue and no look into the table, so this need not be as tight as the stage's
 * limit; how fast the table is written to is decided behind the queue. It bounds what a stranger's refused requests cost.
 */
const THROTTLE: MethodDeploymentOptions = { throttlingRateLimit: 500, throttlingBurstLimit: 1000 };

/**
 * What other systems push to FlightPulse, and the question by which they make sure that an address is ours.
 *
 * API Gateway lets everybody through: the sender is not of this account and cannot sign for it, and what it signs with
 * is over the body, which an authorizer does not get. The function is handed the request byte for byte and decides.
 */
export class WebhookRoutes extends Construct {
  constructor(scope: Construct, id: string, { api, handler }: WebhookRoutesProps) {
    super(scope, id);
    // A permission for each method of this stage: the function answers to nothing else.
    const proxy = new LambdaIntegration(handler, { allowTestInvoke: false });
    for (const { path, methods } of WEBHOOK_ROUTES) {
      const resource = api.root.resourceForPath(path);
      refuseOtherMethods(resource, methods);
      methods.forEach((verb) => resource.addMethod(verb, proxy));
    }
  }
}

/** The stage's settings of what is pushed. A method with settings of its own has none of the stage's: `others` are those. */
export function webhookSettings(others: MethodDeploymentOptions): Record<string, MethodDeploymentOptions> {
  return Object.fromEntries(WEBHOOK_ROUTES.map(({ path }) => [`${path}/POST`, { ...others, ...THROTTLE }]));
}
