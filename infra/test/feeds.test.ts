import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readContext } from '../lib/context';
import { everyFunction, FEED_GRANTS, MAPPING_GRANTS, NETWORK_GRANTS } from './expected/grants';
import { grantsOf } from './support/grants';
import { readable } from './support/readable';
import { appWith, Context, LOCAL, named, ofType, Synthesis, synth } from './support/synth';
import { EVENT_HUBS, FEED_VARIANTS, KAFKA_VARIANTS, QUERY_SERVICE } from './support/variants';

const CONSUMER = 'FlightPulse-BookingConsumer';
const READER = 'FlightPulse-QueryService';

function functionOf(stack: Synthesis, name: string): any {
  return named(stack, 'AWS::Lambda::Function', 'FunctionName', name).Properties;
}

function environmentOf(stack: Synthesis, name: string): Record<string, string> {
  const { RUST_LOG, ...own } = functionOf(stack, name).Environment.Variables;
  assert.equal(RUST_LOG, 'info');
  return Object.fromEntries(Object.entries(own).map(([key, value]) => [key, readable(stack, value)]));
}

function grantsOfFunction(stack: Synthesis, name: string): string[] {
  return grantsOf(stack, named(stack, 'AWS::Lambda::Function', 'FunctionName', name));
}

function mappingOf(stack: Synthesis): any {
  const mappings = ofType(stack, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties);
  const [mapping, ...more] = mappings.filter(({ FunctionName }) => readable(stack, FunctionName) === `<${CONSUMER}>`);
  assert.deepEqual(more, []);
  return mapping;
}

/** The rest of the stack is as it is without them. */
function addsOnly(context: Context, prefixes: string[], changed: string[] = []): void {
  const without = synth(LOCAL).resources;
  const { resources } = synth({ ...LOCAL, ...context });
  const more = Object.keys(resources).filter((id) => !(id in without));
  assert.ok(more.length > 0 && more.every((id) => prefixes.some((prefix) => id.startsWith(prefix))), more.join());
  const differs = Object.entries(without).filter(([id, one]) => JSON.stringify(resources[id]) !== JSON.stringify(one));
  assert.deepEqual(
    differs.map(([id]) => id.replace(/[0-9A-F]{8}$/, '')),
    changed,
  );
}

test('the feeds are there by context only, and so are their outputs', () => {
  for (const context of [LOCAL, ...Object.values(KAFKA_VARIANTS)]) {
    const { resources, outputs } = synth(context as Context);
    const names = Object.values(resources).map(({ Properties }) => Properties?.FunctionName);
    assert.ok(!names.includes(CONSUMER) && !names.includes(READER));
    assert.deepEqual([outputs.BookingConsumerName, outputs.QueryServiceName], [undefined, undefined]);
  }
  const { outputs } = synth(FEED_VARIANTS['bookings from all feeds']);
  assert.ok(outputs.BookingConsumerName && outputs.QueryServiceName);
});

test('the feeds add to the stack and change of it the alarm on how many bookings fail', () => {
  addsOnly(EVENT_HUBS, ['EventHubs', 'FeedAlarms'], ['BookingAlarmsFailing']);
  addsOnly(QUERY_SERVICE, ['QueryService', 'FeedAlarms'], ['BookingAlarmsFailing']);
});

