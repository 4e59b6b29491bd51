import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { QUEUE_NAMES } from './names';

/** The longest SQS keeps a message, in days: time for people to come back from a long weekend and redrive. */
export const QUEUE_RETENTION_DAYS = 14;

/** Folder of the bucket for the bodies of poison records; the only one our own code writes to. */
const POISON_PREFIX = 'poison';

/** Days an object stays in the bucket; longer than its queue message, which points to it. */
const BUCKET_RETENTION_DAYS = 30;

/**
 * Where everything ends that could not be processed, and where work waits that is done outside FlightPulse.
 *
 * - `deadLetters`: poison records, failed workflows, failed bookings; written by our own code.
 * - `ruleDeadLetters`: events that a rule could not hand to its target.
 * - `unknownFlights`: events of flights we do not know yet; to be sent again, by hand, when the flight appears.
 * - `rebookingNeeded`: bookings of cancelled flights until whoever rebooks them takes them out.
 * - `bucket`: bodies too large for a message, and what the mappings (Kafka, the table's stream) gave up on.
 */
export class DeadLetters extends Construct {
  readonly deadLetters: sqs.Queue;
  readonly ruleDeadLetters: sqs.Queue;
  readonly unknownFlights: sqs.Queue;
  readonly rebookingNeeded: sqs.Queue;
  readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: { readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    const queue = (queueId: string, queueName: string): sqs.Queue =>
      new sqs.Queue(this, queueId, {
        queueName,
        retentionPeriod: Duration.days(QUEUE_RETENTION_DAYS),
        encryption: sqs.QueueEncryption.SQS_MANAGED,
        enforceSSL: true,
        removalPolicy: props.removalPolicy,
      });
    this.deadLetters = queue('DeadLetters', QUEUE_NAMES.deadLetters);
    this.ruleDeadLetters = queue('RuleDeadLetters', QUEUE_NAMES.ruleDeadLetters);
    this.unknownFlights = queue('UnknownFlights', QUEUE_NAMES.unknownFlights);
    this.rebookingNeeded = queue('RebookingNeeded', QUEUE_NAMES.rebookingNeeded);

    // No autoDeleteObjects: it is a custom resource with a function of its own. A stack that is destroyed with
    // dead letters in the bucket keeps the bucket, which is what one wants of dead letters.
    this.bucket = new s3.Bucket(this, 'Bucket', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [
        {
          expiration: Duration.days(BUCKET_RETENTION_DAYS),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: props.removalPolicy,
    });
  }

  /** To set aside what cannot be processed. */
  writeGrants(): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queueArn] }),
      new PolicyStatement({
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`${POISON_PREFIX}/*`)],
      }),
    ];
  }

  /** What a function that does so is told. */
  environment(): Record<string, string> {
    return {
      DEAD_LETTER_QUEUE_URL: this.deadLetters.queueUrl,
      DEAD_LETTER_BUCKET: this.bucket.bucketName,
    };
  }
}
