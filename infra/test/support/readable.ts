import { Synthesis } from './synth';

/** Properties that name a resource, in the order they are tried. */
const NAMES = [
  'FunctionName',
  'TableName',
  'QueueName',
  'LogGroupName',
  'StateMachineName',
  'ClusterName',
  'ManagedPolicyName',
  'Name',
] as const;

/**
 * A CloudFormation value as one line of text: a resource appears as `<its name>`, or as `<its construct's
 * path>` where it has no fixed name, a pseudo parameter as `${AWS::Region}`. Expectations can then be written without logical ids.
 */
export function readable(synthesis: Synthesis, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => readable(synthesis, one)).join();
  if (typeof value !== 'object' || value === null) return String(value);
  const [[intrinsic, argument]] = Object.entries(value) as [[string, any]];
  switch (intrinsic) {
    case 'Ref':
      return argument.startsWith('AWS::') ? `\${${argument}}` : nameOf(synthesis, argument);
    case 'Fn::GetAtt':
      return argument[1] === 'Arn'
        ? nameOf(synthesis, argument[0])
        : `${nameOf(synthesis, argument[0])}.${argument[1]}`;
    case 'Fn::Join':
      return argument[1].map((part: unknown) => readable(synthesis, part)).join(argument[0]);
    case 'Fn::Split':
      return `split(${readable(synthesis, argument[1])}, ${argument[0]})`;
    case 'Fn::Select':
      return `${readable(synthesis, argument[1])}[${argument[0]}]`;
    default:
      throw new Error(`no rendering for ${intrinsic}`);
  }
}

function nameOf({ resources }: Synthesis, logicalId: string): string {
  const resource = resources[logicalId];
  if (resource === undefined) throw new Error(`no resource ${logicalId}`);
  const property = NAMES.find((candidate) => typeof resource.Properties?.[candidate] === 'string');
  return `<${property === undefined ? withoutHash(logicalId) : resource.Properties[property]}>`;
}

/** CDK ends a logical id with eight hexadecimal digits of the hash of its path. */
function withoutHash(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}
