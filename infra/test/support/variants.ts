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
    kafkaSecurityGroupId: 'sg-0c3',
  },
  msk: {
    kafkaSource: 'msk',
    mskClusterArn: 'arn:aws:kafka:us-east-1:111122223333:cluster/ops/6cc0432b-8618-4f44-bccc-e1fbd8fb7c4d-2',
  },
  'msk-serverless': { kafkaSource: 'msk-serverless' },
} as const;
