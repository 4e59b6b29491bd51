import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { BookingFeed, WORKER_TIMEOUT } from './booking-feed';
import { CursorSecret } from './cursor-secret';
import { DeadLetters } from './dead-letters';
import { ExportBucket } from './export-bucket';
import { INDEX_NAMES } from './names';
import { RustFunction, RustFunctionProps } from './rust-function';
import { TextModel } from './text-model';

export interface FunctionsProps {
  readonly table: Table;
  readonly bus: EventBus;
  readonly deadLetters: DeadLetters;
  readonly textModel: TextModel;
  readonly cursorSecret: CursorSecret;
  readonly bookingFeed: BookingFeed;
  readonly exports: ExportBucket;
  /** Where a passenger of a cancelled flight is sent to choose another. */
  readonly rebookingUrl: string;
  /** How many executions the reconciliation may have at once; undefined for no limit of its own. */
  readonly reconciliationConcurrency: number | undefined;
  readonly assets: string;
  readonly architecture: Architecture;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * The functions: what each may do and what each is told, side by side, so that a grant without a variable
 * (or the other way round) catches the eye.
 */
export class Functions extends Construct {
  readonly kafkaConsumer: LambdaFunction;
  readonly flightUpdater: LambdaFunction;
  readonly bookingUpdater: LambdaFunction;
  readonly recipientFinder: LambdaFunction;
  readonly llmMessenger: LambdaFunction;
  readonly notificationDispatcher: LambdaFunction;
  readonly apiHandlers: LambdaFunction;
  readonly operatorApi: LambdaFunction;
  readonly streamHandler: LambdaFunction;
  readonly aepWebhook: LambdaFunction;
  readonly bookingWorker: LambdaFunction;
  readonly s3Reconciliation: LambdaFunction;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const { table, bus, deadLetters, textModel, cursorSecret, bookingFeed, exports } = props;
    const { assets, architecture, removalPolicy } = props;
    type Own = Omit<RustFunctionProps, 'assets' | 'architecture' | 'removalPolicy'>;
    const rust = (childId: string, own: Own): LambdaFunction =>
      new RustFunction(this, childId, { assets, architecture, removalPolicy, ...own }).function;

