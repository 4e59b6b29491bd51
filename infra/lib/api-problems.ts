import { ResponseType, RestApi } from 'aws-cdk-lib/aws-apigateway';

/**
 * What API Gateway answers on its own, as RFC 9457 problems like the function's own errors.
 *
 * A missing authentication token (403) is how API Gateway reports two things, and it does not say which: a route that
 * does not exist, and an unsigned request to one that wants a signature. For a reader of the public routes it is a
 * 404; the detail names both. A signature that is wrong or not allowed here is a 403 of its own, with the other client
 * errors. The templates are filled by plain substitution, and `messageString` brings its own quotation marks. Where the status
 * differs from case to case the member is left out, which RFC 9457 allows.
 */
export function answerProblems(api: RestApi): void {
  problem(api, 'UnknownRoute', ResponseType.MISSING_AUTHENTICATION_TOKEN, {
    statusCode: '404',
    body: '{"type":"about:blank","title":"Not Found","status":404,"detail":"There is no such resource, or it takes only requests signed with AWS Signature Version 4."}',
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
