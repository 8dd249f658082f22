import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { REPO } from '../../dev/bootstrap/paths.js';

type OneOrMany = string | readonly string[];

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: OneOrMany;
  readonly Resource: OneOrMany;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** An extract of the Service Authorization Reference; where it is from stands in it. */
interface Reference {
  readonly actions: Readonly<
    Record<
      string,
      {
        readonly access: 'List' | 'Read' | 'Tagging' | 'Write';
        readonly conditionKeys: readonly string[];
        readonly resources: Readonly<Record<string, { readonly required: boolean; conditionKeys: readonly string[] }>>;
      }
    >
  >;
}

/** The quota of IAM for a customer managed policy; white space does not count. */
const LARGEST = 6144;
const CLUSTER_TAG = 'networking.k8s.aws/cluster';

function list(value: OneOrMany): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function actionsOf({ Action }: Statement): string[] {
  return list(Action).map((action) => action.replace(/^ec2:/, ''));
}

/** `network-interface` and the like; `*` for all. */
function resourceTypesOf({ Resource }: Statement): string[] {
  return list(Resource).map((arn) => /^arn:aws:ec2:\*:\*:([a-z-]+)\/\*$/.exec(arn)?.[1] ?? arn);
}

function conditionKeysOf({ Condition = {} }: Statement): string[] {
  return Object.values(Condition).flatMap((test) => Object.keys(test));
}

/** Whether it holds only for an ENI that carries the cluster's tag, or gets it by this very call. */
function demandsClusterTag({ Condition = {} }: Statement): boolean {
  const equal = Condition['StringEquals'] ?? {};
  return ['aws:RequestTag', 'aws:ResourceTag'].some((key) => equal[`${key}/${CLUSTER_TAG}`] === 'CLUSTER_NAME');
}

describe('deploy/iam/policy.json', () => {
  let text: string;
  let statements: Statement[];
  let reference: Reference;

  before(async () => {
    text = await readFile(join(REPO, 'deploy/iam/policy.json'), 'utf8');
    ({ Statement: statements } = JSON.parse(text) as { Statement: Statement[] });
    const extract = await readFile(join(REPO, 'test/deploy/fixtures/ec2-authorization.json'), 'utf8');
    reference = JSON.parse(extract) as Reference;
  });

  function mutating(statement: Statement): string[] {
    return actionsOf(statement).filter((action) => !['List', 'Read'].includes(reference.actions[action]?.access ?? ''));
  }

  it(`is smaller than ${LARGEST} characters, with a long cluster name too`, () => {
    const longest = text.replaceAll(/\s/g, '').replaceAll('CLUSTER_NAME', 'x'.repeat(100));
    assert.ok(longest.length < LARGEST, `it has ${longest.length}`);
  });

  it('only allows, with statements that have names of their own', () => {
    assert.deepEqual(new Set(statements.map(({ Effect }) => Effect)), new Set(['Allow']));
    assert.equal(new Set(statements.map(({ Sid }) => Sid)).size, statements.length);
  });

  it('names EC2 actions that there are, one by one', () => {
    const unknown = statements.flatMap(actionsOf).filter((action) => !(action in reference.actions));
    assert.deepEqual(unknown, []);
  });

  it('gives every change of an ENI a condition on the tag of the cluster', () => {
    for (const statement of statements) {
      if (mutating(statement).length === 0) continue;
      const types = resourceTypesOf(statement);
      assert.ok(!types.includes('*'), `${statement.Sid} is for every resource`);
      if (types.includes('network-interface')) assert.ok(demandsClusterTag(statement), `${statement.Sid} has none`);
    }
  });

  it('never lets the cluster tag of an ENI be changed or taken away', () => {
    const retag = statements.find(({ Sid }) => Sid === 'RetagOurs');

    assert.deepEqual(retag?.Condition?.['StringEqualsIfExists'], { [`aws:RequestTag/${CLUSTER_TAG}`]: 'CLUSTER_NAME' });
    assert.ok(!statements.flatMap(actionsOf).includes('DeleteTags'));
  });

  it('covers each kind of resource that EC2 checks for an action', () => {
    for (const [action, { resources }] of Object.entries(reference.actions)) {
      const covered = new Set(statements.filter((each) => actionsOf(each).includes(action)).flatMap(resourceTypesOf));
      const required = Object.keys(resources).filter((type) => resources[type]?.required);
      const lacking = required.filter((type) => !covered.has(type));
      assert.deepEqual(lacking, [], action);
    }
  });

  it('uses resources and condition keys that EC2 knows for the action', () => {
    for (const statement of statements) {
      for (const action of mutating(statement)) {
        const { resources, conditionKeys } = reference.actions[action]!;
        for (const type of resourceTypesOf(statement)) {
          const known = [...conditionKeys, ...(resources[type]?.conditionKeys ?? [])];
          assert.ok(type in resources, `${statement.Sid}: ${action} has no ${type}`);
          for (const key of conditionKeysOf(statement)) {
            assert.ok(known.includes(key.replace(/\/.*/, '/${TagKey}')), `${statement.Sid}: ${action} has no ${key}`);
          }
        }
      }
    }
  });

  it('allows the calls that src/aws makes, and no other', async () => {
    const files = globSync('src/aws/**/*.ts', { cwd: REPO });
    const sources = await Promise.all(files.map((file) => readFile(join(REPO, file), 'utf8')));
    const called = sources.flatMap((source) =>
      [...source.matchAll(/\bnew (\w+)Command\(/g)].map(([, name = '']) => name),
    );

    assert.deepEqual([...new Set(statements.flatMap(actionsOf))].sort(), [...new Set(called)].sort());
  });
});
