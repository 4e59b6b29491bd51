import { CfnOutput, Stack, StackProps, Tags } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Alarms } from './alarms';
import { Audit } from './audit';
import { BookingAlarms } from './booking-alarms';
import { BookingFeed } from './booking-feed';
import { DeployContext } from './context';
import { CursorSecret } from './cursor-secret';
import { DeadLetters } from './dead-letters';
import { EventRules } from './event-rules';
import { ExportBucket } from './export-bucket';
import { FeedAlarms } from './feed-alarms';
import { bookingFeeds } from './feeds';
import { Functions } from './functions';
import { kafkaMapping } from './kafka';
import { BUS_NAME, WorkflowName } from './names';
import { NotificationWorkflow, Workflows } from './notification-workflow';
import { Notifications } from './notifications';
import { OperationsTable } from './operations-table';
import { Reconciliation } from './reconciliation';
import { ReconciliationAlarms } from './reconciliation-alarms';
import { RestApi } from './rest-api';
import { StreamMapping } from './stream-mapping';
import { TextModel } from './text-model';

export interface FlightPulseStackProps extends StackProps {
  readonly context: DeployContext;
}

/** All of FlightPulse in one stack: the constructs, how they are joined, and what others need to know of it. */
export class FlightPulseStack extends Stack {
  constructor(scope: Construct, id: string, props: FlightPulseStackProps) {
    super(scope, id, { description: 'FlightPulse: flight disruptions to correct, personal messages', ...props });
    const { architecture, lambdaAssets, removalPolicy, modelId, rebookingUrl, kafkaSource, alarmTopicArn } =
      props.context;

    const { table } = new OperationsTable(this, 'Operations', { removalPolicy });
    const bus = new EventBus(this, 'Bus', { eventBusName: BUS_NAME, description: 'Flight events and notifications' });
    const deadLetters = new DeadLetters(this, 'DeadLetters', { removalPolicy });
    const textModel = new TextModel(this, 'TextModel', { modelId });
    const bookingFeed = new BookingFeed(this, 'Bookings', { removalPolicy });
    const exports = new ExportBucket(this, 'Exports', { removalPolicy });
    const functions = new Functions(this, 'Functions', {
      table,
      bus,
      deadLetters,
      textModel,
      cursorSecret: new CursorSecret(this, 'Cursors', { removalPolicy }),
      bookingFeed,
      exports,
      rebookingUrl,
      reconciliationConcurrency: props.context.reconciliationConcurrency,
      assets: lambdaAssets,
      architecture,
      removalPolicy,
    });
    const shared = { table, functions, deadLetterQueue: deadLetters.deadLetters, removalPolicy };
    const workflow = (childId: string, name: WorkflowName): StateMachine =>
      new NotificationWorkflow(this, childId, { name, ...shared }).stateMachine;
    const workflows: Workflows = {
      delay: workflow('DelayWorkflow', 'FlightPulseDelayNotification'),
      cancellation: workflow('CancellationWorkflow', 'FlightPulseCancellationWorkflow'),
      gateChange: workflow('GateChangeWorkflow', 'FlightPulseGateChangeWorkflow'),
    };
    new EventRules(this, 'Rules', { bus, deadLetters, workflows });
    const reconciliation = new Reconciliation(this, 'Reconciliation', {
      bucket: exports.bucket,
      bus,
      worker: functions.s3Reconciliation,
      deadLetters,
      removalPolicy,
    });
    const logged = { bus, ruleDeadLetters: deadLetters.ruleDeadLetters, removalPolicy };
    new Notifications(this, 'Notifications', logged);
    new Audit(this, 'Audit', logged);
    const { kafkaConsumer, apiHandlers, operatorApi, streamHandler, aepWebhook, bookingWorker } = functions;
    const { api, operators, readers } = new RestApi(this, 'Rest', {
      handlers: apiHandlers,
      operatorApi,
      aepWebhook,
      removalPolicy,
    });
    const kafkaProducer = kafkaMapping(this, kafkaSource, {
      consumer: kafkaConsumer,
      failures: deadLetters.bucket,
      producer: props.context.kafkaProducer,
      assets: lambdaAssets,
      architecture,
      removalPolicy,
    });
    const feeds = bookingFeeds(this, {
      kafka: props.context.bookingsKafka,
      queryService: props.context.queryService,
      table,
      bookingFeed,
      deadLetters,
      assets: lambdaAssets,
      architecture,
      removalPolicy,
    });
    new StreamMapping(this, 'Stream', { table, handler: streamHandler, failures: deadLetters.bucket });
    bookingFeed.deliverTo(bookingWorker);
    new Alarms(this, 'Alarms', {
      deadLetters,
      workflows,
      functions,
      apiStage: api.deploymentStage,
      topicArn: alarmTopicArn,
    });
    new BookingAlarms(this, 'BookingAlarms', {
      bookingFeed,
      functions,
      feeds: [feeds.bookingConsumer, feeds.queryService?.function].filter((one) => one !== undefined),
      topicArn: alarmTopicArn,
    });
    new FeedAlarms(this, 'FeedAlarms', { feeds, topicArn: alarmTopicArn });
    new ReconciliationAlarms(this, 'ReconciliationAlarms', {
      workflow: reconciliation.workflow,
      worker: functions.s3Reconciliation,
      topicArn: alarmTopicArn,
    });

    Tags.of(this).add('application', 'flightpulse');
    this.output('TableName', table.tableName, 'Flights, passengers, bookings and claims');
    this.output('EventBusName', bus.eventBusName, 'Bus of every flight event and notification');
    this.output('ApiUrl', api.url, 'Base address of the REST API, with its stage');
    this.output('DelayStateMachineArn', workflows.delay.stateMachineArn, 'Workflow that a delay starts');
    const { cancellation, gateChange } = workflows;
    this.output('CancellationStateMachineArn', cancellation.stateMachineArn, 'Workflow that a cancellation starts');
    this.output('GateChangeStateMachineArn', gateChange.stateMachineArn, 'Workflow that a gate change starts');
    this.output('DeadLetterQueueUrl', deadLetters.deadLetters.queueUrl, 'Where what failed for good ends');
    this.output('DeadLetterBucketName', deadLetters.bucket.bucketName, 'Large dead letters, and batches given up on');
    this.output('RuleDeadLetterQueueUrl', deadLetters.ruleDeadLetters.queueUrl, 'Events that a rule could not deliver');
    this.output('UnknownFlightsQueueUrl', deadLetters.unknownFlights.queueUrl, 'Events that wait for their flight');
    this.output('RebookingQueueUrl', deadLetters.rebookingNeeded.queueUrl, 'Bookings that need another flight');
    this.output('BookingQueueUrl', bookingFeed.events.queueUrl, 'Bookings on their way to the table');
    this.output('BookingDeadLetterQueueUrl', bookingFeed.deadLetters.queueUrl, 'Bookings that failed time and again');
    this.output('BookingSourcesSecretArn', bookingFeed.sources.arn, 'Who may send bookings, and with which secrets');
    this.output('BookingWebhookUrl', api.urlForPath('/webhooks/aep-booking'), 'Where bookings are sent to');
    this.output('ReconciliationStateMachineArn', reconciliation.workflow.stateMachineArn, 'Workflow of an export');
    this.output('ExportBucketName', exports.bucket.bucketName, 'Where Experience Platform exports bookings to');
    this.output('ExportWriterPolicyArn', exports.writers.managedPolicyArn, 'Attach it to whom exports are written as');
    this.output('OperatorPolicyArn', operators.managedPolicyArn, 'Attach it to who may call the /admin routes');
    this.output('ReaderPolicyArn', readers.managedPolicyArn, 'Attach it to who may read what names a person');
    this.output('KafkaConsumerName', kafkaConsumer.functionName, 'Function that takes the Kafka batches');
    if (feeds.bookingConsumer) {
      this.output(
        'BookingConsumerName',
        feeds.bookingConsumer.functionName,
        'Function that takes Kafka batches of bookings',
      );
    }
    if (feeds.queryService) {
      this.output('QueryServiceName', feeds.queryService.function.functionName, 'Function that asks Query Service');
    }
    if (kafkaProducer) {
      this.output(
        'KafkaProducerName',
        kafkaProducer.functionName,
        'Function that writes to Kafka from inside its network',
      );
    }
  }

  private output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}
