import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readable } from './support/readable';
import { LOCAL, named, ofType, synth } from './support/synth';

const stack = synth(LOCAL);

/** Each method of the API under its route, as in `GET /flights/{flight_id}`. */
function methods(): Map<string, any> {
  const path = (id: string): string => {
    const resource = stack.resources[id];
    if (resource?.Type !== 'AWS::ApiGateway::Resource') return '';
    const parent = resource.Properties.ParentId.Ref ?? '';
    return `${path(parent)}/${resource.Properties.PathPart}`;
  };
  return new Map(
    ofType(stack, 'AWS::ApiGateway::Method').map(([, { Properties }]) => [
      `${Properties.HttpMethod} ${path(Properties.ResourceId.Ref) || '/'}`,
      Properties,
    ]),
  );
}

const ANY = [...methods()].filter(([route]) => route.startsWith('ANY '));
const OWN = [...methods()].filter(([route]) => !route.startsWith('ANY '));

interface Documented {
  readonly signed: boolean;
  readonly path: string;
}

const DOCUMENT = JSON.parse(readFileSync(join(__dirname, '..', '..', 'docs', 'openapi.json'), 'utf8'));

/** What `docs/openapi.json` says that there is: route → whether it is signed as AWS has it. */
const DOCUMENTED = new Map<string, Documented>(
  Object.entries<any>(DOCUMENT.paths).flatMap(([path, item]) =>
    ['get', 'head', 'post', 'put', 'patch', 'delete']
      .filter((method) => item[method] !== undefined)
      .map((method): [string, Documented] => [
        `${method.toUpperCase()} ${path}`,
        { path, signed: (item[method].security ?? []).some((one: object) => 'sigv4' in one) },
      ]),
  ),
);

/** The function that answers at a path. */
function answeredBy(path: string): string {
  if (path.startsWith('/admin/')) return 'FlightPulse-OperatorAPI';
  return path.startsWith('/webhooks/') ? 'FlightPulse-AEPWebhook' : 'FlightPulse-APIHandlers';
}

