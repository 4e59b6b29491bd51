import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { MODEL_ID_PARAMETER } from './names';

/** First part of the id of a cross-region inference profile: the geography whose regions it may use. */
const GEOGRAPHIES = ['us', 'us-gov', 'eu', 'apac', 'jp', 'au', 'ca', 'global'];

/**
 * The language model that words the messages. One context value is the parameter that operators read, the
 * variable that the function reads, and the exact grant: they cannot drift apart.
 */
export class TextModel extends Construct {
  readonly modelId: string;

  constructor(scope: Construct, id: string, props: { readonly modelId: string }) {
    super(scope, id);
    this.modelId = props.modelId;
    new StringParameter(this, 'ModelId', {
      parameterName: MODEL_ID_PARAMETER,
      description: 'Bedrock model or inference profile that words the notifications; set by the deployment',
      stringValue: props.modelId,
    });
  }

  /** `bedrock:InvokeModel`, which also covers Converse, on this model and no other. */
  invokeGrants(): PolicyStatement[] {
    const geography = GEOGRAPHIES.find((prefix) => this.modelId.startsWith(`${prefix}.`));
    if (geography === undefined) {
      return [invoke([foundationModel(Aws.REGION, this.modelId)])];
    }
    const profile = `arn:${Aws.PARTITION}:bedrock:${Aws.REGION}:${Aws.ACCOUNT_ID}:inference-profile/${this.modelId}`;
    const model = this.modelId.slice(geography.length + 1);
    return [
      invoke([profile]),
      // A profile forwards a call to any region of its geography, and that list changes without notice: hence the
      // wildcard region (which also matches the empty region of a global profile), bound by the condition to calls
      // that come through this one profile.
      invoke([foundationModel('*', model)], { StringEquals: { 'bedrock:InferenceProfileArn': profile } }),
    ];
  }
}

function foundationModel(region: string, modelId: string): string {
  return `arn:${Aws.PARTITION}:bedrock:${region}::foundation-model/${modelId}`;
}

function invoke(resources: string[], conditions?: Record<string, Record<string, string>>): PolicyStatement {
  return new PolicyStatement({ actions: ['bedrock:InvokeModel'], resources, ...(conditions && { conditions }) });
}
