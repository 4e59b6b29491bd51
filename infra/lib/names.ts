/**
 * The names other parts of FlightPulse know by heart: the Rust binaries, the state machine's definition, the
 * local cloud, the operators' runbooks. They stand here once; everything else in the stack is named by CDK.
 */
export const STACK_NAME = 'FlightPulseStack';
export const TABLE_NAME = 'FlightPulseTable';
export const BUS_NAME = 'flightpulse-bus';
export const API_NAME = 'FlightPulseApi';
export const STAGE_NAME = 'prod';
export const KAFKA_TOPIC = 'flight-operations';
/** Kafka consumer group of the mapping; named so that MSK's IAM grant can name it too. */
export const KAFKA_CONSUMER_GROUP = 'flightpulse-kafka-consumer';
export const DELAY_WORKFLOW_NAME = 'FlightPulseDelayNotification';
export const MODEL_ID_PARAMETER = '/flightpulse/bedrock/model-id';

/** Prefix of the source of every event that FlightPulse puts on its bus: `flightpulse.<component>`. */
export const EVENT_SOURCE_PREFIX = 'flightpulse.';

export const QUEUE_NAMES = {
  deadLetters: 'FlightPulse-DeadLetters',
  ruleDeadLetters: 'FlightPulse-RuleDeadLetters',
  unknownFlights: 'FlightPulse-UnknownFlights',
  pendingEvents: 'FlightPulse-PendingEvents',
} as const;

export const LOG_GROUPS = {
  email: '/flightpulse/notifications/email',
  sms: '/flightpulse/notifications/sms',
  apiAccess: '/flightpulse/api/access',
  /**
   * `/aws/vendedlogs/` spares the account's Logs resource policy: without that prefix every state machine adds
   * itself to one policy of at most 5,120 characters, and the deployment that overflows it fails.
   */
  delayWorkflow: `/aws/vendedlogs/states/${DELAY_WORKFLOW_NAME}`,
} as const;

/** Lambda function name → cargo binary, which is also the name of the asset folder. */
export const FUNCTION_BINARIES = {
  'FlightPulse-KafkaConsumer': 'flightpulse-kafka-consumer',
  'FlightPulse-FlightUpdater': 'flightpulse-flight-updater',
  'FlightPulse-RecipientFinder': 'flightpulse-recipient-finder',
  'FlightPulse-LLMMessenger': 'flightpulse-llm-messenger',
  'FlightPulse-NotificationDispatcher': 'flightpulse-notification-dispatcher',
  'FlightPulse-APIHandlers': 'flightpulse-api',
} as const;

export type FunctionName = keyof typeof FUNCTION_BINARIES;
