import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readable } from './support/readable';
import { LOCAL, named, ofType, synth } from './support/synth';

const stack = synth(LOCAL);

/** `GET /flights/{flight_id}` for each method of the API. */
function routes(): string[] {
  const path = (id: string): string => {
    const resource = stack.resources[id];
    if (resource?.Type !== 'AWS::ApiGateway::Resource') return '';
    const parent = resource.Properties.ParentId.Ref ?? '';
    return `${path(parent)}/${resource.Properties.PathPart}`;
  };
  return ofType(stack, 'AWS::ApiGateway::Method').map(
    ([, { Properties }]) => `${Properties.HttpMethod} ${path(Properties.ResourceId.Ref)}`,
  );
}

describe('the REST API', () => {
  const api = named(stack, 'AWS::ApiGateway::RestApi', 'Name', 'FlightPulseApi');
  const { Properties: stage } = named(stack, 'AWS::ApiGateway::Stage', 'StageName', 'prod');

  test('has the two routes, handled by the API function as a proxy, and no CORS', () => {
    assert.deepEqual(routes().sort(), ['GET /flights/{flight_id}', 'GET /health']);
    for (const [, { Properties }] of ofType(stack, 'AWS::ApiGateway::Method')) {
      assert.equal(Properties.Integration.Type, 'AWS_PROXY');
      assert.match(readable(stack, Properties.Integration.Uri), /<FlightPulse-APIHandlers>\/invocations$/);
    }
    assert.deepEqual(api.Properties.EndpointConfiguration, { Types: ['REGIONAL'] });
  });

  test('may call the function from these routes of this stage only', () => {
    const permissions = ofType(stack, 'AWS::Lambda::Permission').map(([, { Properties }]) => {
      assert.equal(Properties.Principal, 'apigateway.amazonaws.com');
      assert.equal(readable(stack, Properties.FunctionName), '<FlightPulse-APIHandlers>');
      return readable(stack, Properties.SourceArn).replace(/^.*<FlightPulseApi>/, '');
    });
    assert.deepEqual(permissions.sort(), [
      '/<RestApiDeploymentStageprod>/GET/flights/*',
      '/<RestApiDeploymentStageprod>/GET/health',
    ]);
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

  test('answers its own errors as problems; an unknown route is a 404', () => {
    const answers = ofType(stack, 'AWS::ApiGateway::GatewayResponse').map(([, { Properties }]) => {
      assert.deepEqual(Properties.ResponseParameters, {
        'gatewayresponse.header.Content-Type': "'application/problem+json'",
      });
      const body = Properties.ResponseTemplates['application/json'].replace('$context.error.messageString', '"…"');
      return [Properties.ResponseType, Properties.StatusCode, Object.keys(JSON.parse(body)).join()];
    });
    assert.deepEqual(answers.sort(), [
      ['DEFAULT_4XX', undefined, 'type,title,detail'],
      ['DEFAULT_5XX', undefined, 'type,title,detail'],
      ['MISSING_AUTHENTICATION_TOKEN', '404', 'type,title,status,detail'],
    ]);
  });
});
