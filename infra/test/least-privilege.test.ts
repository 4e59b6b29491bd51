import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  everyFunction,
  EXPORT_WRITERS_GRANTS,
  FUNCTION_GRANTS,
  POLICY_ROUTES,
  WORKFLOW_GRANTS,
} from './expected/grants';
import { grantsOf, grantsOfRole, statementLines } from './support/grants';
import { readable } from './support/readable';
import { LOCAL, named, ofType, synth } from './support/synth';

/** `*` where a `*` cannot be avoided: no resource exists to name, or the profile chooses the region. */
const DOCUMENTED_WILDCARDS = [
  /^xray:(Put(TraceSegments|TelemetryRecords)|GetSampling(Rules|Targets)) on \*$/,
  /^logs:((Create|Delete|Get|Update)LogDelivery|ListLogDeliveries|Describe(LogGroups|ResourcePolicies)|PutResourcePolicy) on \*$/,
  /^s3:PutObject on <DeadLettersBucket>\/poison\/\*$/,
  /^s3:PutObject on <DeadLettersBucket>\/aws\/lambda\/\* if s3:ResourceAccount StringEquals \$\{AWS::AccountId\}$/,
  /^s3:(GetObject on <ExportsBucket>\/exports|PutObject on <ExportsBucket>\/(rejected|reports))\/\*$/,
  /^states:\w+Execution on arn:[^*]+:execution:FlightPulseReconciliation(\/Parts)?:\*$/,
  /^bedrock:InvokeModel on arn:\$\{AWS::Partition\}:bedrock:\*::foundation-model\/[^*]+ if bedrock:InferenceProfileArn /,
];

describe('least privilege', () => {
  const stack = synth(LOCAL);

  for (const [name, grants] of Object.entries(FUNCTION_GRANTS)) {
    test(`${name} may do exactly what its table row says`, () => {
      const lambda = named(stack, 'AWS::Lambda::Function', 'FunctionName', name);
      assert.deepEqual(grantsOf(stack, lambda), [...grants, ...everyFunction(name)].sort());
    });
  }

  test('every function of the stack has a row', () => {
    const names = ofType(stack, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties.FunctionName);
    assert.deepEqual(names.sort(), Object.keys(FUNCTION_GRANTS).sort());
  });

  for (const [name, grants] of Object.entries(WORKFLOW_GRANTS)) {
    test(`${name} may do exactly what its table row says`, () => {
      const workflow = named(stack, 'AWS::StepFunctions::StateMachine', 'StateMachineName', name);
      assert.deepEqual(grantsOf(stack, workflow), [...grants].sort());
    });
  }

  test('every workflow of the stack has a row', () => {
    const names = ofType(stack, 'AWS::StepFunctions::StateMachine').map(([, one]) => one.Properties.StateMachineName);
    assert.deepEqual(names.sort(), Object.keys(WORKFLOW_GRANTS).sort());
  });

  test('a rule with a workflow may start that workflow and nothing else', () => {
    const started = ofType(stack, 'AWS::Events::Rule').flatMap(([, { Properties }]) =>
      Properties.Targets.filter(({ RoleArn }: any) => RoleArn).map(({ Arn, RoleArn }: any) => {
        const workflow = readable(stack, Arn);
        assert.deepEqual(grantsOfRole(stack, RoleArn['Fn::GetAtt'][0]), [`states:StartExecution on ${workflow}`]);
        return workflow;
      }),
    );
    // A reconciliation is started by two.
    const names = [...Object.keys(WORKFLOW_GRANTS), 'FlightPulseReconciliation'];
    assert.deepEqual(started.sort(), names.map((name) => `<${name}>`).sort());
  });

  test('each policy opens its signed routes of this stage, or the bucket of exports, and is attached to nobody', () => {
    const stage =
      'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:<FlightPulseApi>/<RestApiDeploymentStageprod>';
    const opened = ofType(stack, 'AWS::IAM::ManagedPolicy').map(([, { Properties }]) => {
      const { ManagedPolicyName, PolicyDocument, Roles, Users, Groups } = Properties;
      assert.deepEqual([Roles, Users, Groups], [undefined, undefined, undefined]);
      const grants = PolicyDocument.Statement.flatMap((statement: any) => statementLines(stack, statement));
      return [readable(stack, ManagedPolicyName), grants.sort()];
    });
    const ofTheApi = Object.entries(POLICY_ROUTES).map(([name, routes]): [string, string[]] => [
      name,
      routes.map((route) => `execute-api:Invoke on ${stage}/${route}`),
    ]);
    const expected = [...ofTheApi, ['FlightPulse-ExportWriters', EXPORT_WRITERS_GRANTS] as const];
    const named = expected.map(([name, grants]) => [`${name}-\${AWS::Region}`, [...grants].sort()]);
    assert.deepEqual(Object.fromEntries(opened), Object.fromEntries(named));
  });

  test('no grant has a wildcard that is not documented', () => {
    const grants = ofType(stack, 'AWS::IAM::Role').flatMap(([id]) => grantsOfRole(stack, id));
    assert.ok(grants.length > 0);
    // One in a condition takes away, and does not give.
    const isWild = (line: string) => line.split(' if ')[0]?.includes('*');
    const wild = grants.filter((line) => isWild(line) && !DOCUMENTED_WILDCARDS.some((form) => form.test(line)));
    assert.deepEqual(wild, []);
  });

  test('no role has inline policies, and only the API logging role has a managed one', () => {
    const managed = ofType(stack, 'AWS::IAM::Role').flatMap(([id, { Properties }]) => {
      assert.equal(Properties.Policies, undefined, id);
      return Properties.ManagedPolicyArns === undefined
        ? []
        : [Properties.AssumeRolePolicyDocument.Statement[0].Principal];
    });
    assert.deepEqual(managed, [{ Service: 'apigateway.amazonaws.com' }]);
  });

  test('no two functions share a role', () => {
    const roles = ofType(stack, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties.Role['Fn::GetAtt'][0]);
    assert.equal(new Set(roles).size, roles.length);
  });
});

describe('the model grant follows the model id', () => {
  const bedrock = (modelId: string): string[] => {
    const stack = synth({ ...LOCAL, modelId });
    const messenger = named(stack, 'AWS::Lambda::Function', 'FunctionName', 'FlightPulse-LLMMessenger');
    return grantsOf(stack, messenger).filter((line) => line.startsWith('bedrock:'));
  };

  test('a model without geography is granted in this region alone', () => {
    assert.deepEqual(bedrock('amazon.nova-micro-v1:0'), [
      'bedrock:InvokeModel on arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/amazon.nova-micro-v1:0',
    ]);
  });

  for (const geography of ['eu', 'apac', 'global']) {
    test(`a profile of ${geography} is granted with the model behind it`, () => {
      const profile = `arn:\${AWS::Partition}:bedrock:\${AWS::Region}:\${AWS::AccountId}:inference-profile/${geography}.amazon.nova-micro-v1:0`;
      assert.deepEqual(bedrock(`${geography}.amazon.nova-micro-v1:0`), [
        `bedrock:InvokeModel on ${profile}`,
        `bedrock:InvokeModel on arn:\${AWS::Partition}:bedrock:*::foundation-model/amazon.nova-micro-v1:0 if bedrock:InferenceProfileArn StringEquals ${profile}`,
      ]);
    });
  }
});
