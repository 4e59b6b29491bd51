import { Duration } from 'aws-cdk-lib';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { keepFailures } from './failure-destination';
import { FLIGHT_AND_BOOKING_KEYS } from './names';

export interface StreamMappingProps {
  readonly table: ITable;
  readonly handler: LambdaFunction;
  /** Receives the records that Lambda gives up on. */
  readonly failures: IBucket;
}

/** Records an invocation: ten PutEvents. */
const BATCH_SIZE = 100;

/** A cancellation changes its flight's bookings within seconds: they come together. */
const WINDOW = Duration.seconds(1);

/**
 * Attempts after the first. The shard waits meanwhile, for a stream is read in order, so it is not the 10,000 of the
 * Kafka mapping; and each attempt sends what failed four times itself.
 */
const RETRY_ATTEMPTS = 10;

/** A stream forgets its records after 24 hours, without a word: an hour before, what could not be sent is kept. */
const MAX_RECORD_AGE = Duration.hours(23);

/** Changes of flights and bookings from the table's stream to the stream handler. */
export class StreamMapping extends Construct {
  constructor(scope: Construct, id: string, props: StreamMappingProps) {
    super(scope, id);
    const { table, handler, failures } = props;
    const streamArn = table.tableStreamArn;
    if (streamArn === undefined) throw new Error('the table has no stream');
    const grants = [
      // Lambda polls with the function's role.
      new PolicyStatement({
        actions: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((name) => `dynamodb:${name}`),
        resources: [streamArn],
      }),
      ...keepFailures(failures),
    ];
    grants.forEach((statement) => handler.addToRolePolicy(statement));

    new CfnEventSourceMapping(this, 'Mapping', {
      functionName: handler.functionName,
      eventSourceArn: streamArn,
      // LATEST may miss what is written while the mapping is made or changed. What is read twice has the same ids.
      startingPosition: 'TRIM_HORIZON',
      // Claims, passengers and entries cost no invocation, nor what is made or deleted: neither changes a status.
      filterCriteria: { filters: [{ pattern: JSON.stringify(CHANGED_FLIGHTS_AND_BOOKINGS) }] },
      batchSize: BATCH_SIZE,
      maximumBatchingWindowInSeconds: WINDOW.toSeconds(),
      // One batch of a shard at a time. More would keep the order of each item, but not that of a flight and its
      // bookings; the iterator age says when one is not enough.
      parallelizationFactor: 1,
      functionResponseTypes: ['ReportBatchItemFailures'],
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: RETRY_ATTEMPTS,
      maximumRecordAgeInSeconds: MAX_RECORD_AGE.toSeconds(),
      destinationConfig: { onFailure: { destination: failures.bucketArn } },
    });
  }
}

const CHANGED_FLIGHTS_AND_BOOKINGS = {
  eventName: ['MODIFY'],
  dynamodb: {
    Keys: {
      PK: { S: FLIGHT_AND_BOOKING_KEYS.partitions.map((prefix) => ({ prefix })) },
      SK: { S: [FLIGHT_AND_BOOKING_KEYS.sort] },
    },
  },
};
