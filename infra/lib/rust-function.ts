import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { lambdaCode } from './lambda-assets';
import { logGroup } from './log-group';
import { ALL_BINARIES, FunctionName } from './names';

export interface RustFunctionProps {
  readonly functionName: FunctionName;
  readonly description: string;
  readonly assets: string;
  readonly architecture: lambda.Architecture;
  readonly removalPolicy: RemovalPolicy;
  /** Only the variables that this function reads. */
  readonly environment: Record<string, string>;
  /** Only the statements that this function needs; logs and traces are added here. */
  readonly grants: readonly iam.PolicyStatement[];
  readonly timeout: Duration;
  /** MB; a whole vCPU comes with 1,769 MB, and TLS handshakes of a cold start feel the share. */
  readonly memorySize?: number;
  /** Room for files, below `/tmp`; Lambda gives 512 MB at no cost. */
  readonly ephemeralStorage?: Size;
  /** Executions at once, set aside for this function and at the same time its most; without it, what the account has. */
  readonly reservedConcurrency?: number;
}

/** One Rust binary as a Lambda function: its own role, its own log group, nothing granted that is not listed. */
export class RustFunction extends Construct {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: RustFunctionProps) {
    super(scope, id);
    const { functionName, architecture, removalPolicy } = props;
    const logs = logGroup(this, 'Logs', `/aws/lambda/${functionName}`, removalPolicy);
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `Execution role of ${functionName}`,
    });
    // Not AWSLambdaBasicExecutionRole, which may write to every log group of the account.
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logs.logGroupArn],
      }),
    );
    props.grants.forEach((statement) => role.addToPolicy(statement));

    this.function = new lambda.Function(this, 'Function', {
      functionName,
      description: props.description,
      runtime: lambda.Runtime.PROVIDED_AL2023,
      handler: 'bootstrap',
      architecture,
      code: lambdaCode(props.assets, ALL_BINARIES[functionName], architecture),
      memorySize: props.memorySize ?? 256,
      ephemeralStorageSize: props.ephemeralStorage,
      reservedConcurrentExecutions: props.reservedConcurrency,
      timeout: props.timeout,
      environment: { RUST_LOG: 'info', ...props.environment },
      role,
      logGroup: logs,
      loggingFormat: lambda.LoggingFormat.JSON,
      // Adds xray:PutTraceSegments and PutTelemetryRecords on *: X-Ray has no resource to name.
      tracing: lambda.Tracing.ACTIVE,
    });
  }
}
