import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/**
 * One month: long enough to look into a complaint, short enough for what notifications say about passengers.
 * Every log group is declared with it, for the groups that services create on their own never expire.
 */
export const LOG_RETENTION = RetentionDays.ONE_MONTH;

/** A log group with a fixed name and a retention. */
export function logGroup(scope: Construct, id: string, logGroupName: string, removalPolicy: RemovalPolicy): LogGroup {
  return new LogGroup(scope, id, { logGroupName, retention: LOG_RETENTION, removalPolicy });
}
