import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reduced } from './support/reduced';

const FIRST = {
  Description: 'first',
  Resources: {
    Role: { Type: 'AWS::IAM::Role', Properties: { Name: 'a' } },
    Function: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
    Queue: { Type: 'AWS::SQS::Queue' },
  },
  Outputs: { Name: { Value: { Ref: 'Function' } } },
};
const MAPPING = { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: { 'Fn::Sub': '${Function}' } } };

test('the first template is linted whole', () => {
  assert.deepEqual(reduced(FIRST, new Set()), FIRST);
});

test('of a later one what is new is linted, with everything that it refers to', () => {
  const known = new Set<string>();
  reduced(FIRST, known);
  const second = { ...FIRST, Resources: { ...FIRST.Resources, Mapping: MAPPING } };
  const { Role, Function } = FIRST.Resources;
  assert.deepEqual(reduced(second, known).Resources, { Mapping: MAPPING, Function, Role });
  assert.deepEqual(reduced(second, known), { Description: 'first' });
});

test('what has changed under its name is linted again', () => {
  const known = new Set<string>();
  reduced(FIRST, known);
  const Role = { Type: 'AWS::IAM::Role', Properties: { Name: 'b' } };
  const second = { Resources: { ...FIRST.Resources, Role }, Conditions: { Always: { 'Fn::Equals': ['1', '1'] } } };
  assert.deepEqual(reduced(second, known), { Resources: { Role }, Conditions: second.Conditions });
});
