import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';

/**
 * What Lambda needs, in the function's role, to keep what an event source mapping gives up on: it writes to
 * `aws/lambda/<mapping>/…` and looks at the bucket first. As AWS advises, only while the bucket is in this account: a
 * bucket that was deleted could be made again by someone else.
 *
 * A bucket and not a queue: a queue would get metadata only, and the records are gone from a stream after a day.
 */
export function keepFailures(bucket: IBucket): PolicyStatement[] {
  const conditions = { StringEquals: { 's3:ResourceAccount': Stack.of(bucket).account } };
  return [
    new PolicyStatement({
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('aws/lambda/*')],
      conditions,
    }),
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn], conditions }),
  ];
}
