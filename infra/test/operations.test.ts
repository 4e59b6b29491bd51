import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readable } from './support/readable';
import { LOCAL, ofType, synth } from './support/synth';
import { KAFKA_VARIANTS } from './support/variants';

const stack = synth(LOCAL);

describe('what operators rely on', () => {
  test('the outputs', () => {
    const values = Object.entries(stack.outputs).map(([name, { Value }]) => [name, readable(stack, Value)]);
    assert.deepEqual(Object.fromEntries(values), {
      TableName: '<FlightPulseTable>',
      EventBusName: '<flightpulse-bus>',
      ApiUrl: 'https://<FlightPulseApi>.execute-api.${AWS::Region}.${AWS::URLSuffix}/<RestApiDeploymentStageprod>/',
      DelayStateMachineArn: '<FlightPulseDelayNotification>',
      DeadLetterQueueUrl: '<FlightPulse-DeadLetters>',
      KafkaConsumerName: '<FlightPulse-KafkaConsumer>',
    });
  });

  test('every log group has a retention of a month, with every Kafka source', () => {
    for (const context of [LOCAL, ...Object.values(KAFKA_VARIANTS)]) {
      const groups = ofType(synth(context), 'AWS::Logs::LogGroup');
      assert.ok(groups.length >= 10);
      for (const [id, { Properties }] of groups) assert.equal(Properties.RetentionInDays, 30, id);
    }
  });

  test('the log groups are these', () => {
    const names = ofType(stack, 'AWS::Logs::LogGroup').map(([, { Properties }]) => Properties.LogGroupName);
    assert.deepEqual(names.sort(), [
      '/aws/lambda/FlightPulse-APIHandlers',
      '/aws/lambda/FlightPulse-FlightUpdater',
      '/aws/lambda/FlightPulse-KafkaConsumer',
      '/aws/lambda/FlightPulse-LLMMessenger',
      '/aws/lambda/FlightPulse-NotificationDispatcher',
      '/aws/lambda/FlightPulse-RecipientFinder',
      '/aws/vendedlogs/states/FlightPulseDelayNotification',
      '/flightpulse/api/access',
      '/flightpulse/notifications/email',
      '/flightpulse/notifications/sms',
    ]);
  });

  test('the local template has no custom resource and no function but ours', () => {
    const types = Object.values(stack.resources).map(({ Type }) => Type);
    assert.ok(types.length > 70);
    assert.deepEqual(
      types.filter((type) => /^Custom::|^AWS::CloudFormation::CustomResource$/.test(type)),
      [],
    );
  });

  test('the application tag is on what can carry one', () => {
    for (const type of ['AWS::DynamoDB::Table', 'AWS::Lambda::Function', 'AWS::SQS::Queue', 'AWS::S3::Bucket']) {
      for (const [id, { Properties }] of ofType(stack, type)) {
        assert.deepEqual(Properties.Tags, [{ Key: 'application', Value: 'flightpulse' }], id);
      }
    }
  });
});

describe('alarms', () => {
  const alarms = (context = LOCAL): any[] =>
    ofType(synth(context), 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);

  test('go off on anything dead-lettered, failed, or about to be lost', () => {
    const lines = alarms().map((alarm) => {
      const of = alarm.Dimensions.map(({ Value }: any) => readable(stack, Value).replace('.QueueName', ''));
      assert.equal(alarm.ComparisonOperator, 'GreaterThanThreshold');
      assert.equal(alarm.TreatMissingData, 'notBreaching');
      assert.ok(alarm.AlarmDescription.length > 20);
      return `${of} ${alarm.MetricName} > ${alarm.Threshold}`;
    });
    assert.deepEqual(lines.sort(), [
      '<FlightPulse-DeadLetters> ApproximateNumberOfMessagesVisible > 0',
      '<FlightPulse-KafkaConsumer> Errors > 0',
      '<FlightPulse-KafkaConsumer> RecordsFailed > 0',
      '<FlightPulse-PendingEvents> ApproximateAgeOfOldestMessage > 864000',
      '<FlightPulse-RuleDeadLetters> ApproximateNumberOfMessagesVisible > 0',
      '<FlightPulse-UnknownFlights> ApproximateAgeOfOldestMessage > 864000',
      '<FlightPulseDelayNotification> ExecutionsAborted > 0',
      '<FlightPulseDelayNotification> ExecutionsFailed > 0',
      '<FlightPulseDelayNotification> ExecutionsTimedOut > 0',
    ]);
  });

  test('notify the topic of the context, and nobody without one', () => {
    const alarmTopicArn = 'arn:aws:sns:us-east-1:111122223333:operators';
    assert.ok(alarms().every(({ AlarmActions }) => AlarmActions === undefined));
    for (const { AlarmActions } of alarms({ ...LOCAL, alarmTopicArn })) assert.deepEqual(AlarmActions, [alarmTopicArn]);
  });
});
