/** One finding of cdk-nag that we accept: where, which, and why. `where` is a construct path below the stack. */
export interface AcceptedRisk {
  readonly finding: string;
  readonly where: RegExp;
  readonly reason: string;
}

const XRAY = 'X-Ray has no resources to name, and Step Functions documents its log delivery actions on * only.';

export const ACCEPTED_RISKS: readonly AcceptedRisk[] = [
  {
    finding: 'AwsSolutions-IAM5[Resource::*]',
    where: /^Functions\/\w+\/Role\/DefaultPolicy\/Resource$/,
    reason: `${XRAY} With a Kafka source in a VPC also the network interfaces, which AWS documents on * only.`,
  },
  {
    finding: 'AwsSolutions-IAM5[Resource::*]',
    where: /^DelayWorkflow\/Role\/DefaultPolicy\/Resource$/,
    reason: XRAY,
  },
  {
    finding: 'AwsSolutions-IAM5[Resource::<DeadLettersBucket.Arn>/poison/*]',
    where: /^Functions\/(KafkaConsumer|NotificationDispatcher)\/Role\/DefaultPolicy\/Resource$/,
    reason: 'Object keys are made at run time; the prefix is the narrowest that can be named.',
  },
  {
    finding: 'AwsSolutions-IAM5[Resource::<DeadLettersBucket.Arn>/aws/lambda/*]',
    where: /^Functions\/KafkaConsumer\/Role\/DefaultPolicy\/Resource$/,
    reason: 'Lambda chooses the keys below aws/lambda/ for the batches that it gives up on.',
  },
  {
    finding:
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:bedrock:*::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0]',
    where: /^Functions\/LLMMessenger\/Role\/DefaultPolicy\/Resource$/,
    reason: 'The inference profile chooses the region; the condition admits calls through that profile only.',
  },
  {
    finding:
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    where: /^Rest\/LoggingRole\/Resource$/,
    reason: 'The setting is of the whole account and its role serves every API; AWS documents this policy for it.',
  },
  {
    finding: 'AwsSolutions-SQS3',
    where: /^DeadLetters\/(DeadLetters|RuleDeadLetters|UnknownFlights|PendingEvents)\/Resource$/,
    reason: 'Ends of the line: no function consumes them, so nothing could be moved on. Alarms watch all four.',
  },
  {
    finding: 'AwsSolutions-S1',
    where: /^DeadLetters\/Bucket\/Resource$/,
    reason: 'Two roles write here and log what they write; a second bucket for access logs would tell nothing more.',
  },
  {
    finding: 'AwsSolutions-APIG4',
    where: /^Rest\/Api\/Default\/(health|flights\/\{flight_id\})\/GET\/Resource$/,
    reason: 'The two routes show health and flight status, which airlines publish; neither shows a passenger.',
  },
  {
    finding: 'AwsSolutions-COG4',
    where: /^Rest\/Api\/Default\/(health|flights\/\{flight_id\})\/GET\/Resource$/,
    reason: 'As for APIG4: public facts, no users to sign in.',
  },
  {
    finding: 'AwsSolutions-APIG3',
    where: /^Rest\/Api\/DeploymentStage\.prod\/Resource$/,
    reason: 'Two read-only routes behind a stage throttle; a web ACL has a fixed monthly price and guards no writer.',
  },
];
