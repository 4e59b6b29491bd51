import { WorkflowName } from '../../lib/names';

/**
 * What each function may do, and nothing else. `<…>` is a resource of the stack by its name.
 * Logs and traces are the same for all and stand in `everyFunction`.
 */
const MODEL = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const PROFILE = `arn:\${AWS::Partition}:bedrock:\${AWS::Region}:\${AWS::AccountId}:inference-profile/us.${MODEL}`;

const PUT_EVENTS = 'events:PutEvents on <flightpulse-bus>';
const LETTERS = ['s3:PutObject on <DeadLettersBucket>/poison/*', 'sqs:SendMessage on <FlightPulse-DeadLetters>'];
const PUBLISHER = [PUT_EVENTS, ...LETTERS];

/** What a mapping needs to keep what it gives up on. */
const OWN_BUCKET = 'if s3:ResourceAccount StringEquals ${AWS::AccountId}';
export const MAPPING_GRANTS: string[] = [
  `s3:ListBucket on <DeadLettersBucket> ${OWN_BUCKET}`,
  `s3:PutObject on <DeadLettersBucket>/aws/lambda/* ${OWN_BUCKET}`,
];

/** What every feed of bookings beside the webhook needs. */
export const FEED_GRANTS: string[] = [...LETTERS, 'sqs:SendMessage on <FlightPulse-BookingEvents>'];

export const FUNCTION_GRANTS: Record<string, string[]> = {
  'FlightPulse-KafkaConsumer': [
    'dynamodb:BatchGetItem on <FlightPulseTable>',
    ...['UpdateItem', 'PutItem'].map(
      (action) =>
        `dynamodb:${action} on <FlightPulseTable> if dynamodb:LeadingKeys ForAllValues:StringLike FLIGHT#*,EVENT#*`,
    ),
    ...PUBLISHER,
  ],
  'FlightPulse-FlightUpdater': ['dynamodb:GetItem on <FlightPulseTable>', 'dynamodb:UpdateItem on <FlightPulseTable>'],
  'FlightPulse-BookingUpdater': [
    'dynamodb:BatchGetItem on <FlightPulseTable>',
    'dynamodb:UpdateItem on <FlightPulseTable>',
    PUT_EVENTS,
  ],
  'FlightPulse-RecipientFinder': [
    'dynamodb:BatchGetItem on <FlightPulseTable>',
    'dynamodb:Query on <FlightPulseTable>',
  ],
  'FlightPulse-LLMMessenger': [
    `bedrock:InvokeModel on ${PROFILE}`,
    `bedrock:InvokeModel on arn:\${AWS::Partition}:bedrock:*::foundation-model/${MODEL}` +
      ` if bedrock:InferenceProfileArn StringEquals ${PROFILE}`,
  ],
  'FlightPulse-NotificationDispatcher': [
    'dynamodb:BatchGetItem on <FlightPulseTable>',
    'dynamodb:BatchWriteItem on <FlightPulseTable>',
    'dynamodb:GetItem on <FlightPulseTable>',
    'dynamodb:PutItem on <FlightPulseTable>',
    ...PUBLISHER,
  ],
  'FlightPulse-APIHandlers': [
    'dynamodb:BatchGetItem on <FlightPulseTable>',
    'dynamodb:GetItem on <FlightPulseTable>',
    'dynamodb:Query on <FlightPulseTable>',
    'dynamodb:Query on <FlightPulseTable>/index/GSI1',
    'dynamodb:Query on <FlightPulseTable>/index/GSI2',
    'secretsmanager:GetSecretValue on <CursorsSecret>',
  ],
  'FlightPulse-OperatorAPI': [
    'dynamodb:GetItem on <FlightPulseTable>',
    'dynamodb:PutItem on <FlightPulseTable>',
    'dynamodb:Query on <FlightPulseTable>',
    PUT_EVENTS,
  ],
  'FlightPulse-StreamHandler': [
    ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
      (name) => `dynamodb:${name} on <FlightPulseTable>.StreamArn`,
    ),
    PUT_EVENTS,
    ...MAPPING_GRANTS,
  ],
  'FlightPulse-AEPWebhook': [
    'secretsmanager:GetSecretValue on <BookingsSourcesSecret>',
    'sqs:SendMessage on <FlightPulse-BookingEvents>',
  ],
  'FlightPulse-BookingWorker': [
    ...['BatchGetItem', 'ConditionCheckItem', 'GetItem', 'PutItem', 'UpdateItem'].map(
      (name) => `dynamodb:${name} on <FlightPulseTable>`,
    ),
    PUT_EVENTS,
    ...['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map(
      (name) => `sqs:${name} on <FlightPulse-BookingEvents>`,
    ),
    ...LETTERS,
  ],
  'FlightPulse-S3Reconciliation': [
    ...['BatchGetItem', 'ConditionCheckItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'].map(
      (name) => `dynamodb:${name} on <FlightPulseTable>`,
    ),
    PUT_EVENTS,
    's3:GetObject on <ExportsBucket>/exports/*',
    's3:ListBucket on <ExportsBucket>',
    's3:PutObject on <ExportsBucket>/rejected/*',
    's3:PutObject on <ExportsBucket>/reports/*',
  ],
};