describe('the REST API', () => {
  const api = named(stack, 'AWS::ApiGateway::RestApi', 'Name', 'FlightPulseApi');
  const { Properties: stage } = named(stack, 'AWS::ApiGateway::Stage', 'StageName', 'prod');

  test('has the routes of docs/openapi.json and no other, and no CORS', () => {
    assert.ok(DOCUMENTED.size > 20);
    assert.deepEqual(OWN.map(([route]) => route).sort(), [...DOCUMENTED.keys()].sort());
    assert.deepEqual(api.Properties.EndpointConfiguration, { Types: ['REGIONAL'] });
  });

  test('passes each request of them to its function as it is', () => {
    for (const [route, { Integration }] of OWN) {
      assert.equal(Integration.Type, 'AWS_PROXY');
      const uri = readable(stack, Integration.Uri);
      assert.ok(uri.endsWith(`<${answeredBy(DOCUMENTED.get(route)!.path)}>/invocations`), `${route} → ${uri}`);
      // A webhook verifies a signature over the bytes of the body.
      assert.deepEqual([Integration.RequestTemplates, Integration.ContentHandling], [undefined, undefined], route);
    }
    assert.equal(api.Properties.BinaryMediaTypes, undefined);
  });

  test('wants a signature where the document says so: for what names a person, and for operators', () => {
    for (const [route, { AuthorizationType, AuthorizerId, ApiKeyRequired }] of OWN) {
      const { path, signed } = DOCUMENTED.get(route)!;
      const personal = /^\/(admin|passengers|bookings)\/|^\/flights\/[^/]+\/|^\/reconciliations\b/.test(path);
      assert.deepEqual([AuthorizationType, signed], personal ? ['AWS_IAM', true] : ['NONE', false], route);
      assert.deepEqual([AuthorizerId, ApiKeyRequired ?? false], [undefined, false], route);
    }
  });

  test('validates the path of each route that has a variable, and what operators ask', () => {
    const [[validator, { Properties }]] = ofType(stack, 'AWS::ApiGateway::RequestValidator') as any;
    assert.equal(Properties.ValidateRequestBody, true);
    assert.equal(Properties.ValidateRequestParameters, true);
    for (const [route, { RequestValidatorId, RequestParameters }] of OWN) {
      const variable = /\{(\w+)\}/.exec(route)?.[1];
      const validated = variable !== undefined || route.includes('/admin/');
      assert.deepEqual(RequestValidatorId, validated ? { Ref: validator } : undefined, route);
      const wanted = variable === undefined ? {} : { [`method.request.path.${variable}`]: true };
      assert.deepEqual(RequestParameters ?? {}, wanted, route);
    }
  });

  test('may call each function from its routes of this stage only, the one that reads from anywhere in this API', () => {
    const permissions = ofType(stack, 'AWS::Lambda::Permission').map(([, { Properties }]) => {
      assert.equal(Properties.Principal, 'apigateway.amazonaws.com');
      const source = readable(stack, Properties.SourceArn).replace(/^.*<FlightPulseApi>/, '');
      return `${source} → ${readable(stack, Properties.FunctionName)}`;
    });
    const scoped = [...DOCUMENTED].filter(([, { path }]) => answeredBy(path) !== 'FlightPulse-APIHandlers');
    const expected = scoped.map(([route, { path }]) => {
      const source = route.replace(' ', '').replace('{flight_id}', '*');
      return `/<RestApiDeploymentStageprod>/${source} → <${answeredBy(path)}>`;
    });
    assert.deepEqual(permissions.sort(), [...expected, '/*/*/* → <FlightPulse-APIHandlers>'].sort());
  });

  test('answers any other method with a 405 that names those there are, and any other path with a 404', () => {
    const unknown: [string, number, undefined][] = ['/', '/{proxy+}'].map((path) => [path, 404, undefined]);
    const paths = new Set([...DOCUMENTED.values()].map(({ path }) => path));
    const known = [...paths].map((path): [string, number, string] => {
      const taken = [...DOCUMENTED.keys()].filter((route) => route.endsWith(` ${path}`));
      return [path, 405, `'${taken.map((route) => route.split(' ')[0]).join(', ')}'`];
    });
    const answers = ANY.map(([route, { Integration }]) => {
      const [answer] = Integration.IntegrationResponses;
      return [route.replace('ANY ', ''), Number(answer.StatusCode), header(answer, 'Allow')];
    });
    assert.deepEqual(answers.sort(), [...unknown, ...known].sort());
  });

  test('needs no function and no signature for that, whatever the body is called', () => {
    for (const [route, { AuthorizationType, Integration, MethodResponses }] of ANY) {
      assert.deepEqual([AuthorizationType, Integration.Type], ['NONE', 'MOCK'], route);
      // Without a template for its content type, API Gateway would take the body for its own instructions.
      assert.equal(Integration.PassthroughBehavior, 'NEVER', route);
      const [answer] = Integration.IntegrationResponses;
      assert.equal(Integration.IntegrationResponses.length, 1, route);
      assert.equal(answer.SelectionPattern, undefined, route);
      for (const template of Object.values<string>(Integration.RequestTemplates)) {
        assert.deepEqual(JSON.parse(template), { statusCode: Number(answer.StatusCode) }, route);
      }
      assert.ok('application/json' in Integration.RequestTemplates, route);
      const declared = Object.keys(answer.ResponseParameters).map((name) => [name, true]);
      const wanted = { StatusCode: answer.StatusCode, ResponseParameters: Object.fromEntries(declared) };
      assert.deepEqual(MethodResponses, [wanted], route);
      const text = answer.ResponseTemplates['application/json'];
      // The template language of AWS would take these for its own.
      assert.doesNotMatch(text, /[$#]/, route);
      const { type, title, status, detail } = JSON.parse(text);
      assert.equal(status, Number(answer.StatusCode), route);
      assert.deepEqual(
        [type, title],
        status === 404 ? ['/problems/not-found', 'Not found'] : ['/problems/method-not-allowed', 'Method not allowed'],
      );
      const allow = header(answer, 'Allow')?.replaceAll("'", '').replace(', ', ' and ');
      if (status === 405) assert.equal(detail, `This path takes ${allow} only.`, route);
      assert.equal(header(answer, 'Content-Type'), "'application/problem+json'", route);
      assert.equal(header(answer, 'Cache-Control'), "'no-store'", route);
    }
  });

  test('is throttled, traced, measured, and logs each request without its body', () => {
    assert.equal(stage.TracingEnabled, true);
    const watched = { DataTraceEnabled: false, LoggingLevel: 'ERROR', MetricsEnabled: true };
    assert.deepEqual(stage.MethodSettings, [
      { ...watched, HttpMethod: '*', ResourcePath: '/*', ThrottlingBurstLimit: 100, ThrottlingRateLimit: 50 },
      {
        ...watched,
        HttpMethod: 'POST',
        // As CloudFormation wants the slashes of a path.
        ResourcePath: '/~1webhooks~1aep-booking',
        ThrottlingBurstLimit: 1000,
        ThrottlingRateLimit: 500,
      },
    ]);
    assert.equal(readable(stack, stage.AccessLogSetting.DestinationArn).includes('/flightpulse/api/access'), true);
    assert.deepEqual(Object.keys(JSON.parse(stage.AccessLogSetting.Format)), [
      'request_id',
      'trace_id',
      'method',
      'route',
      'status',
      'latency_ms',
      'integration_latency_ms',
    ]);
  });

  test('waits with its stage for the account setting that access logs need', () => {
    const [id] = ofType(stack, 'AWS::ApiGateway::Account')[0]!;
    const { DependsOn } = named(stack, 'AWS::ApiGateway::Stage', 'StageName', 'prod');
    assert.ok(DependsOn?.includes(id));
    assert.equal(stack.resources[id]!.DeletionPolicy, 'Retain');
  });

  test('answers its own errors as problems, and an unsigned request with how to sign', () => {
    const answers = ofType(stack, 'AWS::ApiGateway::GatewayResponse').map(([, { Properties }]) => {
      assert.deepEqual(Properties.ResponseParameters, {
        'gatewayresponse.header.Content-Type': "'application/problem+json'",
      });
      const body = Properties.ResponseTemplates['application/json'].replace('$context.error.messageString', '"…"');
      const { type, status, ...more } = JSON.parse(body);
      const told = DOCUMENT.paths['/bookings/{booking_id}'].get.responses['403'].content['application/problem+json'];
      if (status === 403) assert.deepEqual(JSON.parse(body), told.example);
      return [Properties.ResponseType, Properties.StatusCode, type, status, Object.keys(more).join()];
    });
    assert.deepEqual(answers.sort(), [
      // Also of ACCESS_DENIED, INVALID_SIGNATURE and EXPIRED_TOKEN, which have no answer of their own here.
      ['DEFAULT_4XX', undefined, 'about:blank', undefined, 'title,detail'],
      ['DEFAULT_5XX', undefined, 'about:blank', undefined, 'title,detail'],
      ['MISSING_AUTHENTICATION_TOKEN', '403', '/problems/forbidden', 403, 'title,detail'],
    ]);
  });
});

function header(answer: any, name: string): string | undefined {
  return answer.ResponseParameters[`method.response.header.${name}`];
}