describe('bookings from Event Hubs', () => {
  const stack = synth(EVENT_HUBS);

  test('are polled as Azure documents it, and none of them is lost', () => {
    const { FunctionName, DestinationConfig, Tags, ...mapping } = mappingOf(stack);
    assert.deepEqual(mapping, {
      SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['airline.servicebus.windows.net:9093'] } },
      SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'flightpulse-booking-consumer' },
      SourceAccessConfigurations: [{ Type: 'BASIC_AUTH', URI: EVENT_HUBS.bookingsKafkaSecretArn }],
      Topics: ['bookings'],
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 4 },
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10_000,
    });
    assert.equal(readable(stack, DestinationConfig.OnFailure.Destination), '<DeadLettersBucket>');
  });

  test('the function is told and may do what it needs', () => {
    assert.deepEqual(environmentOf(stack, CONSUMER), {
      BOOKING_QUEUE_URL: '<FlightPulse-BookingEvents>',
      DEAD_LETTER_QUEUE_URL: '<FlightPulse-DeadLetters>',
      DEAD_LETTER_BUCKET: '<DeadLettersBucket>',
    });
    const secret = `secretsmanager:GetSecretValue on ${EVENT_HUBS.bookingsKafkaSecretArn}`;
    assert.deepEqual(
      grantsOfFunction(stack, CONSUMER),
      [...FEED_GRANTS, ...MAPPING_GRANTS, secret, ...everyFunction(CONSUMER)].sort(),
    );
    const { Timeout, MemorySize, ReservedConcurrentExecutions } = functionOf(stack, CONSUMER);
    assert.deepEqual([Timeout, MemorySize, ReservedConcurrentExecutions], [60, 512, undefined]);
  });

  test('may be in a network, behind another name, and signed in to in another way', () => {
    const inside = synth(FEED_VARIANTS['bookings from brokers in a VPC']);
    assert.deepEqual(mappingOf(inside).SourceAccessConfigurations, [
      { Type: 'VPC_SUBNET', URI: 'subnet:subnet-0a1' },
      { Type: 'VPC_SUBNET', URI: 'subnet:subnet-0b2' },
      { Type: 'VPC_SECURITY_GROUP', URI: 'security_group:sg-0c3a1b2c3d4e5f607' },
    ]);
    assert.deepEqual(
      grantsOfFunction(inside, CONSUMER),
      [...FEED_GRANTS, ...MAPPING_GRANTS, ...NETWORK_GRANTS, ...everyFunction(CONSUMER)].sort(),
    );
    const bookingsKafkaAuthentication = 'SASL_SCRAM_512_AUTH';
    const other = mappingOf(synth({ ...EVENT_HUBS, bookingsKafkaTopic: 'aep.sales', bookingsKafkaAuthentication }));
    assert.deepEqual(other.Topics, ['aep.sales']);
    assert.equal(other.SourceAccessConfigurations[0].Type, bookingsKafkaAuthentication);
  });

  test('stand beside flight operations, which have another group', () => {
    const both = synth({ ...KAFKA_VARIANTS['self-managed'], ...EVENT_HUBS });
    const groups = ofType(both, 'AWS::Lambda::EventSourceMapping').map(
      ([, { Properties }]) => Properties.SelfManagedKafkaEventSourceConfig?.ConsumerGroupId,
    );
    assert.deepEqual(groups.filter(Boolean).sort(), ['flightpulse-booking-consumer', 'flightpulse-kafka-consumer']);
  });
});

describe('bookings from Query Service', () => {
  const stack = synth(QUERY_SERVICE);

  test('the function is told and may do what it needs', () => {
    assert.deepEqual(environmentOf(stack, READER), {
      TABLE_NAME: '<FlightPulseTable>',
      BOOKING_QUEUE_URL: '<FlightPulse-BookingEvents>',
      DEAD_LETTER_QUEUE_URL: '<FlightPulse-DeadLetters>',
      DEAD_LETTER_BUCKET: '<DeadLettersBucket>',
      QUERY_SERVICE_HOST: 'airline.platform-query.adobe.io',
      QUERY_SERVICE_DATABASE: 'prod:all',
      QUERY_SERVICE_TABLE: 'airline_bookings',
      QUERY_SERVICE_SECRET_ARN: QUERY_SERVICE.queryServiceSecretArn,
      QUERY_SERVICE_MAX_ROWS: '10000',
      QUERY_SERVICE_OVERLAP_MINUTES: '120',
      QUERY_SERVICE_FIRST_MINUTES: '1440',
    });
    assert.deepEqual(
      grantsOfFunction(stack, READER),
      [
        ...FEED_GRANTS,
        'dynamodb:GetItem on <FlightPulseTable>',
        'dynamodb:PutItem on <FlightPulseTable>',
        `secretsmanager:GetSecretValue on ${QUERY_SERVICE.queryServiceSecretArn}`,
        ...everyFunction(READER),
      ].sort(),
    );
  });

  test('reserves nothing of a small account, and leaves what fails to the next reading', () => {
    const { Timeout, ReservedConcurrentExecutions } = functionOf(stack, READER);
    assert.deepEqual([Timeout, ReservedConcurrentExecutions], [900, undefined]);
    const [[, { Properties: invoke }]] = ofType(stack, 'AWS::Lambda::EventInvokeConfig') as any;
    assert.deepEqual([invoke.MaximumRetryAttempts, invoke.MaximumEventAgeInSeconds], [0, 900]);
    assert.equal(readable(stack, invoke.FunctionName), `<${READER}>`);
  });

  for (const [queryServiceScheduleMinutes, expression] of [
    [undefined, 'rate(15 minutes)'],
    ['1', 'rate(1 minute)'],
    ['120', 'rate(2 hours)'],
  ] as const) {
    test(`is asked at a ${expression}`, () => {
      const chosen = synth({ ...QUERY_SERVICE, ...(queryServiceScheduleMinutes && { queryServiceScheduleMinutes }) });
      const rules = ofType(chosen, 'AWS::Events::Rule').map(([, { Properties }]) => Properties);
      const [rule, ...more] = rules.filter(({ ScheduleExpression }) => ScheduleExpression !== undefined);
      assert.deepEqual([rule.ScheduleExpression, more], [expression, []]);
      assert.equal(readable(chosen, rule.Targets[0].Arn), `<${READER}>`);
      assert.equal(rule.Targets[0].RetryPolicy.MaximumRetryAttempts, 0);
    });
  }

  test('is told how late events may come and where to begin', () => {
    const told = environmentOf(
      synth({ ...QUERY_SERVICE, queryServiceOverlapMinutes: '60', queryServiceFirstHours: '48' }),
      READER,
    );
    assert.deepEqual([told.QUERY_SERVICE_OVERLAP_MINUTES, told.QUERY_SERVICE_FIRST_MINUTES], ['60', '2880']);
  });
});

