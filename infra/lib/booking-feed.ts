import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { BookingSources } from './booking-sources';
import { QUEUE_RETENTION_DAYS } from './dead-letters';
import { QUEUE_NAMES } from './names';

/** How long the worker may take for a batch. */
export const WORKER_TIMEOUT = Duration.seconds(60);

/**
 * How long a message is hidden from others once the worker has it, and so the pause before what failed comes again. Six
 * times what the worker may take, as AWS advises: Lambda tries meanwhile when it is throttled.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const HIDDEN = Duration.seconds(6 * WORKER_TIMEOUT.toSeconds());

/**
 * How often a message comes before it is a dead letter: an hour, in which a table that does not answer is back. AWS
 * advises five at least, since a batch that Lambda could not hand over counts too.
 */
const MAX_RECEIVES = 10;

/** Messages an invocation: the most without a batching window. */
const BATCH_SIZE = 10;

/**
 * Batches at once. Each writes the totals of its flights, and DynamoDB lets one transaction at a time change an item: the
 * more there are, the more of them are bookings of one flight that get in each other's way and have to be tried again.
 * Each worker has four under way. Eighty at once of different flights are thousands of bookings a second at twenty
 * milliseconds a transaction; of one flight some fifty are, whatever this says, and others wait for their turn.
 */
const MAX_CONCURRENCY = 20;

/**
 * Bookings on their way from the webhook to the worker: the queue that keeps them once the sender has its answer, and
 * who may send. A queue, and not an asynchronous invocation: it keeps them for two weeks and not for six hours, and what
 * failed for good can be looked at and sent again.
 *
 * It is no FIFO queue. The worker decides by what the events say of their own order, which a sender that tries again
 * would spoil anyway, and one flight's bookings would wait for one another.
 */
export class BookingFeed extends Construct {
  readonly events: Queue;
  readonly deadLetters: Queue;
  readonly sources: BookingSources;

  constructor(scope: Construct, id: string, props: { readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    const { removalPolicy } = props;
    const every = {
      retentionPeriod: Duration.days(QUEUE_RETENTION_DAYS),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy,
    };
    this.deadLetters = new Queue(this, 'DeadLetters', { queueName: QUEUE_NAMES.bookingDeadLetters, ...every });
    this.events = new Queue(this, 'Events', {
      queueName: QUEUE_NAMES.bookingEvents,
      ...every,
      visibilityTimeout: HIDDEN,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
    this.sources = new BookingSources(this, 'Sources', { removalPolicy });
  }

  /** To put messages into the queue. */
  sendGrant(): PolicyStatement {
    return new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.events.queueArn] });
  }

  /** Hands what is in the queue to the worker. */
  deliverTo(worker: LambdaFunction): void {
    worker.addToRolePolicy(
      // Lambda polls with the function's role. Changing a message's visibility is not among what AWS asks for:
      // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-lambda-function-trigger.html
      new PolicyStatement({
        actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
        resources: [this.events.queueArn],
      }),
    );
    new CfnEventSourceMapping(this, 'Mapping', {
      functionName: worker.functionName,
      eventSourceArn: this.events.queueArn,
      // And no batching window: a booking should be readable as soon as it was made.
      batchSize: BATCH_SIZE,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: MAX_CONCURRENCY },
    });
  }
}
