/**
 * The names other parts of FlightPulse know by heart: the Rust binaries, the state machine's definition, the
 * local cloud, the operators' runbooks. They stand here once; everything else in the stack is named by CDK.
 */
export const STACK_NAME = 'FlightPulseStack';
export const TABLE_NAME = 'FlightPulseTable';
/** Indexes of the table: flights by status, bookings by status. */
export const INDEX_NAMES = { flightsByStatus: 'GSI1', bookingsByStatus: 'GSI2' } as const;
export const BUS_NAME = 'flightpulse-bus';
export const API_NAME = 'FlightPulseApi';
export const STAGE_NAME = 'prod';
export const KAFKA_TOPIC = 'flight-operations';
/** Kafka consumer group of the mapping; named so that MSK's IAM grant can name it too. */
export const KAFKA_CONSUMER_GROUP = 'flightpulse-kafka-consumer';
/** The same of the mapping of a topic of bookings. */
export const BOOKINGS_CONSUMER_GROUP = 'flightpulse-booking-consumer';
/** Managed policy that opens the operator routes of the API to whom it is attached. */
export const OPERATORS_POLICY_NAME = 'FlightPulse-Operators';
/** Managed policy that opens the signed routes that read. */
export const READERS_POLICY_NAME = 'FlightPulse-Readers';
/** Managed policy that lets Experience Platform write exports, for whom it signs in as. */
export const EXPORT_WRITERS_POLICY_NAME = 'FlightPulse-ExportWriters';
export const MODEL_ID_PARAMETER = '/flightpulse/bedrock/model-id';

/** Prefix of the source of every event that FlightPulse puts on its bus: `flightpulse.<component>`. */
export const EVENT_SOURCE_PREFIX = 'flightpulse.';

/**
 * How the keys of flights and bookings look, for the filter of the table's stream alone: what else is in the table, and
 * under which key, is known to the Rust store crate, and a test of the repository holds these two to it.
 */
export const FLIGHT_AND_BOOKING_KEYS = { partitions: ['FLIGHT#', 'BOOKING#'], sort: 'METADATA' } as const;

export const QUEUE_NAMES = {
  deadLetters: 'FlightPulse-DeadLetters',
  ruleDeadLetters: 'FlightPulse-RuleDeadLetters',
  unknownFlights: 'FlightPulse-UnknownFlights',
  rebookingNeeded: 'FlightPulse-RebookingNeeded',
  bookingEvents: 'FlightPulse-BookingEvents',
  bookingDeadLetters: 'FlightPulse-BookingEventsDeadLetters',
} as const;

/** Folders of the bucket of exports: what Experience Platform writes, which rows of it could not be read, the reports. */
export const EXPORT_FOLDERS = { exports: 'exports/', rejected: 'rejected/', reports: 'reports/' } as const;

export const LOG_GROUPS = {
  email: '/flightpulse/notifications/email',
  sms: '/flightpulse/notifications/sms',
  audit: '/flightpulse/audit',
  apiAccess: '/flightpulse/api/access',
} as const;

/** State machine name → its definition, a file of `statemachines/`. */
export const WORKFLOW_DEFINITIONS = {
  FlightPulseDelayNotification: 'delay-notification.asl.json',
  FlightPulseCancellationWorkflow: 'cancellation.asl.json',
  FlightPulseGateChangeWorkflow: 'gate-change.asl.json',
  FlightPulseReconciliation: 'reconciliation.asl.json',
} as const;

export type WorkflowName = keyof typeof WORKFLOW_DEFINITIONS;

/**
 * `/aws/vendedlogs/` spares the account's Logs resource policy: without that prefix every state machine adds itself
 * to one policy of at most 5,120 characters, and the deployment that overflows it fails.
 */
export function workflowLogGroup(name: WorkflowName): string {
  return `/aws/vendedlogs/states/${name}`;
}

/** Lambda function name → cargo binary, which is also the name of the asset folder. */
export const FUNCTION_BINARIES = {
  'FlightPulse-KafkaConsumer': 'flightpulse-kafka-consumer',
  'FlightPulse-FlightUpdater': 'flightpulse-flight-updater',
  'FlightPulse-BookingUpdater': 'flightpulse-booking-updater',
  'FlightPulse-RecipientFinder': 'flightpulse-recipient-finder',
  'FlightPulse-LLMMessenger': 'flightpulse-llm-messenger',
  'FlightPulse-NotificationDispatcher': 'flightpulse-notification-dispatcher',
  'FlightPulse-APIHandlers': 'flightpulse-api',
  'FlightPulse-OperatorAPI': 'flightpulse-operator-api',
  'FlightPulse-StreamHandler': 'flightpulse-stream-handler',
  'FlightPulse-AEPWebhook': 'flightpulse-aep-webhook',
  'FlightPulse-BookingWorker': 'flightpulse-booking-worker',
  'FlightPulse-S3Reconciliation': 'flightpulse-s3-reconciliation',
} as const;

/** The same for functions that the context may ask for. */
export const BINARIES_BY_CONTEXT = {
  'FlightPulse-KafkaProducer': 'flightpulse-kafka-producer',
  'FlightPulse-BookingConsumer': 'flightpulse-booking-consumer',
  'FlightPulse-QueryService': 'flightpulse-query-service',
} as const;

/** Every function that there may be, with its binary. */
export const ALL_BINARIES = { ...FUNCTION_BINARIES, ...BINARIES_BY_CONTEXT } as const;

export type FunctionName = keyof typeof ALL_BINARIES;
