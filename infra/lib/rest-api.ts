import { RemovalPolicy } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { IManagedPolicy, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { logGroup } from './log-group';
import { API_NAME, LOG_GROUPS, STAGE_NAME } from './names';
import { AdminRoutes } from './admin-routes';
import { answerProblems } from './api-problems';
import { ReadRoutes } from './read-routes';
import { WebhookRoutes, webhookSettings } from './webhook-routes';
import { refuseUnknownPaths } from './wrong-requests';

export interface RestApiProps {
  /** Serves the routes that read. */
  readonly handlers: IFunction;
  /** Serves the routes below `/admin`. */
  readonly operatorApi: IFunction;
  /** Serves the routes below `/webhooks`. */
  readonly aepWebhook: IFunction;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Requests a second for the whole stage but its webhooks, and the burst above it. An operator's screen asks a few times
 * a second; the rest is head room. It also bounds what a stranger can make the table cost.
 */
const THROTTLE = { rate: 50, burst: 100 } as const;

/** How every method is watched: counted, its errors logged, its bodies never. */
const WATCHED: apigateway.MethodDeploymentOptions = {
  metricsEnabled: true,
  loggingLevel: apigateway.MethodLoggingLevel.ERROR,
  dataTraceEnabled: false,
};

/**
 * `FlightPulseApi`: routes that read, open or signed, the operators' routes below `/admin` and what other systems push
 * below `/webhooks`, each a proxy to a function (`api-routes.ts` lists them). What is not one of them is answered by API
 * Gateway itself. No binary media types and no mapping templates: a function has a body as it was sent.
 */
export class RestApi extends Construct {
  readonly api: apigateway.RestApi;
  /** Opens `/admin` to whom it is attached. */
  readonly operators: IManagedPolicy;
  /** Opens the signed routes that read to whom it is attached. */
  readonly readers: IManagedPolicy;

  constructor(scope: Construct, id: string, props: RestApiProps) {
    super(scope, id);
    const account = this.loggingAccount();
    this.api = new apigateway.RestApi(this, 'Api', {
      restApiName: API_NAME,
      description:
        'FlightPulse: flights, bookings and notifications as FlightPulse sees them, and what its operators do',
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      deployOptions: {
        stageName: STAGE_NAME,
        throttlingRateLimit: THROTTLE.rate,
        throttlingBurstLimit: THROTTLE.burst,
        tracingEnabled: true,
        ...WATCHED,
        methodOptions: webhookSettings(WATCHED),
        accessLogDestination: new apigateway.LogGroupLogDestination(
          logGroup(this, 'AccessLogs', LOG_GROUPS.apiAccess, props.removalPolicy),
        ),
        accessLogFormat: accessLogFormat(),
      },
    });
    // The stack has its own ApiUrl output; CDK adds a second one under a generated name.
    this.api.node.tryRemoveChild('Endpoint');
    this.api.deploymentStage.node.addDependency(account);
    const validator = this.api.addRequestValidator('Requests', {
      validateRequestParameters: true,
      validateRequestBody: true,
    });
    const { handlers, operatorApi, aepWebhook } = props;
    this.readers = new ReadRoutes(this, 'Read', { api: this.api, handler: handlers, validator }).readers;
    this.operators = new AdminRoutes(this, 'Admin', { api: this.api, handler: operatorApi, validator }).operators;
    new WebhookRoutes(this, 'Webhooks', { api: this.api, handler: aepWebhook });
    refuseUnknownPaths(this.api);
    answerProblems(this.api);
  }

  /**
   * API Gateway refuses access logs until the account's settings for the region name a role. The setting is shared
   * by every API of the account, so it outlives the stack.
   */
  private loggingAccount(): apigateway.CfnAccount {
    const role = new Role(this, 'LoggingRole', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      description: 'Lets API Gateway write logs for every API of this account and region',
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs')],
    });
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const account = new apigateway.CfnAccount(this, 'LoggingAccount', { cloudWatchRoleArn: role.roleArn });
    account.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return account;
  }
}

/** One JSON line a request: what was asked, what it got, how long it took, and the ids to find the rest by. */
function accessLogFormat(): apigateway.AccessLogFormat {
  return apigateway.AccessLogFormat.custom(
    JSON.stringify({
      request_id: apigateway.AccessLogField.contextRequestId(),
      trace_id: apigateway.AccessLogField.contextXrayTraceId(),
      method: apigateway.AccessLogField.contextHttpMethod(),
      route: apigateway.AccessLogField.contextResourcePath(),
      status: apigateway.AccessLogField.contextStatus(),
      latency_ms: apigateway.AccessLogField.contextResponseLatency(),
      integration_latency_ms: apigateway.AccessLogField.contextIntegrationLatency(),
    }),
  );
}
