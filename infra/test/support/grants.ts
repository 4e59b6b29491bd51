import { readable } from './readable';
import { ofType, Resource, Synthesis } from './synth';

/** `action on resource`, with ` if …` where a condition binds it; one line for each pair, sorted. */
export function grantsOfRole(synthesis: Synthesis, roleId: string): string[] {
  const policies = ofType(synthesis, 'AWS::IAM::Policy').filter(([, { Properties }]) =>
    Properties.Roles.some((role: { Ref: string }) => role.Ref === roleId),
  );
  return policies
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .flatMap((statement) => statementLines(synthesis, statement))
    .sort();
}

/** The grants of the role that a resource runs as. */
export function grantsOf(synthesis: Synthesis, resource: Resource): string[] {
  const role = resource.Properties.Role ?? resource.Properties.RoleArn;
  return grantsOfRole(synthesis, role['Fn::GetAtt'][0]);
}

export function statementLines(synthesis: Synthesis, statement: any): string[] {
  if (statement.Effect !== 'Allow') throw new Error(`unexpected effect ${statement.Effect}`);
  const condition = statement.Condition === undefined ? '' : ` if ${conditionLine(synthesis, statement.Condition)}`;
  return many(statement.Action).flatMap((action) =>
    many(statement.Resource).map((resource) => `${action} on ${readable(synthesis, resource)}${condition}`),
  );
}

function conditionLine(synthesis: Synthesis, condition: Record<string, Record<string, unknown>>): string {
  return Object.entries(condition)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, value]) => `${key} ${operator} ${readable(synthesis, value)}`),
    )
    .join(' and ');
}

export function many<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}
