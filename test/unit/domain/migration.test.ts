import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { REPO } from '../../../dev/bootstrap/paths.js';
import type { MigrationView } from '../../../src/domain/migration/cluster-index.js';
import { LEFT_REASONS, type LeftReason } from '../../../src/domain/migration/left-reasons.js';
import { planMigration, type MigrationRow } from '../../../src/domain/migration/plan-migration.js';
import { specProblem } from '../../../src/domain/migration/spec-problem.js';
import { attachment, CLUSTER, ENI, inSlot, node, observation } from '../../support/builders.js';
import { goEni, goNodeEni, goTags, LABELS, migrationView, ourTags } from './migration-view.js';

/** The verdict of each row, by ENI, or by `NodeENI/node` for a pair without one. */
function verdicts(rows: readonly MigrationRow[]): Record<string, string> {
  return Object.fromEntries(
    rows.map(({ eni, nodeEni, node: name, verdict }) => [
      eni?.eniId ?? `${nodeEni}/${name}`,
      verdict.kind === 'left' ? verdict.reason : verdict.kind,
    ]),
  );
}

function verdictOf(changes: Partial<MigrationView>, eniId = ENI): MigrationRow['verdict'] | undefined {
  return planMigration(migrationView(changes)).rows.find(({ eni }) => eni?.eniId === eniId)?.verdict;
}

const other = goEni({ eniId: 'eni-2' });
const selected = { labels: LABELS };

const LEFT: readonly [LeftReason, string, Partial<MigrationView>][] = [
  ['PrimaryInterface', 'is the primary one', { enis: [goEni({ attachment: inSlot({ deviceIndex: 0 }) })] }],
  [
    'OtherCluster',
    'has the tags of another cluster',
    { enis: [goEni({ tags: ourTags('storage', 'node-1', 'other') })] },
  ],
  ['PairHasEni', 'has a pair that has another', { enis: [goEni({ eniId: 'eni-0', tags: ourTags() }), goEni()] }],
  [
    'PairHasEni',
    'has a pair that has another on record',
    { attachments: [attachment({ status: { eniId: 'eni-9' }, spec: { nodeEni: goNodeEni().nodeEni } })] },
  ],
  ['Untagged', 'lost its tags', { enis: [goEni({ tags: {} })] }],
  ['NodeUnknown', 'has no node', { nodes: [] }],
  ['NodeEniUnknown', 'has no NodeENI', { nodeEnis: [] }],
  ['NodeEniUnknown', 'has no NodeENI, also by slot', { nodeEnis: [], bySlot: true }],
  [
    'StatusDiffers',
    'is on record for another node',
    { nodeEnis: [goNodeEni({}, { entries: [{ node: 'node-2', eniId: ENI }] })] },
  ],
  ['NodeEniDeleting', 'has a NodeENI that goes', { nodeEnis: [goNodeEni({ deleting: true })] }],
  ['SpecNotUsable', 'has a NodeENI with subnetName', { nodeEnis: [goNodeEni({}, { subnetName: 'tenant-a' })] }],
  ['NodeNotSelected', 'has a node without the label', { nodes: [node(1)] }],
  ['NodeNotEc2', 'has a node without providerID', { nodes: [node(1, { ...selected, providerId: '' })] }],
  ['NodeNotEc2', 'has a node of another kind', { nodes: [node(1, { ...selected, providerId: 'kind://x' })] }],
  ['NotAttached', 'is attached to nothing', { enis: [goEni({ attachment: null })] }],
  ['InTransit', 'is being detached', { enis: [goEni({ attachment: inSlot({ status: 'detaching' }) })] }],
  ['InTransit', 'is being attached', { enis: [goEni({ attachment: inSlot({ status: 'attaching' }) })] }],
  ['OtherInstance', 'is elsewhere', { enis: [goEni({ attachment: inSlot({ instanceId: 'i-0b' }) })] }],
  ['OtherSlot', 'is at another index', { enis: [goEni({ attachment: inSlot({ deviceIndex: 2 }) })] }],
  ['OtherSlot', 'is on another card', { enis: [goEni({ attachment: inSlot({ networkCardIndex: 1 }) })] }],
  [
    'SlotTaken',
    'has a slot that an older NodeENI wants',
    { nodeEnis: [goNodeEni(), goNodeEni({ name: 'elder', createdAt: '2020-01-01T00:00:00Z' })] },
  ],
  ['OtherSubnet', 'is in a subnet that the spec does not name', { enis: [goEni({ subnetId: 'subnet-z' })] }],
  ['TwoForSlot', 'has a double', { enis: [goEni(), other] }],
  [
    'TooManyTags',
    'has 45 tags',
    {
      enis: [
        goEni({ tags: { ...goTags(), ...Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`t${n}`, ''])) } }),
      ],
    },
  ],
  ['NotClean', 'has groups that EC2 does not know', { networks: new Map() }],
];