/** Its own log group, and X-Ray, which has no resources to name. */
export function everyFunction(name: string): string[] {
  return [
    `logs:CreateLogStream on </aws/lambda/${name}>`,
    `logs:PutLogEvents on </aws/lambda/${name}>`,
    'xray:PutTelemetryRecords on *',
    'xray:PutTraceSegments on *',
  ];
}

const EVERY_WORKFLOW = [
  'sqs:SendMessage on <FlightPulse-DeadLetters>',
  // Vended logs and sampling, as AWS documents them for Step Functions: neither takes a resource.
  'logs:CreateLogDelivery on *',
  'logs:DeleteLogDelivery on *',
  'logs:DescribeLogGroups on *',
  'logs:DescribeResourcePolicies on *',
  'logs:GetLogDelivery on *',
  'logs:ListLogDeliveries on *',
  'logs:PutResourcePolicy on *',
  'logs:UpdateLogDelivery on *',
  'xray:GetSamplingRules on *',
  'xray:GetSamplingTargets on *',
  'xray:PutTelemetryRecords on *',
  'xray:PutTraceSegments on *',
];

const EVERY_NOTIFICATION = [
  ...EVERY_WORKFLOW,
  'dynamodb:GetItem on <FlightPulseTable>',
  'dynamodb:UpdateItem on <FlightPulseTable>',
  'lambda:InvokeFunction on <FlightPulse-FlightUpdater>',
  'lambda:InvokeFunction on <FlightPulse-LLMMessenger>',
  'lambda:InvokeFunction on <FlightPulse-NotificationDispatcher>',
  'lambda:InvokeFunction on <FlightPulse-RecipientFinder>',
];

const STATES = 'arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}';

/** What each workflow may do, and nothing else. */
export const WORKFLOW_GRANTS: Record<WorkflowName, string[]> = {
  FlightPulseDelayNotification: EVERY_NOTIFICATION,
  FlightPulseCancellationWorkflow: [...EVERY_NOTIFICATION, 'lambda:InvokeFunction on <FlightPulse-BookingUpdater>'],
  FlightPulseGateChangeWorkflow: EVERY_NOTIFICATION,
  FlightPulseReconciliation: [
    ...EVERY_WORKFLOW,
    'lambda:InvokeFunction on <FlightPulse-S3Reconciliation>',
    // Documented for a Distributed Map, whose iterations are executions of the same state machine.
    `states:StartExecution on ${STATES}:stateMachine:FlightPulseReconciliation`,
    `states:DescribeExecution on ${STATES}:execution:FlightPulseReconciliation:*`,
    `states:StopExecution on ${STATES}:execution:FlightPulseReconciliation:*`,
    `states:RedriveExecution on ${STATES}:execution:FlightPulseReconciliation/Parts:*`,
  ],
};

/** What whoever writes exports may do, by the policy of this name; the region stands after it. */
export const EXPORT_WRITERS_GRANTS: string[] = [
  ...['DeleteObject', 'GetObject', 'ListMultipartUploadParts', 'PutObject'].map(
    (name) => `s3:${name} on <ExportsBucket>/exports/*`,
  ),
  's3:GetBucketLocation on <ExportsBucket>',
  's3:ListBucket on <ExportsBucket>',
];

/** What whoever has one of these policies may call; the region stands after the name. */
export const POLICY_ROUTES: Record<string, string[]> = {
  'FlightPulse-Operators': [
    'GET/admin/actions',
    'GET/admin/notifications',
    'POST/admin/flights/*/correction',
    'POST/admin/flights/*/resend',
    'POST/admin/notifications/hold',
    'POST/admin/notifications/release',
  ],
  'FlightPulse-Readers': ['GET', 'HEAD'].flatMap((method) => [
    `${method}/bookings/*`,
    `${method}/bookings/*/notifications`,
    `${method}/flights/*/bookings`,
    `${method}/flights/*/notifications`,
    `${method}/flights/*/operations`,
    `${method}/passengers/*`,
    `${method}/passengers/*/bookings`,
    `${method}/reconciliations`,
    `${method}/reconciliations/*`,
  ]),
};

/** Documented for a mapping that reaches brokers in a VPC. */
export const NETWORK_GRANTS: string[] = [
  'ec2:CreateNetworkInterface on *',
  'ec2:DeleteNetworkInterface on *',
  'ec2:DescribeNetworkInterfaces on *',
  'ec2:DescribeSecurityGroups on *',
  'ec2:DescribeSubnets on *',
  'ec2:DescribeVpcs on *',
];

/** Documented for a function inside a VPC. */
export const IN_NETWORK_GRANTS: string[] = [
  'ec2:AssignPrivateIpAddresses on *',
  'ec2:CreateNetworkInterface on *',
  'ec2:DeleteNetworkInterface on *',
  'ec2:DescribeNetworkInterfaces on *',
  'ec2:DescribeSubnets on *',
  'ec2:UnassignPrivateIpAddresses on *',
];
