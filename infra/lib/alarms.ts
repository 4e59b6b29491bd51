import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { DeadLetters } from './dead-letters';

export interface AlarmsProps {
  readonly deadLetters: DeadLetters;
  readonly delayWorkflow: StateMachine;
  readonly kafkaConsumer: IFunction;
  /** SNS topic to notify; none means the alarms are only shown. */
  readonly topicArn: string | undefined;
}

/** Days a waiting event may be old before someone has to look: four are left until SQS deletes it. */
const WAITING_ALARM_DAYS = 10;

/** What an operator must be told. Each alarm means one thing: something was not delivered, or soon will be lost. */
export class Alarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlarmsProps,
  ) {
    super(scope, id);
    const { deadLetters, delayWorkflow, kafkaConsumer } = props;
    this.notEmpty('DeadLetters', deadLetters.deadLetters, 'Records, workflows or bookings that failed for good');
    this.notEmpty('RuleDeadLetters', deadLetters.ruleDeadLetters, 'Events that a rule could not deliver in a day');
    this.waitingTooLong('UnknownFlights', deadLetters.unknownFlights);
    this.waitingTooLong('PendingEvents', deadLetters.pendingEvents);
    this.any('DelayWorkflowFailed', delayWorkflow.metricFailed(every(1)), 'A delay workflow failed');
    this.any('DelayWorkflowTimedOut', delayWorkflow.metricTimedOut(every(1)), 'A delay workflow timed out');
    this.any('DelayWorkflowAborted', delayWorkflow.metricAborted(every(1)), 'A delay workflow was ended by hand');
    // A record answered as failed is a successful invocation: only our own metric knows of it.
    const failedRecords = new cloudwatch.Metric({
      namespace: 'FlightPulse',
      metricName: 'RecordsFailed',
      dimensionsMap: { Function: kafkaConsumer.functionName },
      ...every(1),
    });
    this.any('KafkaRecordsFailed', failedRecords, 'Kafka records could not be processed and are delivered again');
    this.any('KafkaConsumerErrors', kafkaConsumer.metricErrors(every(1)), 'The Kafka consumer failed a whole batch');
  }

  private notEmpty(id: string, queue: IQueue, alarmDescription: string): void {
    const options = { period: Duration.minutes(1), statistic: cloudwatch.Stats.MAXIMUM };
    this.any(id, queue.metricApproximateNumberOfMessagesVisible(options), alarmDescription);
  }

  private waitingTooLong(id: string, queue: IQueue): void {
    this.alarm(`${id}Waiting`, {
      metric: queue.metricApproximateAgeOfOldestMessage({
        period: Duration.hours(1),
        statistic: cloudwatch.Stats.MAXIMUM,
      }),
      threshold: Duration.days(WAITING_ALARM_DAYS).toSeconds(),
      alarmDescription: `An event waits for more than ${WAITING_ALARM_DAYS} days: redrive it before SQS deletes it`,
    });
  }

  private any(id: string, metric: cloudwatch.IMetric, alarmDescription: string): void {
    this.alarm(id, { metric, threshold: 0, alarmDescription });
  }

  private alarm(id: string, own: { metric: cloudwatch.IMetric; threshold: number; alarmDescription: string }): void {
    const alarm = new cloudwatch.Alarm(this, id, {
      ...own,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    const alarmActionArn = this.props.topicArn;
    if (alarmActionArn !== undefined) alarm.addAlarmAction({ bind: () => ({ alarmActionArn }) });
  }
}

function every(minutes: number): cloudwatch.MetricOptions {
  return { period: Duration.minutes(minutes), statistic: cloudwatch.Stats.SUM };
}