describe('the alarms of the feeds', () => {
  const alarm = (stack: Synthesis, id: string): any => {
    const found = ofType(stack, 'AWS::CloudWatch::Alarm').filter(([name]) => name.startsWith(id));
    assert.equal(found.length, 1, id);
    return found[0]![1].Properties;
  };

  test('go off when records fail, when readings fail twice on end, or lack time three times', () => {
    const stack = synth(FEED_VARIANTS['bookings from all feeds']);
    const line = (id: string): unknown[] => {
      const { MetricName, Dimensions, Period, EvaluationPeriods, Threshold } = alarm(stack, `FeedAlarms${id}`);
      return [readable(stack, Dimensions[0].Value), MetricName, EvaluationPeriods, Period / 60, Threshold];
    };
    assert.deepEqual(line('BookingRecordsFailed'), [`<${CONSUMER}>`, 'RecordsFailed', 1, 1, 0]);
    assert.deepEqual(line('BookingConsumerErrors'), [`<${CONSUMER}>`, 'Errors', 1, 1, 0]);
    assert.deepEqual(line('QueryServiceErrors'), [`<${READER}>`, 'Errors', 2, 15, 0]);
    assert.deepEqual(line('QueryServiceUnfinished'), [`<${READER}>`, 'aep.readings.unfinished', 3, 15, 0]);
  });

  test('count what all feeds took when they say how much of it fails', () => {
    const stack = synth(FEED_VARIANTS['bookings from all feeds']);
    const { Metrics } = alarm(stack, 'BookingAlarmsFailing');
    const received = '(FILL(received, 0) + FILL(other0, 0) + FILL(other1, 0))';
    const [{ Expression }] = Metrics.filter(({ Expression }: any) => Expression !== undefined);
    assert.equal(Expression, `IF(${received} > 0, 100 * failed / ${received}, 0)`);
    const of = Metrics.filter(({ Id }: any) => /^(received|other)/.test(Id)).map(({ MetricStat }: any) => {
      assert.equal(MetricStat.Metric.MetricName, 'aep.events.received');
      return readable(stack, MetricStat.Metric.Dimensions[0].Value);
    });
    assert.deepEqual(of.sort(), ['<FlightPulse-AEPWebhook>', `<${CONSUMER}>`, `<${READER}>`]);
  });
});

