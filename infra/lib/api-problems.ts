import { ResponseType, RestApi } from 'aws-cdk-lib/aws-apigateway';

/** An RFC 9457 problem, of the same kinds as those of our functions (`crates/rest-kit`). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

export const PROBLEM_TYPE = 'application/problem+json';

/** There is nothing under this path. */
export const NO_SUCH_PATH: Problem = {
  type: '/problems/not-found',
  title: 'Not found',
  status: 404,
  detail: 'There is no such path in this API. GET /openapi.json lists what there is.',
};

/** The path is there, the method is not. */
export function methodNotAllowed(methods: readonly string[]): Problem {
  return {
    type: '/problems/method-not-allowed',
    title: 'Method not allowed',
    status: 405,
    detail: `This path takes ${methods.join(' and ')} only.`,
  };
}

const NOT_SIGNED: Problem = {
  type: '/problems/forbidden',
  title: 'Forbidden',
  status: 403,
  detail:
    'This path takes requests that are signed with AWS Signature Version 4 (service execute-api), by a caller whom IAM lets in.',
};

/**
 * What API Gateway answers on its own, as RFC 9457 problems like the functions' own errors.
 *
 * A missing authentication token is how API Gateway reports three things without saying which: a path that does not
 * exist, a method that it does not take, and an unsigned request to one that wants a signature. The first two are
 * methods of this API (`wrong-requests.ts`), so what is left is the third. A signature that is wrong or not allowed
 * here is told in API Gateway's own words, with the other client errors. The templates are filled by plain
 * substitution, and `messageString` brings its own quotation marks. Where the status differs from case to case the
 * member is left out, which RFC 9457 allows.
 */
export function answerProblems(api: RestApi): void {
  // The id is of the days when this was the answer to an unknown path. A stack that is there keeps it: CloudFormation
  // would put the response of a new id in place and then delete the old one, which is of the same type.
  problem(api, 'UnknownRoute', ResponseType.MISSING_AUTHENTICATION_TOKEN, {
    statusCode: String(NOT_SIGNED.status),
    body: JSON.stringify(NOT_SIGNED),
  });
  const general = '{"type":"about:blank","title":"$context.error.responseType","detail":$context.error.messageString}';
  problem(api, 'ClientError', ResponseType.DEFAULT_4XX, { body: general });
  problem(api, 'ServerError', ResponseType.DEFAULT_5XX, { body: general });
}

function problem(api: RestApi, id: string, type: ResponseType, answer: { statusCode?: string; body: string }): void {
  api.addGatewayResponse(id, {
    type,
    ...(answer.statusCode !== undefined && { statusCode: answer.statusCode }),
    responseHeaders: { 'Content-Type': `'${PROBLEM_TYPE}'` },
    // API Gateway picks the template by the request's Accept header and falls back to application/json.
    templates: { 'application/json': answer.body },
  });
}
