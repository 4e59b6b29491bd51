import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping, CfnEventSourceMappingProps, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { keepFailures } from '../failure-destination';

/** Where the brokers are, how to sign in, and the consumer group: all that differs between the sources. */
export type KafkaConnection = Pick<
  CfnEventSourceMappingProps,
  | 'eventSourceArn'
  | 'selfManagedEventSource'
  | 'sourceAccessConfigurations'
  | 'amazonManagedKafkaEventSourceConfig'
  | 'selfManagedKafkaEventSourceConfig'
>;

export interface KafkaMappingProps {
  readonly consumer: LambdaFunction;
  /** Receives the batches that Lambda gives up on, with their records; a queue would get metadata only. */
  readonly failures: IBucket;
  readonly topic: string;
  readonly connection: KafkaConnection;
  /** What the poller needs, in the function's role: Lambda polls with it. */
  readonly grants: readonly PolicyStatement[];
}

/** Records a batch, and attempts after the first before the batch goes to the bucket. */
const BATCH_SIZE = 100;
const RETRY_ATTEMPTS = 10_000;

/** The mapping from the topic to the consumer; the same for every source and topic. */
export class KafkaMapping extends Construct {
  constructor(scope: Construct, id: string, props: KafkaMappingProps) {
    super(scope, id);
    const { consumer, failures } = props;
    [...props.grants, ...keepFailures(failures)].forEach((statement) => consumer.addToRolePolicy(statement));

    // Lambda checks the role when the mapping is made; the function itself already waits for the role's policy.
    new CfnEventSourceMapping(this, 'Mapping', {
      ...props.connection,
      functionName: consumer.functionName,
      topics: [props.topic],
      startingPosition: 'TRIM_HORIZON',
      batchSize: BATCH_SIZE,
      // MaximumBatchingWindowInSeconds stays unset: that means 500 ms for Kafka, which whole seconds cannot say and
      // which a mapping that ever had another value cannot return to.
      //
      // Partial batch answers, bisecting and the retry limit need provisioned mode. It costs about $0.185 an hour
      // for every four pollers (from memory; look it up before quoting), polling or not.
      provisionedPollerConfig: { minimumPollers: 1, maximumPollers: 4 },
      functionResponseTypes: ['ReportBatchItemFailures'],
      bisectBatchOnFunctionError: true,
      // The most there is. Poison never uses them (the consumer sets it aside); what fails is the table or the bus
      // being away, which must not send good records to the bucket. Left at infinity Lambda would apply 10, since
      // there is a destination for failures.
      maximumRetryAttempts: RETRY_ATTEMPTS,
      destinationConfig: { onFailure: { destination: failures.bucketArn } },
    });
  }
}