describe('the plan of a migration', () => {
  it('hands over an attached ENI of the Go controller, with the tags by which its pair finds it', () => {
    const { rows, finalizers } = planMigration(migrationView());

    const [row] = rows;
    assert.equal(rows.length, 1);
    assert.ok(row?.verdict.kind === 'takeOver');
    assert.deepEqual(row.verdict.tags, {
      'networking.k8s.aws/cluster': CLUSTER,
      'networking.k8s.aws/nodeeni': 'storage',
      'networking.k8s.aws/nodeeni-uid': 'uid-storage',
      'networking.k8s.aws/attachment-uid': 'migrated',
      'networking.k8s.aws/node': 'node-1',
      'node.k8s.amazonaws.com/no_manage': 'true',
    });
    assert.deepEqual(finalizers, [{ name: 'storage', uid: 'uid-storage', action: 'replace' }]);
  });

  it('tells what the controller will change in place afterwards', () => {
    const eni = goEni({ securityGroupIds: ['sg-9'], sourceDestCheck: false, attachment: inSlot() });
    const spec = { deleteOnTermination: false };

    const verdict = verdictOf({ enis: [eni], nodeEnis: [goNodeEni({ spec })] });

    assert.ok(verdict?.kind === 'takeOver');
    assert.deepEqual(verdict.changes, {
      securityGroupIds: ['sg-1'],
      description: 'NodeENI storage on node-1',
      sourceDestCheck: true,
      deleteOnTermination: false,
    });
  });

  for (const [reason, what, changes] of LEFT) {
    it(`leaves an ENI that ${what}: ${reason}`, () => {
      const verdict = verdictOf(changes);

      assert.ok(verdict?.kind === 'left', JSON.stringify(verdict));
      assert.equal(verdict.reason, reason);
      assert.notEqual(verdict.message, '');
    });
  }

  it('has what is handed over already as ours', () => {
    const { rows } = planMigration(migrationView({ enis: [goEni({ tags: ourTags() })] }));

    assert.deepEqual(verdicts(rows), { [ENI]: 'ours' });
  });

  it('takes a subnet that the spec names by its Name tag', () => {
    const nodeEnis = [goNodeEni({ spec: { subnetIds: [], subnetNames: ['tenant-a'] } })];
    const {
      subnets: [subnet],
      groups,
    } = observation().network!;
    const networks = new Map([['storage/vpc-1', { subnets: [{ ...subnet!, foundByName: 'tenant-a' }], groups }]]);

    assert.equal(verdictOf({ nodeEnis, networks })?.kind, 'takeOver');
    assert.equal(verdictOf({ nodeEnis })?.kind, 'left');
  });

  it('takes over of a paused NodeENI too', () => {
    assert.equal(verdictOf({ nodeEnis: [goNodeEni({ paused: true })] })?.kind, 'takeOver');
  });

  it('takes the one of several ENIs of a NodeENI that is at its index, and the others where NodeENIs want their slots', () => {
    const spec = { subnetIds: ['subnet-a', 'subnet-b'] };
    const second = goEni({ eniId: 'eni-2', subnetId: 'subnet-b', attachment: inSlot({ deviceIndex: 2 }) });
    const enis = [goEni(), second];
    const split = [
      goNodeEni({ spec: { subnetIds: ['subnet-a'] } }),
      goNodeEni({ name: 'second', spec: { subnetIds: ['subnet-b'], deviceIndex: 2 } }, { hasGoFinalizer: false }),
    ];

    const before = planMigration(migrationView({ enis, nodeEnis: [goNodeEni({ spec })] }));
    const without = planMigration(migrationView({ enis, nodeEnis: split }));
    const after = planMigration(migrationView({ enis, nodeEnis: split, bySlot: true }));

    assert.deepEqual(verdicts(before.rows), { [ENI]: 'takeOver', 'eni-2': 'OtherSlot' });
    assert.equal(before.finalizers[0]?.action, 'keep');
    assert.deepEqual(verdicts(without.rows), { [ENI]: 'takeOver', 'eni-2': 'OtherSlot', 'second/node-1': 'none' });
    assert.deepEqual(verdicts(after.rows), { [ENI]: 'takeOver', 'eni-2': 'takeOver' });
    assert.equal(after.finalizers[0]?.action, 'replace');
  });

  it('says which pairs get a new ENI, and which are blocked by one that is left', () => {
    const nodes = [node(1, selected), node(2, selected)];
    const { rows } = planMigration(migrationView({ nodes, enis: [goEni({ subnetId: 'subnet-z' })] }));

    const messages = rows.flatMap(({ node: name, verdict }) =>
      verdict.kind === 'none' ? [[name, verdict.message]] : [],
    );
    assert.deepEqual(messages, [
      ['node-1', `the controller will be blocked: ${ENI} holds index 1 of card 0`],
      ['node-2', 'the controller will make an ENI at index 1 of card 0'],
    ]);
  });

  it('replaces a finalizer although another cluster has ENIs of the same names', () => {
    const foreign = goEni({ eniId: 'eni-2', attachment: inSlot({ instanceId: 'i-0b' }) });

    const { rows, finalizers } = planMigration(migrationView({ enis: [goEni(), foreign] }));

    assert.deepEqual(verdicts(rows), { [ENI]: 'takeOver', 'eni-2': 'OtherInstance' });
    assert.equal(finalizers[0]?.action, 'replace');
  });

  it('keeps the finalizer of a NodeENI whose status names an ENI that is left', () => {
    const entries = [{ node: 'node-9', eniId: 'eni-2' }];
    const orphan = goEni({ eniId: 'eni-2', tags: goTags('storage', 'node-9'), attachment: null });

    const { rows, finalizers } = planMigration(
      migrationView({ enis: [goEni(), orphan], nodeEnis: [goNodeEni({}, { entries })] }),
    );

    assert.deepEqual(verdicts(rows), { [ENI]: 'takeOver', 'eni-2': 'NodeUnknown' });
    assert.equal(finalizers[0]?.action, 'keep');
  });

  it('names each NodeENI whose spec has to be changed, with ENIs or without', () => {
    const nodeEnis = [goNodeEni({ spec: { nodeSelector: { net: 'none' } } }, { subnetName: 'tenant-a' })];

    const { specs } = planMigration(migrationView({ nodeEnis, enis: [] }));

    assert.deepEqual(
      specs.map(({ name }) => name),
      ['storage'],
    );
  });

  it('has nothing to do with NodeENIs that the Go controller never had', () => {
    const nodeEnis = [goNodeEni({}, { hasGoFinalizer: false })];

    assert.deepEqual(planMigration(migrationView({ nodeEnis })).finalizers, []);
  });
});

