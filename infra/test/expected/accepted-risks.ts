/** One finding of cdk-nag that we accept: where, which, and why. `where` is a construct path below the stack. */
export interface AcceptedRisk {
  readonly finding: string;
  readonly where: RegExp;
  readonly reason: string;
}

const XRAY = 'X-Ray has no resources to name, and Step Functions documents its log delivery actions on * only.';

/** The stage's routes as cdk-nag shows them. */
const STAGE = 'arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<RestApi>/<RestApiDeploymentStageprod>';

const OPEN_READ = /^Rest\/Api\/Default\/(health|docs|openapi\.json|flights(\/\{flight_id\})?)\/(GET|HEAD)\/Resource$/;
const SIGNED_READ =
  /^Rest\/Api\/Default\/(flights\/\{flight_id\}\/\w+|(passengers|bookings)\/[\w{}/]+|reconciliations(\/\{\w+\})?)\/(GET|HEAD)\/Resource$/;
const ANY_METHOD = /^Rest\/Api\/Default\/([\w{}.+/-]+\/)?ANY\/Resource$/;

export const ACCEPTED_RISKS: readonly AcceptedRisk[] = [
  {
    finding: 'AwsSolutions-IAM5[Resource::*]',
    where: /^Functions\/\w+\/Role\/DefaultPolicy\/Resource$/,
    reason: `${XRAY} With a Kafka source in a VPC also the network interfaces, which AWS documents on * only.`,
  },
  {
    finding: 'AwsSolutions-IAM5[Resource::*]',
    where: /^(KafkaProducer|EventHubs|QueryService)\/Function\/Role\/DefaultPolicy\/Resource$/,
    reason: `${XRAY} Network interfaces of a function in a VPC too: AWS documents them on * only.`,
  },
  {
    finding: 'AwsSolutions-IAM5[Resource::*]',
    where: /^((Delay|Cancellation|GateChange)Workflow|Reconciliation\/Workflow)\/Role\/DefaultPolicy\/Resource$/,
    reason: XRAY,
  },
  {
    finding: 'AwsSolutions-IAM5[Resource::<DeadLettersBucket.Arn>/poison/*]',
    where:
      /^(Functions\/(KafkaConsumer|BookingUpdater|NotificationDispatcher|BookingWorker)|(EventHubs|QueryService)\/Function)\/Role\/DefaultPolicy\/Resource$/,
    reason: 'Object keys are made at run time; the prefix is the narrowest that can be named.',
  },
  {
    finding: 'AwsSolutions-IAM5[Resource::<DeadLettersBucket.Arn>/aws/lambda/*]',
    where: /^(Functions\/(KafkaConsumer|StreamHandler)|EventHubs\/Function)\/Role\/DefaultPolicy\/Resource$/,
    reason: 'Lambda chooses the keys below aws/lambda/ for the batches that it gives up on.',
  },
  ...['exports', 'rejected', 'reports'].map((folder) => ({
    finding: `AwsSolutions-IAM5[Resource::<ExportsBucket.Arn>/${folder}/*]`,
    where: /^(Functions\/S3Reconciliation\/Role\/DefaultPolicy|Exports\/Writers)\/Resource$/,
    reason: 'Experience Platform names its files, and each run its own: the folder is the narrowest that can be named.',
  })),
  ...[':*', '/Parts:*'].map((executions) => ({
    finding: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:FlightPulseReconciliation${executions}]`,
    where: /^Reconciliation\/Workflow\/Role\/DefaultPolicy\/Resource$/,
    reason: 'A Distributed Map starts executions of its own state machine, whose names Step Functions chooses.',
  })),
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
    where: /^DeadLetters\/(DeadLetters|RuleDeadLetters|UnknownFlights|RebookingNeeded)\/Resource$/,
    reason: 'Ends of the line: no function consumes them, so nothing could be moved on. Alarms watch all four.',
  },
  {
    finding: 'AwsSolutions-S1',
    where: /^DeadLetters\/Bucket\/Resource$/,
    reason: 'Four roles write here and log what they write; a second bucket for access logs would tell nothing more.',
  },
  {
    finding: 'AwsSolutions-S1',
    where: /^Exports\/Bucket\/Resource$/,
    reason:
      'One policy writes and one role reads, which logs what it read; who else reads is asked of CloudTrail, by the account.',
  },
  {
    finding: 'AwsSolutions-SMG4',
    where: /^Cursors\/Secret\/Resource$/,
    reason:
      'It signs cursors that live for minutes and protects no secret; rotation would break pages that are being turned. By hand: cursor-secret.ts.',
  },
  {
    finding: 'AwsSolutions-SMG4',
    where: /^Bookings\/Sources\/Secret\/Resource$/,
    reason:
      'Half of each secret is with another system, which a schedule would lock out. Two hold at once to change one by hand: booking-sources.ts.',
  },
  {
    finding: 'AwsSolutions-APIG4',
    where: OPEN_READ,
    reason: 'They show health, flight status, which airlines publish, and how to use the API; none shows a passenger.',
  },
  {
    finding: 'AwsSolutions-COG4',
    where: OPEN_READ,
    reason: 'As for APIG4: public facts, no users to sign in.',
  },
  {
    finding: 'AwsSolutions-COG4',
    where: SIGNED_READ,
    reason:
      'Readers are programs and people of the account and sign as such (AWS_IAM); a user pool would be a second list.',
  },
  {
    finding: 'AwsSolutions-COG4',
    where: /^Rest\/Api\/Default\/admin\/[\w{}/]+\/(GET|POST)\/Resource$/,
    reason: 'Operators are principals of the account and sign as such (AWS_IAM); a user pool would be a second list.',
  },
  ...['APIG4', 'COG4'].map((rule) => ({
    finding: `AwsSolutions-${rule}`,
    where: /^Rest\/Api\/Default\/webhooks\/aep-booking\/(GET|POST)\/Resource$/,
    reason:
      'The sender is no principal of this account, and signs the body, which no authorizer gets: the function verifies it before anything is kept. GET repeats what it was asked.',
  })),
  ...['APIG4', 'COG4'].map((rule) => ({
    finding: `AwsSolutions-${rule}`,
    where: ANY_METHOD,
    reason: 'A mock that answers 404 or 405 with a fixed text: it reaches no function and no data, whoever asks.',
  })),
  ...['resend', 'correction'].map((action) => ({
    finding: `AwsSolutions-IAM5[Resource::${STAGE}/POST/admin/flights/*/${action}]`,
    where: /^Rest\/Admin\/Operators\/Resource$/,
    reason: 'The flight is part of the path: an operator may act on every flight, by this one route.',
  })),
  ...['GET', 'HEAD'].flatMap((method) =>
    [
      'flights/*/bookings',
      'flights/*/notifications',
      'flights/*/operations',
      'passengers/*',
      'passengers/*/bookings',
      'bookings/*',
      'bookings/*/notifications',
      'reconciliations/*',
    ].map((path) => ({
      finding: `AwsSolutions-IAM5[Resource::${STAGE}/${method}/${path}]`,
      where: /^Rest\/Read\/Readers\/Resource$/,
      reason: 'The id is part of the path: who may read bookings may read every one of them, by these routes.',
    })),
  ),
  {
    finding: 'AwsSolutions-APIG3',
    where: /^Rest\/Api\/DeploymentStage\.prod\/Resource$/,
    reason:
      'What is public only reads, what writes is signed, by AWS or as the webhook verifies; throttles bound all of it; a web ACL has a fixed monthly price.',
  },
];
