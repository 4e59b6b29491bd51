import { Duration } from 'aws-cdk-lib';
import { Stage } from 'aws-cdk-lib/aws-apigateway';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AlarmSet, every, ownMetric } from './alarm-set';
import { DeadLetters } from './dead-letters';
import { Functions } from './functions';
import { Workflows } from './notification-workflow';

export interface AlarmsProps {
  readonly deadLetters: DeadLetters;
  readonly workflows: Workflows;
  readonly functions: Functions;
  readonly apiStage: Stage;
  /** SNS topic to notify; none means the alarms are only shown. */
  readonly topicArn: string | undefined;
}

/** Days an event may wait for its flight before someone has to look: four are left until SQS deletes it. */
const FLIGHT_ALARM_DAYS = 10;

/**
 * Days a booking may wait for another flight: a long weekend. What is older says that nobody reads the queue, and the
 * ten days that are left until SQS deletes it are for mending that. It is no measure of how fast people are rebooked.
 */
const REBOOKING_ALARM_DAYS = 4;

/** Minutes that a change of status may wait in the stream: longer than retries of one batch take. */
const STREAM_ALARM_MINUTES = 15;

/**
 * What an operator must be told. Each alarm means one thing: something was not delivered, soon will be lost, is
 * held back by a switch that may have been forgotten, or could not be answered.
 */
export class Alarms extends AlarmSet {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id, props.topicArn);
    const { deadLetters, workflows, functions } = props;
    const { kafkaConsumer, notificationDispatcher, streamHandler } = functions;
    this.notEmpty('DeadLetters', deadLetters.deadLetters, 'Records, workflows or bookings that failed for good');
    this.notEmpty('RuleDeadLetters', deadLetters.ruleDeadLetters, 'Events that a rule could not deliver in a day');
    this.waitingTooLong(
      'UnknownFlights',
      deadLetters.unknownFlights,
      FLIGHT_ALARM_DAYS,
      'redrive it before SQS deletes it',
    );
    this.waitingTooLong(
      'RebookingNeeded',
      deadLetters.rebookingNeeded,
      REBOOKING_ALARM_DAYS,
      'nobody takes bookings out of the queue to rebook them',
    );
    this.unfinished('DelayWorkflow', workflows.delay, 'A delay workflow');
    this.unfinished('CancellationWorkflow', workflows.cancellation, 'A cancellation workflow');
    this.unfinished('GateChangeWorkflow', workflows.gateChange, 'A gate change workflow');
    this.any(
      'KafkaRecordsFailed',
      failedRecords(kafkaConsumer),
      'Kafka records could not be processed and are delivered again',
    );
    this.any('KafkaConsumerErrors', kafkaConsumer.metricErrors(every(1)), 'The Kafka consumer failed a whole batch');
    this.stream(streamHandler);
    // A workflow that meets the switch tries again and again, so a quarter of an hour without a refusal is one without
    // the switch, or without anything to tell.
    const held = ownMetric('NotificationsHeld', notificationDispatcher, every(15));
    this.any('NotificationsHeld', held, 'Passengers have waited for an hour: an operator holds the notifications', 4);
    const serverErrors = props.apiStage.metricServerError(every(5));
    this.any('ApiServerErrors', serverErrors, 'The API answered with a server error: a client was left without');
  }

  private stream(handler: LambdaFunction): void {
    const description = 'Changes of status could not be published and are delivered again, ten times';
    this.any('StreamRecordsFailed', failedRecords(handler), description);
    const unreadable = ownMetric('StreamRecordsUnreadable', handler, every(1));
    this.any('StreamRecordsUnreadable', unreadable, 'A flight or booking in the table cannot be read; see the bucket');
    this.any('StreamHandlerErrors', handler.metricErrors(every(1)), 'The stream handler failed a whole batch');
    // Lambda counts it in milliseconds. What is older than the mapping sends goes to the bucket.
    this.alarm('StreamHandlerLate', {
      metric: handler.metric('IteratorAge', { period: Duration.minutes(1), statistic: cloudwatch.Stats.MAXIMUM }),
      threshold: Duration.minutes(STREAM_ALARM_MINUTES).toMilliseconds(),
      alarmDescription: `Changes of status are told more than ${STREAM_ALARM_MINUTES} minutes late`,
    });
  }

  private waitingTooLong(id: string, queue: IQueue, days: number, advice: string): void {
    this.alarm(`${id}Waiting`, {
      metric: queue.metricApproximateAgeOfOldestMessage({
        period: Duration.hours(1),
        statistic: cloudwatch.Stats.MAXIMUM,
      }),
      threshold: Duration.days(days).toSeconds(),
      alarmDescription: `An event waits for more than ${days} days: ${advice}`,
    });
  }
}

/** A record answered as failed is a successful invocation: only our own metric knows of it. */
function failedRecords(handler: LambdaFunction): cloudwatch.Metric {
  return ownMetric('RecordsFailed', handler, every(1));
}