describe('the specs of the Go controller', () => {
  it('are taken as they are for the most part', () => {
    assert.equal(specProblem(goNodeEni()), null);
  });

  for (const [what, one] of [
    ['subnetName', goNodeEni({}, { subnetName: 'tenant-a' })],
    ['characters', goNodeEni({ name: 'x'.repeat(64) })],
    ['deviceIndex', goNodeEni({ spec: { deviceIndex: 0 } })],
    [
      'nodeSelector',
      { ...goNodeEni(), nodeEni: { ...goNodeEni().nodeEni, spec: { ...goNodeEni().nodeEni.spec, nodeSelector: {} } } },
    ],
    ['aws-K8S-', goNodeEni({ spec: { description: 'aws-K8S-i-1' } })],
    ['no subnet', goNodeEni({ spec: { subnetIds: [] } })],
    ['no security group', goNodeEni({ spec: { securityGroupIds: [] } })],
  ] as const) {
    it(`need a change that is told: ${what}`, () => {
      assert.match(specProblem(one) ?? '', new RegExp(what));
    });
  }
});

describe('docs/migration.md', () => {
  it('has every reason for which an ENI is left, with what to do', () => {
    const text = readFileSync(join(REPO, 'docs/migration.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `(\w+)` +\| ([^|]+?) +\|$/gm)].map(([, reason, advice]) => [reason, advice]);

    assert.deepEqual(Object.fromEntries(rows), LEFT_REASONS);
  });
});
