import { ResponseType, RestApi } from 'aws-cdk-lib/aws-apigateway';

/**
 * What API Gateway answers on its own, as RFC 9457 problems like the function's own errors.
 *
 * A route that does not exist is reported as a missing authentication token (403); for a reader it is a 404. The
 * templates are filled by plain substitution, and `messageString` brings its own quotation marks. Where the status
 * differs from case to case the member is left out, which RFC 9457 allows.
 */
export function answerProblems(api: RestApi): void {
  problem(api, 'UnknownRoute', ResponseType.MISSING_AUTHENTICATION_TOKEN, {
    statusCode: '404',
    body: '{"type":"about:blank","title":"Not Found","status":404,"detail":"There is no such resource."}',
  });
  const general = '{"type":"about:blank","title":"$context.error.responseType","detail":$context.error.messageString}';
  problem(api, 'ClientError', ResponseType.DEFAULT_4XX, { body: general });
  problem(api, 'ServerError', ResponseType.DEFAULT_5XX, { body: general });
}

function problem(api: RestApi, id: string, type: ResponseType, answer: { statusCode?: string; body: string }): void {
  api.addGatewayResponse(id, {
    type,
    ...(answer.statusCode !== undefined && { statusCode: answer.statusCode }),
    responseHeaders: { 'Content-Type': "'application/problem+json'" },
    // API Gateway picks the template by the request's Accept header and falls back to application/json.
    templates: { 'application/json': answer.body },
  });
}
