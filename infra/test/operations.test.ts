import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { WORKFLOW_DEFINITIONS } from '../lib/names';
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
      CancellationStateMachineArn: '<FlightPulseCancellationWorkflow>',
      GateChangeStateMachineArn: '<FlightPulseGateChangeWorkflow>',
      DeadLetterQueueUrl: '<FlightPulse-DeadLetters>',
      DeadLetterBucketName: '<DeadLettersBucket>',
      RuleDeadLetterQueueUrl: '<FlightPulse-RuleDeadLetters>',
      UnknownFlightsQueueUrl: '<FlightPulse-UnknownFlights>',
      RebookingQueueUrl: '<FlightPulse-RebookingNeeded>',
      BookingQueueUrl: '<FlightPulse-BookingEvents>',
      BookingDeadLetterQueueUrl: '<FlightPulse-BookingEventsDeadLetters>',
      BookingSourcesSecretArn: '<BookingsSourcesSecret>',
      BookingWebhookUrl:
        'https://<FlightPulseApi>.execute-api.${AWS::Region}.${AWS::URLSuffix}/<RestApiDeploymentStageprod>/webhooks/aep-booking',
      ReconciliationStateMachineArn: '<FlightPulseReconciliation>',
      ExportBucketName: '<ExportsBucket>',
      ExportWriterPolicyArn: '<ExportsWriters>',
      OperatorPolicyArn: '<RestAdminOperators>',
      ReaderPolicyArn: '<RestReadReaders>',
      KafkaConsumerName: '<FlightPulse-KafkaConsumer>',
    });
  });

  test('every log group has a retention of a month, with every Kafka source', () => {
    for (const context of [LOCAL, ...Object.values(KAFKA_VARIANTS)]) {
      const groups = ofType(synth(context), 'AWS::Logs::LogGroup');
      assert.ok(groups.length >= 14);
      for (const [id, { Properties }] of groups) assert.equal(Properties.RetentionInDays, 30, id);
    }
  });

  test('the log groups are these', () => {
    const names = ofType(stack, 'AWS::Logs::LogGroup').map(([, { Properties }]) => Properties.LogGroupName);
    assert.deepEqual(names.sort(), [
      '/aws/lambda/FlightPulse-AEPWebhook',
      '/aws/lambda/FlightPulse-APIHandlers',
      '/aws/lambda/FlightPulse-BookingUpdater',
      '/aws/lambda/FlightPulse-BookingWorker',
      '/aws/lambda/FlightPulse-FlightUpdater',
      '/aws/lambda/FlightPulse-KafkaConsumer',
      '/aws/lambda/FlightPulse-LLMMessenger',
      '/aws/lambda/FlightPulse-NotificationDispatcher',
      '/aws/lambda/FlightPulse-OperatorAPI',
      '/aws/lambda/FlightPulse-RecipientFinder',
      '/aws/lambda/FlightPulse-S3Reconciliation',
      '/aws/lambda/FlightPulse-StreamHandler',
      '/aws/vendedlogs/states/FlightPulseCancellationWorkflow',
      '/aws/vendedlogs/states/FlightPulseDelayNotification',
      '/aws/vendedlogs/states/FlightPulseGateChangeWorkflow',
      '/aws/vendedlogs/states/FlightPulseReconciliation',
      '/flightpulse/api/access',
      '/flightpulse/audit',
      '/flightpulse/notifications/email',
      '/flightpulse/notifications/sms',
    ]);
  });

  test('the local template has no custom resource and no function but ours', () => {
    const types = Object.values(stack.resources).map(({ Type }) => Type);
    assert.ok(types.length > 110);
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

  test('go off on anything dead-lettered, failed, about to be lost, held back, or not answered', () => {
    const lines = alarms().map((alarm) => {
      assert.equal(alarm.ComparisonOperator, 'GreaterThanThreshold');
      assert.equal(alarm.TreatMissingData, 'notBreaching');
      assert.ok(alarm.AlarmDescription.length > 20);
      assert.equal(alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods, alarm.EvaluationPeriods);
      const { what, minutes } = alarm.Metrics === undefined ? metric(alarm) : formula(alarm.Metrics);
      return `${what} > ${alarm.Threshold} for ${alarm.EvaluationPeriods * minutes} min`;
    });
    assert.deepEqual(
      lines.sort(),
      [
        'IF(<FlightPulse-AEPWebhook> aep.events.received > 0, 100 * <FlightPulse-BookingWorker> aep.events.failed / <FlightPulse-AEPWebhook> aep.events.received, 0) > 5 for 5 min',
        '<FlightPulse-BookingEvents> ApproximateAgeOfOldestMessage > 600 for 1 min',
        '<FlightPulse-BookingEventsDeadLetters> ApproximateNumberOfMessagesVisible > 0 for 1 min',
        '<FlightPulse-BookingWorker> Errors > 0 for 1 min',
        '<FlightPulse-BookingWorker> p95 of aep.processing.latency > 5000 for 5 min',
        '<FlightPulse-DeadLetters> ApproximateNumberOfMessagesVisible > 0 for 1 min',
        '<FlightPulse-KafkaConsumer> Errors > 0 for 1 min',
        '<FlightPulse-KafkaConsumer> RecordsFailed > 0 for 1 min',
        '<FlightPulse-NotificationDispatcher> NotificationsHeld > 0 for 60 min',
        '<FlightPulse-RebookingNeeded> ApproximateAgeOfOldestMessage > 345600 for 60 min',
        '<FlightPulse-RuleDeadLetters> ApproximateNumberOfMessagesVisible > 0 for 1 min',
        '<FlightPulse-S3Reconciliation> Errors > 0 for 1 min',
        '<FlightPulse-S3Reconciliation> reconciliation.discrepancies > 10 for 60 min',
        '<FlightPulse-StreamHandler> Errors > 0 for 1 min',
        '<FlightPulse-StreamHandler> IteratorAge > 900000 for 1 min',
        '<FlightPulse-StreamHandler> RecordsFailed > 0 for 1 min',
        '<FlightPulse-StreamHandler> StreamRecordsUnreadable > 0 for 1 min',
        '<FlightPulse-UnknownFlights> ApproximateAgeOfOldestMessage > 864000 for 60 min',
        ...Object.keys(WORKFLOW_DEFINITIONS)
          .sort()
          .flatMap((name) =>
            ['Aborted', 'Failed', 'TimedOut'].map((end) => `<${name}> Executions${end} > 0 for 1 min`),
          ),
        'FlightPulseApi,<RestApiDeploymentStageprod> 5XXError > 0 for 5 min',
      ].sort(),
    );
  });

  test('notify the topic of the context, and nobody without one', () => {
    const alarmTopicArn = 'arn:aws:sns:us-east-1:111122223333:operators';
    assert.ok(alarms().every(({ AlarmActions }) => AlarmActions === undefined));
    for (const { AlarmActions } of alarms({ ...LOCAL, alarmTopicArn })) assert.deepEqual(AlarmActions, [alarmTopicArn]);
  });
});

