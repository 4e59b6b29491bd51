/** One deployment for each way to feed the topic; addresses and ARNs are examples. */
export const KAFKA_VARIANTS = {
  'self-managed': {
    kafkaSource: 'self-managed',
    kafkaBrokers: 'b1.example.com:9096, b2.example.com:9096',
    kafkaSecretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:kafka-AbCdEf',
  },
  'self-managed in a VPC': {
    kafkaSource: 'self-managed',
    kafkaBrokers: 'b1.internal:9092',
    kafkaSubnetIds: 'subnet-0a1,subnet-0b2',
    kafkaSecurityGroupId: 'sg-0c3a1b2c3d4e5f607',
  },
  msk: {
    kafkaSource: 'msk',
    mskClusterArn: 'arn:aws:kafka:us-east-1:111122223333:cluster/ops/6cc0432b-8618-4f44-bccc-e1fbd8fb7c4d-2',
  },
  'msk-serverless': { kafkaSource: 'msk-serverless' },
} as const;

const IN_VPC = {
  kafkaSubnetIds: 'subnet-0a1b2c3d4e5f60001,subnet-0a1b2c3d4e5f60002',
  kafkaSecurityGroupId: 'sg-0a1b2c3d4e5f60003',
};

/** The same with the function that writes to the topic, wherever it can stand. */
export const PRODUCER_VARIANTS = {
  'self-managed in a VPC with a producer': {
    ...KAFKA_VARIANTS['self-managed in a VPC'],
    ...IN_VPC,
    kafkaProducer: 'true',
  },
  'self-managed in a VPC with a sign-in and a producer': {
    ...KAFKA_VARIANTS['self-managed'],
    ...IN_VPC,
    kafkaAuthentication: 'SASL_SCRAM_256_AUTH',
    kafkaProducer: 'true',
  },
  'msk with a producer': {
    ...KAFKA_VARIANTS.msk,
    ...IN_VPC,
    kafkaBrokers: 'b-1.ops.abc123.c2.kafka.us-east-1.amazonaws.com:9098',
    kafkaProducer: 'true',
  },
  'msk by SCRAM with a producer': {
    ...KAFKA_VARIANTS.msk,
    ...IN_VPC,
    kafkaSecretArn: KAFKA_VARIANTS['self-managed'].kafkaSecretArn,
    kafkaBrokers: 'b-1.ops.abc123.c2.kafka.us-east-1.amazonaws.com:9096',
    kafkaProducer: 'true',
  },
  'msk-serverless with a producer': {
    kafkaSource: 'msk-serverless',
    kafkaBrokers: 'boot-abc123.c2.kafka-serverless.us-east-1.amazonaws.com:9098',
    kafkaProducer: 'true',
  },
} as const;

/** The feeds of bookings beside the webhook, each alone and both. */
export const EVENT_HUBS = {
  bookingsKafkaBrokers: 'airline.servicebus.windows.net:9093',
  bookingsKafkaSecretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:event-hubs-AbCdEf',
} as const;
export const QUERY_SERVICE = {
  queryServiceHost: 'airline.platform-query.adobe.io',
  queryServiceTable: 'airline_bookings',
  queryServiceSecretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:query-service-AbCdEf',
} as const;
export const FEED_VARIANTS = {
  'bookings from Event Hubs': EVENT_HUBS,
  'bookings from brokers in a VPC': {
    bookingsKafkaBrokers: 'b1.internal:9092',
    bookingsKafkaSubnetIds: 'subnet-0a1,subnet-0b2',
    bookingsKafkaSecurityGroupId: 'sg-0c3a1b2c3d4e5f607',
  },
  'bookings from Query Service': QUERY_SERVICE,
  'bookings from all feeds': { ...EVENT_HUBS, ...QUERY_SERVICE },
} as const;