describe('the context of the feeds', () => {
  const number = (key: string, value: string, range: string): [string, Context, string] => [
    `${key} of ${value}`,
    { ...QUERY_SERVICE, [key]: value },
    `Context ${key} is "${value}": it must be a whole number from ${range}.`,
  ];
  const { queryServiceTable, ...noTable } = QUERY_SERVICE;
  const { queryServiceSecretArn, ...noSecret } = QUERY_SERVICE;
  const refused: [string, Context, string][] = [
    [
      'a topic without brokers',
      { bookingsKafkaTopic: 'bookings' },
      'Context bookingsKafkaTopic is read with bookingsKafkaBrokers only: give that too, or leave bookingsKafkaTopic out.',
    ],
    [
      'brokers on the internet without a sign-in',
      { bookingsKafkaBrokers: EVENT_HUBS.bookingsKafkaBrokers },
      'The brokers of bookingsKafkaBrokers without bookingsKafkaSubnetIds are reached over the internet, where Lambda asks ' +
        'for a sign-in: give bookingsKafkaSecretArn, or bookingsKafkaSubnetIds with bookingsKafkaSecurityGroupId.',
    ],
    [
      'half a network',
      { ...EVENT_HUBS, bookingsKafkaSubnetIds: 'subnet-0a1' },
      'Context bookingsKafkaSubnetIds and bookingsKafkaSecurityGroupId belong together: give both or neither.',
    ],
    [
      'a way to sign in that has no secret',
      { ...FEED_VARIANTS['bookings from brokers in a VPC'], bookingsKafkaAuthentication: 'BASIC_AUTH' },
      'Context bookingsKafkaAuthentication says how bookingsKafkaSecretArn is used: give that too.',
    ],
    [
      'another way to sign in',
      { ...EVENT_HUBS, bookingsKafkaAuthentication: 'PLAIN' },
      'Context bookingsKafkaAuthentication is "PLAIN": it must be one of BASIC_AUTH, SASL_SCRAM_512_AUTH, SASL_SCRAM_256_AUTH.',
    ],
    [
      'a broker without a port',
      { ...EVENT_HUBS, bookingsKafkaBrokers: 'airline.servicebus.windows.net' },
      'Context bookingsKafkaBrokers is "airline.servicebus.windows.net": it must be a comma list of host:port.',
    ],
    [
      'a topic that is none',
      { ...EVENT_HUBS, bookingsKafkaTopic: 'book ings' },
      'Context bookingsKafkaTopic is "book ings": it must be the name of a topic or an event hub.',
    ],
    [
      'a table without a host',
      { queryServiceTable },
      'Context queryServiceTable is read with queryServiceHost only: give that too, or leave queryServiceTable out.',
    ],
    [
      'a host without a table',
      noTable,
      "Context queryServiceTable is undefined: it must be a table's name of letters, digits and underscores, with " +
        'queryServiceHost.',
    ],
    [
      'a host without a secret',
      noSecret,
      'Context queryServiceSecretArn is undefined: it must be the ARN of a Secrets Manager secret, with queryServiceHost.',
    ],
    [
      'a host with a scheme',
      { ...QUERY_SERVICE, queryServiceHost: 'https://airline.platform-query.adobe.io' },
      'Context queryServiceHost is "https://airline.platform-query.adobe.io": it must be host or host:port.',
    ],
    [
      'a table that is SQL',
      { ...QUERY_SERVICE, queryServiceTable: 'a; DROP TABLE a' },
      'Context queryServiceTable is "a; DROP TABLE a": it must be a table\'s name of letters, digits and underscores.',
    ],
    [
      'a flattened database',
      { ...QUERY_SERVICE, queryServiceDatabase: 'prod:all?FLATTEN' },
      'Context queryServiceDatabase is "prod:all?FLATTEN": it must be sandbox:all or sandbox:dataset.',
    ],
    number('queryServiceScheduleMinutes', '0', '1 to 720'),
    number('queryServiceScheduleMinutes', '1.5', '1 to 720'),
    number('queryServiceOverlapMinutes', 'two hours', '60 to 10080'),
    ...['59', '-1'].map((minutes): [string, Context, string] => [
      `an overlap of ${minutes} minutes`,
      { ...QUERY_SERVICE, queryServiceOverlapMinutes: minutes },
      `Context queryServiceOverlapMinutes is "${minutes}": it must be at least 60: what is streamed to Adobe is in its data ` +
        'lake within an hour.',
    ]),
    ...['0', '65536'].map((port): [string, Context, string] => [
      `port ${port}`,
      { ...QUERY_SERVICE, queryServiceHost: `airline.platform-query.adobe.io:${port}` },
      `Context queryServiceHost is "airline.platform-query.adobe.io:${port}": it must be host or host:port, with a port from ` +
        '1 to 65535.',
    ]),
    number('queryServiceFirstHours', 'a day', '1 to 8760'),
  ];
  for (const [what, context, message] of refused) {
    test(`refuses ${what} with a sentence`, () => {
      assert.throws(() => readContext(appWith(context).node), { name: 'RefusedInput', message });
    });
  }
});