    const onTable = (...actions: string[]): PolicyStatement =>
      new PolicyStatement({ actions: actions.map((name) => `dynamodb:${name}`), resources: [table.tableArn] });
    const queryIndexes = (): PolicyStatement =>
      new PolicyStatement({
        actions: ['dynamodb:Query'],
        resources: Object.values(INDEX_NAMES).map((name) => `${table.tableArn}/index/${name}`),
      });
    // What reads bytes from outside writes flights and claims of events, and no other item.
    const completeQuietly = (): PolicyStatement =>
      new PolicyStatement({
        actions: ['dynamodb:UpdateItem', 'dynamodb:PutItem'],
        resources: [table.tableArn],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['FLIGHT#*', 'EVENT#*'] } },
      });
    const putEvents = (): PolicyStatement =>
      new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] });
    const writeLetters = (): PolicyStatement[] => deadLetters.writeGrants();
    const publish = (): PolicyStatement[] => [putEvents(), ...writeLetters()];
    const tableName = { TABLE_NAME: table.tableName };
    const letters = deadLetters.environment();
    const publisher = { ...tableName, EVENT_BUS_NAME: bus.eventBusName, ...letters };

    this.kafkaConsumer = rust('KafkaConsumer', {
      functionName: 'FlightPulse-KafkaConsumer',
      description: 'Kafka records of flight operations to events on the bus',
      environment: publisher,
      grants: [onTable('BatchGetItem'), completeQuietly(), ...publish()],
      timeout: Duration.seconds(60),
      memorySize: 512,
    });
    this.flightUpdater = rust('FlightUpdater', {
      functionName: 'FlightPulse-FlightUpdater',
      description: 'Applies a disruption to its flight, newest event time first',
      environment: tableName,
      grants: [onTable('GetItem', 'UpdateItem')],
      timeout: Duration.seconds(30),
    });
    this.bookingUpdater = rust('BookingUpdater', {
      functionName: 'FlightPulse-BookingUpdater',
      description: 'Marks the bookings of a cancelled flight, page by page, as in need of another, or takes it back',
      environment: { ...tableName, EVENT_BUS_NAME: bus.eventBusName },
      grants: [onTable('BatchGetItem', 'UpdateItem'), putEvents()],
      timeout: Duration.seconds(60),
      memorySize: 512,
    });
    this.recipientFinder = rust('RecipientFinder', {
      functionName: 'FlightPulse-RecipientFinder',
      description: 'Finds the bookings of a flight, page by page, and their cohorts',
      environment: tableName,
      grants: [onTable('Query', 'BatchGetItem')],
      timeout: Duration.seconds(30),
    });
    this.llmMessenger = rust('LLMMessenger', {
      functionName: 'FlightPulse-LLMMessenger',
      description: 'Words and checks the messages of one cohort',
      environment: { BEDROCK_MODEL_ID: textModel.modelId },
      grants: textModel.invokeGrants(),
      // A cold start and the model's budget of eight seconds: every other text waits for the slowest.
      timeout: Duration.seconds(12),
    });
    this.notificationDispatcher = rust('NotificationDispatcher', {
      functionName: 'FlightPulse-NotificationDispatcher',
      description: 'Claims and publishes the notifications of a page of bookings',
      environment: { ...publisher, REBOOKING_URL: props.rebookingUrl },
      grants: [onTable('BatchGetItem', 'GetItem', 'PutItem', 'BatchWriteItem'), ...publish()],
      timeout: Duration.seconds(60),
      memorySize: 512,
    });
    this.apiHandlers = rust('APIHandlers', {
      functionName: 'FlightPulse-APIHandlers',
      description: 'The routes of the REST API that read: flights, bookings, passengers, notifications',
      environment: { ...tableName, CURSOR_SECRET_ARN: cursorSecret.arn },
      grants: [onTable('GetItem', 'BatchGetItem', 'Query'), queryIndexes(), cursorSecret.readGrant()],
      timeout: Duration.seconds(10),
    });
    this.operatorApi = rust('OperatorAPI', {
      functionName: 'FlightPulse-OperatorAPI',
      description: 'The operator routes of the REST API: hold, release, resend, correct, and what was done',
      environment: { ...tableName, EVENT_BUS_NAME: bus.eventBusName },
      grants: [onTable('GetItem', 'PutItem', 'Query'), putEvents()],
      timeout: Duration.seconds(10),
    });
    this.streamHandler = rust('StreamHandler', {
      functionName: 'FlightPulse-StreamHandler',
      description: 'Changes of status in the table to events on the bus',
      environment: { EVENT_BUS_NAME: bus.eventBusName },
      grants: [putEvents()],
      timeout: Duration.seconds(60),
    });
    this.aepWebhook = rust('AEPWebhook', {
      functionName: 'FlightPulse-AEPWebhook',
      description: 'Takes bookings that Experience Platform sends, makes sure who sent them, and queues them',
      environment: {
        BOOKING_QUEUE_URL: bookingFeed.events.queueUrl,
        BOOKING_SOURCES_SECRET_ARN: bookingFeed.sources.arn,
      },
      grants: [bookingFeed.sendGrant(), bookingFeed.sources.readGrant()],
      // Adobe I/O Events waits ten seconds, and an HTTP destination two; a call of SQS may take eleven before it is
      // given up, and what is answered then is worth more in the log than a function that was ended.
      timeout: Duration.seconds(28),
      // More than it needs to run: those two seconds are to hold a cold start with its TLS handshakes.
      memorySize: 512,
    });
    this.bookingWorker = rust('BookingWorker', {
      functionName: 'FlightPulse-BookingWorker',
      description: 'Folds booking events into reservations, operations records and the totals of their flights',
      environment: { ...tableName, ...letters, EVENT_BUS_NAME: bus.eventBusName },
      // A transaction needs what each of its writes needs.
      grants: [
        onTable('BatchGetItem', 'ConditionCheckItem', 'GetItem', 'PutItem', 'UpdateItem'),
        putEvents(),
        ...writeLetters(),
      ],
      timeout: WORKER_TIMEOUT,
      memorySize: 512,
    });
    this.s3Reconciliation = rust('S3Reconciliation', {
      functionName: 'FlightPulse-S3Reconciliation',
      description: 'Holds files of exports against the table, part by part, and reports',
      environment: { ...tableName, EVENT_BUS_NAME: bus.eventBusName, EXPORT_BUCKET: exports.bucket.bucketName },
      // It writes reservations as the booking worker does. Query: the parts and discrepancies of a run.
      grants: [
        onTable('BatchGetItem', 'ConditionCheckItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'),
        putEvents(),
        exports.listGrant(),
        exports.objectGrant('exports', 's3:GetObject'),
        ...(['rejected', 'reports'] as const).map((folder) => exports.objectGrant(folder, 's3:PutObject')),
      ],
      // The longest that there is: a part is cut so that it takes a fraction of it.
      timeout: Duration.minutes(15),
      memorySize: 512,
      ephemeralStorage: Size.gibibytes(2),
      reservedConcurrency: props.reconciliationConcurrency,
    });
  }
}