interface Measured {
  readonly what: string;
  /** Of one period. */
  readonly minutes: number;
}

/** Whose metric it is and which, of an alarm or of a part of a formula. */
function metric({ Dimensions, MetricName, Period, ExtendedStatistic }: any): Measured {
  const of = Dimensions.map(({ Value }: any) => readable(stack, Value).replace('.QueueName', ''));
  const share = ExtendedStatistic === undefined ? '' : `${ExtendedStatistic} of `;
  return { what: `${of} ${share}${MetricName}`, minutes: Period / 60 };
}

/** An expression with its metrics in the place of their names; they are sums of the same periods. */
function formula(metrics: any[]): Measured {
  const parts = metrics.filter(({ MetricStat }) => MetricStat !== undefined);
  const [{ Expression }] = metrics.filter(({ Expression }) => Expression !== undefined);
  const named = new Map(
    parts.map(({ Id, MetricStat, ReturnData }): [string, Measured] => {
      assert.deepEqual([MetricStat.Stat, ReturnData, MetricStat.Metric.Namespace], ['Sum', false, 'FlightPulse']);
      return [Id, metric({ ...MetricStat.Metric, Period: MetricStat.Period })];
    }),
  );
  const periods = new Set([...named.values()].map(({ minutes }) => minutes));
  assert.equal(periods.size, 1);
  return {
    what: Expression.replace(/\b[a-z]\w*/g, (word: string) => named.get(word)!.what),
    minutes: [...periods][0]!,
  };
}
