import { Duration } from 'aws-cdk-lib';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { RustFunction } from '../rust-function';
import { QueryServiceContext } from './context';
import type { FeedProps } from './index';

/** The most there is. A query may take four minutes, and a backlog several queries; what is left is for the next time. */
const TIMEOUT = Duration.minutes(15);

/** Rows that are read at once: their events are what the function holds in memory. */
const MAX_ROWS = 10_000;

/**
 * Bookings from a dataset that Query Service is asked for at intervals.
 *
 * The secret is `{"username": "…", "password": "…"}` of a credential that does not expire, with `"ca"` in PEM where the host
 * has an authority of its own. It is made by whoever has the credential, and is not of this stack.
 */
export class QueryServiceFeed extends Construct {
  readonly function: LambdaFunction;

  constructor(
    scope: Construct,
    id: string,
    source: QueryServiceContext,
    { table, bookingFeed, deadLetters, assets, architecture, removalPolicy }: FeedProps & { readonly table: Table },
  ) {
    super(scope, id);
    this.function = new RustFunction(this, 'Function', {
      functionName: 'FlightPulse-QueryService',
      description: 'Asks Query Service for new bookings and puts them into the queue of booking events',
      environment: {
        TABLE_NAME: table.tableName,
        BOOKING_QUEUE_URL: bookingFeed.events.queueUrl,
        ...deadLetters.environment(),
        QUERY_SERVICE_HOST: source.host,
        QUERY_SERVICE_DATABASE: source.database,
        QUERY_SERVICE_TABLE: source.table,
        QUERY_SERVICE_SECRET_ARN: source.secretArn,
        QUERY_SERVICE_MAX_ROWS: String(MAX_ROWS),
        QUERY_SERVICE_OVERLAP_MINUTES: String(source.overlapMinutes),
        QUERY_SERVICE_FIRST_MINUTES: String(source.firstHours * 60),
      },
      grants: [
        new PolicyStatement({ actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], resources: [table.tableArn] }),
        new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [source.secretArn] }),
        bookingFeed.sendGrant(),
        ...deadLetters.writeGrants(),
      ],
      timeout: TIMEOUT,
      // Rows of up to 16 MB, as text, as values and as messages.
      memorySize: 1024,
      assets,
      architecture,
      removalPolicy,
    }).function;
    // No concurrency is reserved: a new account has ten in all, of which Lambda lets none be reserved. Two readings at once
    // ask Adobe the same, and the watermark, which is written on a condition, lets one of them move it alone:
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
    const interval = Duration.minutes(source.scheduleMinutes);
    // What failed is tried by the next: it begins where this one came to.
    const attempts = { retryAttempts: 0, maxEventAge: interval.toSeconds() < 60 * 60 ? interval : Duration.hours(1) };
    this.function.configureAsyncInvoke(attempts);
    new Rule(this, 'Schedule', {
      description: 'Asks Query Service for new bookings',
      schedule: Schedule.rate(interval),
      targets: [new LambdaTarget(this.function, attempts)],
    });
  }
}
