import { Construct } from 'constructs';
import { AlarmSet, every, ownMetric } from './alarm-set';
import { Feeds } from './feeds';

export interface FeedAlarmsProps {
  readonly feeds: Feeds;
  /** SNS topic to notify; none means the alarms are only shown. */
  readonly topicArn: string | undefined;
}

/** Readings on end that may fail: one that fails is made up for by the next. */
const READINGS = 2;

/** Readings on end that may lack time: more than that, and there is more every time. */
const UNFINISHED = 3;

/** What an operator must be told of the feeds that there are beside the webhook. */
export class FeedAlarms extends AlarmSet {
  constructor(scope: Construct, id: string, { feeds, topicArn }: FeedAlarmsProps) {
    super(scope, id, topicArn);
    const { bookingConsumer, queryService } = feeds;
    if (bookingConsumer !== undefined) {
      this.any(
        'BookingRecordsFailed',
        ownMetric('RecordsFailed', bookingConsumer, every(1)),
        'Kafka records of bookings could not be queued and are delivered again',
      );
      const errors = bookingConsumer.metricErrors(every(1));
      this.any('BookingConsumerErrors', errors, 'The consumer of bookings failed a whole batch');
    }
    if (queryService !== undefined) {
      const { function: reader, scheduleMinutes } = queryService;
      const period = every(scheduleMinutes);
      const failed = 'Query Service was asked in vain twice on end: see the log for why. Nothing is lost meanwhile';
      this.any('QueryServiceErrors', reader.metricErrors(period), failed, READINGS);
      const unfinished = ownMetric('aep.readings.unfinished', reader, period);
      const late = 'Query Service has more bookings than are read in time: they come later and later';
      this.any('QueryServiceUnfinished', unfinished, late, UNFINISHED);
    }
  }
}
