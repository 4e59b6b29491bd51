import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { RemovalPolicy } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { Node } from 'constructs';
import { BookingsKafka, FEED_KEYS, QueryServiceContext, readBookingsKafka, readQueryService } from './feeds/context';
import { KafkaSource, readKafkaSource } from './kafka/context';
import { KafkaProducerContext, readKafkaProducer } from './kafka/producer-context';
import { oneOf, optional, optionalWhole, REGION_ARN, reject } from './context-values';
import { RefusedInput } from './refused-input';

/** What a deployer may choose (`cdk deploy -c key=value`), checked and typed. */
export interface DeployContext {
  readonly architecture: Architecture;
  readonly kafkaSource: KafkaSource;
  /** The function that writes to the topic from inside the brokers' network; undefined where none is asked for. */
  readonly kafkaProducer: KafkaProducerContext | undefined;
  /** Bookings from a topic; undefined where none is asked for, as is the next. */
  readonly bookingsKafka: BookingsKafka | undefined;
  /** Bookings from a dataset that is asked at intervals. */
  readonly queryService: QueryServiceContext | undefined;
  /** How many parts of exports are read at once, of all files; undefined for as many as the account has room for. */
  readonly reconciliationConcurrency: number | undefined;
  readonly modelId: string;
  /** Link that cancellation messages give for choosing another flight. */
  readonly rebookingUrl: string;
  readonly removalPolicy: RemovalPolicy;
  /** Directory that holds `<binary>/bootstrap` for each function. */
  readonly lambdaAssets: string;
  /** SNS topic that alarms notify; without it they only show in CloudWatch. */
  readonly alarmTopicArn: string | undefined;
}

/** Every key of ours; a key that is not here and has no namespace is taken for a misspelling. */
export const CONTEXT_KEYS = [
  'architecture',
  'kafkaSource',
  'kafkaProducer',
  'kafkaBrokers',
  'kafkaSecretArn',
  'kafkaAuthentication',
  'kafkaSubnetIds',
  'kafkaSecurityGroupId',
  'mskClusterArn',
  ...FEED_KEYS,
  'reconciliationConcurrency',
  'modelId',
  'rebookingUrl',
  'removalPolicy',
  'lambdaAssets',
  'alarmTopicArn',
] as const;

/**
 * Claude Haiku 4.5 through its cross-region inference profile for the United States: the short texts of a cohort
 * need no larger model, and on-demand use of it is offered through profiles only.
 */
export const DEFAULT_MODEL_ID = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';

/** An address nobody owns (RFC 2606): a deployment that tells passengers anything names its own. */
export const DEFAULT_REBOOKING_URL = 'https://www.example.com/rebook';

const REPOSITORY = resolve(__dirname, '..', '..');

/** Bedrock ids: provider.model-version, with a geography in front for an inference profile. */
const MODEL_ID = /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?$/;

/**
 * The link stands in a text message beside the news, hence the length; every one of its characters is a single septet
 * of the GSM alphabet, for one that is not would turn the whole message to UCS-2, at less than half the length.
 */
const REBOOKING_URL = /^(?=.{1,60}$)https:\/\/[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(\/[A-Za-z0-9.\/-]*)?$/;
const REBOOKING_URL_ALLOWED =
  'an https URL of at most 60 characters, with only letters A-Z, digits, dots, hyphens and slashes after https://';

/** Reads and checks the whole context, so that a deployment fails with a sentence before anything is made. */
export function readContext(node: Node): DeployContext {
  refuseUnknownKeys(node);
  const architecture = oneOf(node, 'architecture', ['arm64', 'x86_64'], 'arm64');
  const removal = oneOf(node, 'removalPolicy', ['retain', 'destroy'], 'retain');
  const kafkaSource = readKafkaSource(node);
  return {
    architecture: architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
    kafkaSource,
    kafkaProducer: readKafkaProducer(node, kafkaSource),
    bookingsKafka: readBookingsKafka(node),
    queryService: readQueryService(node),
    // Lambda's own quota is 1,000 unless it was raised, and leaves the last 100 to all functions.
    reconciliationConcurrency: optionalWhole(node, 'reconciliationConcurrency', 1, 900),
    modelId: optional(node, 'modelId', MODEL_ID, 'a Bedrock model id or inference profile id') ?? DEFAULT_MODEL_ID,
    rebookingUrl: optional(node, 'rebookingUrl', REBOOKING_URL, REBOOKING_URL_ALLOWED) ?? DEFAULT_REBOOKING_URL,
    removalPolicy: removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    lambdaAssets: readLambdaAssets(node),
    alarmTopicArn: optional(node, 'alarmTopicArn', REGION_ARN('sns'), 'the ARN of an SNS topic'),
  };
}

function readLambdaAssets(node: Node): string {
  const value: unknown = node.tryGetContext('lambdaAssets');
  if (value === undefined) return join(REPOSITORY, 'dist', 'lambda');
  if (typeof value !== 'string' || !isAbsolute(value) || !existsSync(value)) {
    throw reject('lambdaAssets', value, 'the absolute path of an existing directory that holds <binary>/bootstrap');
  }
  return value;
}

/** CDK's own keys carry `:` or `/` (`aws:cdk:…`, `@aws-cdk/…`, `availability-zones:…`); ours are bare words. */
function refuseUnknownKeys(node: Node): void {
  const all = node.getAllContext() as Record<string, unknown>;
  const known: readonly string[] = CONTEXT_KEYS;
  const unknown = Object.keys(all).filter((key) => /^[A-Za-z]+$/.test(key) && !known.includes(key));
  if (unknown.length > 0) {
    throw new RefusedInput(`Unknown context ${unknown.join(', ')}: allowed are ${CONTEXT_KEYS.join(', ')}.`);
  }
}
