import type { Node } from 'constructs';
import { list, oneOf, optional, REGION_ARN, reject, whole } from '../context-values';
import type { KafkaAuthentication, KafkaSecret } from '../kafka/context';
import { BROKER, BROKERS, KafkaNetwork, readNetwork } from '../kafka/producer-context';
import { RefusedInput } from '../refused-input';

/** A topic of bookings: an event hub of Azure Event Hubs most likely, which speaks Kafka's protocol. */
export interface BookingsKafka {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly secret: KafkaSecret | undefined;
  readonly network: KafkaNetwork | undefined;
}

/** A dataset of bookings, asked at intervals. */
export interface QueryServiceContext {
  /** `host` or `host:port`. */
  readonly host: string;
  /** Sandbox and what of it, as in `prod:all`. */
  readonly database: string;
  readonly table: string;
  readonly secretArn: string;
  readonly scheduleMinutes: number;
  readonly overlapMinutes: number;
  /** How far back the first reading begins. */
  readonly firstHours: number;
}

const KAFKA_KEYS = [
  'bookingsKafkaBrokers',
  'bookingsKafkaTopic',
  'bookingsKafkaSecretArn',
  'bookingsKafkaAuthentication',
  'bookingsKafkaSubnetIds',
  'bookingsKafkaSecurityGroupId',
] as const;

const QUERY_KEYS = [
  'queryServiceHost',
  'queryServiceDatabase',
  'queryServiceTable',
  'queryServiceSecretArn',
  'queryServiceScheduleMinutes',
  'queryServiceOverlapMinutes',
  'queryServiceFirstHours',
] as const;

/** Every key of this file. */
export const FEED_KEYS = [...KAFKA_KEYS, ...QUERY_KEYS] as const;

/** Kafka's own rule for a topic; an event hub's name is one too. */
const TOPIC = /^[A-Za-z0-9._-]{1,249}$/;
const HOST = /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?$/;
const DATABASE = /^[A-Za-z0-9_-]+(:[A-Za-z0-9_.-]+)?$/;
/** Such a name needs no quotation marks; the function takes no other. */
const TABLE = /^([A-Za-z_][A-Za-z0-9_]{0,62}\.)?[A-Za-z_][A-Za-z0-9_]{0,62}$/;
const OVERLAP_MINUTES = 120;
const LEAST_OVERLAP_MINUTES = 60;
const SECRET = 'the ARN of a Secrets Manager secret';

/** Reads where bookings come from beside the webhook over Kafka's protocol; undefined where they do not. */
export function readBookingsKafka(node: Node): BookingsKafka | undefined {
  const brokers = list(node, 'bookingsKafkaBrokers', BROKER, BROKERS);
  if (brokers.length === 0) {
    refuseWithout(node, 'bookingsKafkaBrokers', KAFKA_KEYS);
    return undefined;
  }
  const arn = optional(node, 'bookingsKafkaSecretArn', REGION_ARN('secretsmanager'), SECRET);
  const authentication = oneOf<KafkaAuthentication>(
    node,
    'bookingsKafkaAuthentication',
    ['BASIC_AUTH', 'SASL_SCRAM_512_AUTH', 'SASL_SCRAM_256_AUTH'],
    'BASIC_AUTH',
  );
  const network = readNetwork(node, 'bookingsKafka');
  if (arn === undefined && network === undefined) {
    throw new RefusedInput(
      'The brokers of bookingsKafkaBrokers without bookingsKafkaSubnetIds are reached over the internet, where Lambda asks ' +
        'for a sign-in: give bookingsKafkaSecretArn, or bookingsKafkaSubnetIds with bookingsKafkaSecurityGroupId.',
    );
  }
  if (arn === undefined && node.tryGetContext('bookingsKafkaAuthentication') !== undefined) {
    throw new RefusedInput(
      'Context bookingsKafkaAuthentication says how bookingsKafkaSecretArn is used: give that too.',
    );
  }
  const topic = optional(node, 'bookingsKafkaTopic', TOPIC, 'the name of a topic or an event hub') ?? 'bookings';
  return { brokers, topic, secret: arn === undefined ? undefined : { arn, authentication }, network };
}

/** Reads which dataset of Query Service is asked for bookings; undefined where none is. */
export function readQueryService(node: Node): QueryServiceContext | undefined {
  const host = optional(node, 'queryServiceHost', HOST, 'host or host:port');
  if (host === undefined) {
    refuseWithout(node, 'queryServiceHost', QUERY_KEYS);
    return undefined;
  }
  const port = host.split(':')[1];
  if (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65_535)) {
    throw reject('queryServiceHost', host, 'host or host:port, with a port from 1 to 65535');
  }
  const required = (key: string, pattern: RegExp, allowed: string): string => {
    const value = optional(node, key, pattern, allowed);
    if (value === undefined) throw reject(key, undefined, `${allowed}, with queryServiceHost`);
    return value;
  };
  return {
    host,
    database: optional(node, 'queryServiceDatabase', DATABASE, 'sandbox:all or sandbox:dataset') ?? 'prod:all',
    table: required('queryServiceTable', TABLE, "a table's name of letters, digits and underscores"),
    secretArn: required('queryServiceSecretArn', REGION_ARN('secretsmanager'), SECRET),
    scheduleMinutes: whole(node, 'queryServiceScheduleMinutes', 1, 720, 15),
    overlapMinutes: overlapMinutes(node),
    firstHours: whole(node, 'queryServiceFirstHours', 1, 8_760, 24),
  };
}

/**
 * How late an event may come into the dataset and is still seen. With less than Adobe takes, events would be lost:
 * https://experienceleague.adobe.com/docs/experience-platform/ingestion/streaming/overview.html
 */
function overlapMinutes(node: Node): number {
  const given: unknown = node.tryGetContext('queryServiceOverlapMinutes');
  if (Number(given ?? OVERLAP_MINUTES) < LEAST_OVERLAP_MINUTES) {
    const reason = 'what is streamed to Adobe is in its data lake within an hour';
    throw reject('queryServiceOverlapMinutes', given, `at least ${LEAST_OVERLAP_MINUTES}: ${reason}`);
  }
  return whole(node, 'queryServiceOverlapMinutes', LEAST_OVERLAP_MINUTES, 10_080, OVERLAP_MINUTES);
}

/** What would be silently ignored is refused. */
function refuseWithout(node: Node, missing: string, keys: readonly string[]): void {
  for (const key of keys) {
    if (key === missing || node.tryGetContext(key) === undefined) continue;
    throw new RefusedInput(`Context ${key} is read with ${missing} only: give that too, or leave ${key} out.`);
  }
}
