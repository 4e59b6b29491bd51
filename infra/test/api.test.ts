import assert from 'node:assert/strict';
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
      `${Properties.HttpMethod} ${path(Properties.ResourceId.Ref)}`,
      Properties,
    ]),
  );
}

/** Who may call a route, and which function answers. */
const ROUTES: Record<string, [string, string]> = {
  'GET /admin/actions': ['AWS_IAM', 'FlightPulse-OperatorAPI'],
  'GET /admin/notifications': ['AWS_IAM', 'FlightPulse-OperatorAPI'],
  'GET /flights/{flight_id}': ['NONE', 'FlightPulse-APIHandlers'],
  'GET /health': ['NONE', 'FlightPulse-APIHandlers'],
  'POST /admin/flights/{flight_id}/correction': ['AWS_IAM', 'FlightPulse-OperatorAPI'],
  'POST /admin/flights/{flight_id}/resend': ['AWS_IAM', 'FlightPulse-OperatorAPI'],
  'POST /admin/notifications/hold': ['AWS_IAM', 'FlightPulse-OperatorAPI'],
  'POST /admin/notifications/release': ['AWS_IAM', 'FlightPulse-OperatorAPI'],
};

describe('the REST API', () => {
  const api = named(stack, 'AWS::ApiGateway::RestApi', 'Name', 'FlightPulseApi');
  const { Properties: stage } = named(stack, 'AWS::ApiGateway::Stage', 'StageName', 'prod');

  test('has these routes, each a proxy to its function, and no CORS', () => {
    assert.deepEqual([...methods().keys()].sort(), Object.keys(ROUTES));
    for (const [route, { Integration }] of methods()) {
      assert.equal(Integration.Type, 'AWS_PROXY');
      const uri = readable(stack, Integration.Uri);
      assert.ok(uri.endsWith(`<${ROUTES[route]![1]}>/invocations`), `${route} → ${uri}`);
    }
    assert.deepEqual(api.Properties.EndpointConfiguration, { Types: ['REGIONAL'] });
  });

  test('wants a signature for each admin route, and for no other', () => {
    for (const [route, { AuthorizationType, AuthorizerId, ApiKeyRequired }] of methods()) {
      assert.equal(AuthorizationType, ROUTES[route]![0], route);
      assert.equal(AuthorizationType === 'AWS_IAM', /^[A-Z]+ \/admin(\/|$)/.test(route), route);
      assert.deepEqual([AuthorizerId, ApiKeyRequired ?? false], [undefined, false], route);
    }
  });

  test('validates what is asked on every route but the one that takes nothing', () => {
    const [[validator, { Properties }]] = ofType(stack, 'AWS::ApiGateway::RequestValidator') as any;
    assert.equal(Properties.ValidateRequestBody, true);
    assert.equal(Properties.ValidateRequestParameters, true);
    for (const [route, { RequestValidatorId, RequestParameters }] of methods()) {
      assert.deepEqual(RequestValidatorId, route === 'GET /health' ? undefined : { Ref: validator }, route);
      const wanted = route.includes('{flight_id}') ? { 'method.request.path.flight_id': true } : undefined;
      assert.deepEqual(RequestParameters, wanted, route);
    }
  });

  test('may call each function from its routes of this stage only', () => {
    const permissions = ofType(stack, 'AWS::Lambda::Permission').map(([, { Properties }]) => {
      assert.equal(Properties.Principal, 'apigateway.amazonaws.com');
      const source = readable(stack, Properties.SourceArn).replace(/^.*<FlightPulseApi>/, '');
      return `${source} → ${readable(stack, Properties.FunctionName)}`;
    });
    const expected = Object.entries(ROUTES).map(([route, [, name]]) => {
      const source = route.replace(' ', '').replace('{flight_id}', '*');
      return `/<RestApiDeploymentStageprod>/${source} → <${name}>`;
    });
    assert.deepEqual(permissions.sort(), expected.sort());
  });

  test('is throttled, traced, measured, and logs each request without its body', () => {
    assert.equal(stage.TracingEnabled, true);
    assert.deepEqual(stage.MethodSettings, [
      {
        DataTraceEnabled: false,
        HttpMethod: '*',
        LoggingLevel: 'ERROR',
        MetricsEnabled: true,
        ResourcePath: '/*',
        ThrottlingBurstLimit: 100,
        ThrottlingRateLimit: 50,
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

  test('answers its own errors as problems, a refused signature among them; an unknown route is a 404', () => {
    const answers = ofType(stack, 'AWS::ApiGateway::GatewayResponse').map(([, { Properties }]) => {
      assert.deepEqual(Properties.ResponseParameters, {
        'gatewayresponse.header.Content-Type': "'application/problem+json'",
      });
      const body = Properties.ResponseTemplates['application/json'].replace('$context.error.messageString', '"…"');
      return [Properties.ResponseType, Properties.StatusCode, Object.keys(JSON.parse(body)).join()];
    });
    assert.deepEqual(answers.sort(), [
      // Also of ACCESS_DENIED, INVALID_SIGNATURE and EXPIRED_TOKEN, which have no answer of their own here.
      ['DEFAULT_4XX', undefined, 'type,title,detail'],
      ['DEFAULT_5XX', undefined, 'type,title,detail'],
      ['MISSING_AUTHENTICATION_TOKEN', '404', 'type,title,status,detail'],
    ]);
  });
});
