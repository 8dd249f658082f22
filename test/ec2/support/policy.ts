import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPO } from '../../../dev/bootstrap/paths.js';
import type { Ec2Policy, Ec2PolicyStatement, Ec2Right } from '../../../dev/stack/ec2-types.js';

/** The policy that is shipped, for a cluster of this name. */
export async function shippedPolicy(clusterName: string): Promise<Ec2Policy> {
  const text = await readFile(join(REPO, 'deploy/iam/policy.json'), 'utf8');
  return JSON.parse(text.replaceAll('CLUSTER_NAME', clusterName)) as Ec2Policy;
}

/** Every right that a policy gives, one by one. */
export function rightsOf({ Statement: statements }: Ec2Policy): Ec2Right[] {
  return statements.flatMap((statement) =>
    list(statement.Action).flatMap((action) =>
      list(statement.Resource).map((arn) => ({
        sid: statement.Sid ?? '',
        action: action.replace('ec2:', ''),
        resource: kindOf(arn),
      })),
    ),
  );
}

/** The same policy but for one right. */
export function without(policy: Ec2Policy, right: Ec2Right): Ec2Policy {
  return {
    ...policy,
    Statement: policy.Statement.flatMap((each) => (each.Sid === right.sid ? rest(each, right) : each)),
  };
}

/** What a statement gives without the right: its other actions, and the action on its other resources. */
function rest(statement: Ec2PolicyStatement, { action, resource }: Ec2Right): Ec2PolicyStatement[] {
  const [lost, kept] = [`ec2:${action}`, list(statement.Resource).filter((arn) => kindOf(arn) !== resource)];
  const others = list(statement.Action).filter((each) => each !== lost);
  return [
    ...(others.length === 0 ? [] : [{ ...statement, Action: others }]),
    ...(kept.length === 0 ? [] : [{ ...statement, Action: lost, Resource: kept }]),
  ];
}

function list(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function kindOf(arn: string): string {
  return arn.split(':').at(-1)?.split('/')[0] ?? arn;
}
