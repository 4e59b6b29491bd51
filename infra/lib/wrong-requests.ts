import {
  AuthorizationType,
  IResource,
  MockIntegration,
  PassthroughBehavior,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { methodNotAllowed, NO_SUCH_PATH, Problem, PROBLEM_TYPE } from './api-problems';
import { Method } from './api-routes';

/**
 * What a body may be called for its request to get our answer. API Gateway finds the mapping template by content type
 * and knows no wildcard; a mock without a template for it passes the body through, takes it for its own instructions,
 * and answers 500 (https://github.com/aws/aws-cdk/issues/16323). Anything else is a 415.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
 */
const CONTENT_TYPES = [
  // Also that of a request without a body.
  'application/json',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'application/xml',
  'multipart/form-data',
  'text/plain',
] as const;

/** Answers 405 to every method of a path but its own, and says which those are. */
export function refuseOtherMethods(resource: IResource, methods: readonly Method[]): void {
  answerAny(resource, methodNotAllowed(methods), { Allow: methods.join(', ') });
}

/**
 * Answers 404 for every path that is not one of this API's. API Gateway prefers the most specific resource that takes
 * the method, so this gets what no other does: also `/passengers`, which is there as a parent only.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-set-up-simple-proxy.html
 */
export function refuseUnknownPaths(api: RestApi): void {
  answerAny(api.root, NO_SUCH_PATH);
  answerAny(api.root.addResource('{proxy+}'), NO_SUCH_PATH);
}

/**
 * A method for all methods that the resource has none for, answered by API Gateway alone: no function is started, and
 * paid for, by a request that none could serve. It is open on purpose: whoever signs wrong requests has as little to
 * gain from it as whoever does not, and an unsigned request to a path that is not there must not be told to sign.
 */
function answerAny(resource: IResource, problem: Problem, headers: Record<string, string> = {}): void {
  const statusCode = String(problem.status);
  const all = {
    ...headers,
    'Content-Type': PROBLEM_TYPE,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  };
  const toHeader = <T>(value: (text: string) => T): Record<string, T> =>
    Object.fromEntries(Object.entries(all).map(([name, text]) => [`method.response.header.${name}`, value(text)]));
  // The status says which of the responses below is meant; the only one has no pattern, so it is the default.
  const template = JSON.stringify({ statusCode: problem.status });
  const integration = new MockIntegration({
    requestTemplates: Object.fromEntries(CONTENT_TYPES.map((name) => [name, template])),
    passthroughBehavior: PassthroughBehavior.NEVER,
    integrationResponses: [
      {
        statusCode,
        responseParameters: toHeader((text) => `'${text}'`),
        responseTemplates: { 'application/json': JSON.stringify(problem) },
      },
    ],
  });
  resource.addMethod('ANY', integration, {
    authorizationType: AuthorizationType.NONE,
    methodResponses: [{ statusCode, responseParameters: toHeader(() => true) }],
  });
}
