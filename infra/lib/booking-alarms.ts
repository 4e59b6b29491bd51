import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AlarmSet, every, ownMetric } from './alarm-set';
import { BookingFeed } from './booking-feed';
import { Functions } from './functions';

export interface BookingAlarmsProps {
  readonly bookingFeed: BookingFeed;
  readonly functions: Functions;
  /** The functions of other feeds, which take events as the webhook does. */
  readonly feeds: readonly IFunction[];
  /** SNS topic to notify; none means the alarms are only shown. */
  readonly topicArn: string | undefined;
}

/** Percent of the events received that may fail. */
const FAILED_PERCENT = 5;

/** Milliseconds from the webhook to the record that one event in twenty may take longer than. */
const LATENCY_MS = 5000;

/** Minutes over which both are looked at: long enough for a share of the events to mean something. */
const LOOKED_AT_MINUTES = 5;

/**
 * Minutes that a booking may wait in the queue. One that fails is tried at 0, 6 and 12 minutes, and is not counted from
 * then on: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
const WAITING_MINUTES = 10;

/**
 * What an operator must be told of the bookings from Experience Platform: many fail, they come late, they do not come at
 * all, or one of them will not come any more.
 */
export class BookingAlarms extends AlarmSet {
  constructor(scope: Construct, id: string, { bookingFeed, functions, feeds, topicArn }: BookingAlarmsProps) {
    super(scope, id, topicArn);
    const { aepWebhook, bookingWorker } = functions;
    const taken = (by: IFunction): cloudwatch.Metric => ownMetric('aep.events.received', by, every(LOOKED_AT_MINUTES));
    const others = feeds.map((by, nth): [string, cloudwatch.Metric] => [`other${nth}`, taken(by)]);
    // A feed that took nothing has no value, and what has none in it has none.
    const names = ['received', ...others.map(([name]) => name)].map((name) => `FILL(${name}, 0)`);
    const received = others.length === 0 ? 'received' : `(${names.join(' + ')})`;
    this.alarm('Failing', {
      metric: new cloudwatch.MathExpression({
        // Without the condition, five minutes without bookings would divide by zero. What fails then was
        // received before; the dead letters' alarm tells of it.
        expression: `IF(${received} > 0, 100 * failed / ${received}, 0)`,
        label: 'Events failed, percent of those received',
        period: Duration.minutes(LOOKED_AT_MINUTES),
        usingMetrics: {
          received: taken(aepWebhook),
          ...Object.fromEntries(others),
          failed: ownMetric('aep.events.failed', bookingWorker, every(LOOKED_AT_MINUTES)),
        },
      }),
      threshold: FAILED_PERCENT,
      alarmDescription: `More than ${FAILED_PERCENT} % of the booking events failed: see the worker's log for why`,
    });
    this.alarm('Late', {
      metric: ownMetric('aep.processing.latency', bookingWorker, {
        period: Duration.minutes(LOOKED_AT_MINUTES),
        statistic: cloudwatch.Stats.percentile(95),
      }),
      threshold: LATENCY_MS,
      alarmDescription: `One booking in twenty takes more than ${LATENCY_MS / 1000} seconds from the webhook to the table`,
    });
    // The latency is of what was processed: it says nothing while nothing is.
    this.alarm('Waiting', {
      metric: bookingFeed.events.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(1),
        statistic: cloudwatch.Stats.MAXIMUM,
      }),
      threshold: Duration.minutes(WAITING_MINUTES).toSeconds(),
      alarmDescription: `Bookings wait for more than ${WAITING_MINUTES} minutes: the worker does not keep up, or does not run`,
    });
    this.notEmpty('DeadLetters', bookingFeed.deadLetters, 'Bookings that failed time and again: send them again');
    this.any('WorkerErrors', bookingWorker.metricErrors(every(1)), 'The booking worker failed a whole batch');
  }
}
