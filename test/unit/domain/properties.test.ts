import assert from 'node:assert/strict';

import fc from 'fast-check';

import type { ClusterNode } from '../../../src/domain/node.js';
import { maxUnavailable } from '../../../src/domain/node-eni.js';
import type { EniFacts, InstanceFacts, Observation } from '../../../src/domain/observation.js';
import { PHASES } from '../../../src/domain/phase.js';
import { planAttachments, type ClusterView } from '../../../src/domain/pairing/plan-attachments.js';
import { compare } from '../../../src/domain/pairing/compare.js';
import { pairKey } from '../../../src/domain/pairing/desired.js';
import { plan } from '../../../src/domain/plan/plan.js';
import { desiredStatus } from '../../../src/domain/attachment-status.js';
import { REASONS } from '../../../src/domain/reasons.js';
import { carriedOut, view } from '../../support/builders-plan.js';
import {
  attachment,
  eni,
  inSlot,
  INSTANCE,
  instance,
  memory,
  NOW,
  node,
  nodeEni,
  observation,
} from '../../support/builders.js';

function id(prefix: string): fc.Arbitrary<string> {
  return fc.integer({ min: 1, max: 3 }).map((n) => `${prefix}-${n}`);
}
const flag = fc.boolean();
const index = fc.integer({ min: 0, max: 2 });

const anyEni: fc.Arbitrary<EniFacts> = fc
  .record({
    eniId: id('eni'),
    zone: fc.constantFrom('us-east-1a', 'us-east-1b'),
    assumed: flag,
    securityGroupIds: fc.array(id('sg')),
    tags: fc.dictionary(fc.string(), fc.string()),
    attachment: fc.option(
      fc
        .record({
          instanceId: fc.constantFrom(INSTANCE, 'i-other'),
          deviceIndex: index,
          networkCardIndex: index,
          status: fc.constantFrom('attaching', 'attached', 'detaching'),
          attachmentId: fc.constantFrom('', 'eni-attach-1'),
        })
        .map(inSlot),
    ),
  })
  .map(eni);

const anyInstance: fc.Arbitrary<InstanceFacts> = fc
  .record({
    state: fc.constantFrom('pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped'),
    zone: fc.constantFrom('us-east-1a', 'us-east-1b'),
    slots: fc.array(fc.record({ eniId: id('eni'), deviceIndex: index, networkCardIndex: index })),
    limits: fc.option(fc.dictionary(fc.constantFrom('0', '1'), fc.nat(3))),
  })
  .map(instance);

const anyObservation: fc.Arbitrary<Observation> = fc
  .record({
    at: fc.integer({ min: NOW, max: NOW + 1e6 }),
    attachment: fc.option(
      fc
        .record({
          deleting: flag,
          spec: fc.record({
            paused: flag,
            securityGroupIds: fc.array(id('sg')),
            securityGroupNames: fc.array(id('name')),
            forceDetachAfterSeconds: fc.option(fc.nat(100)),
          }),
        })
        .map(attachment),
    ),
    owned: fc.array(anyEni, { maxLength: 3 }),
    adoptable: fc.array(anyEni, { maxLength: 2 }),
    untagged: fc.option(anyEni),
    instance: fc.option(anyInstance, { nil: undefined }),
    network: fc.option(
      fc.record({
        subnets: fc.array(
          fc.record({
            subnetId: id('subnet'),
            zone: fc.constant('us-east-1a'),
            vpcId: id('vpc'),
            freeAddresses: fc.nat(2),
            foundByName: fc.option(id('name')),
          }),
        ),
        groups: fc.array(fc.record({ groupId: id('sg'), vpcId: id('vpc'), foundByName: fc.option(id('name')) })),
      }),
      { nil: undefined },
    ),
  })
  .map(observation);

const anyMemory = fc
  .record({
    ordinal: fc.option(fc.nat(5)),
    eniId: fc.option(id('eni')),
    eniCreatedAt: fc.option(fc.integer({ min: NOW - 1e6, max: NOW })),
    condemnedEniId: fc.option(id('eni')),
    coolDown: flag,
    detachStartedAt: fc.option(fc.integer({ min: NOW - 1e6, max: NOW })),
  })
  .map(memory);

describe('the plan of any pair', () => {
  it('exists, is the same twice, and concerns only ENIs that were seen or are remembered', () => {
    fc.assert(
      fc.property(anyObservation, anyMemory, (seen, knows) => {
        const step = plan(seen, knows);

        assert.deepEqual(plan(seen, knows), step);
        const ours = [...seen.owned, ...seen.adoptable].map((one) => one.eniId);
        if ('eniId' in step) assert.ok([...ours, knows.eniId].includes(step.eniId));
        if (step.type === 'delete' || step.type === 'detach' || step.type === 'configure') {
          assert.ok(seen.owned.some((one) => one.eniId === step.eniId));
        }
        if (step.type === 'create' || step.type === 'release' || step.type === 'done')
          assert.equal(seen.owned.length, 0);
        if (step.type === 'create' || step.type === 'attach') assert.equal(seen.attachment?.deleting, false);
        if (seen.attachment?.spec.paused === true) assert.ok(step.type === 'block' && step.reason === 'Paused');
      }),
      { numRuns: 2_000 },
    );
  });

  it('can be shown as a status', () => {
    fc.assert(
      fc.property(anyObservation, anyMemory, (seen, knows) => {
        const step = plan(seen, knows);
        const status = desiredStatus({
          observation: seen,
          memory: knows,
          step,
          trouble: step.type === 'block' ? step : null,
          workflowId: 'id',
        });

        assert.ok(PHASES.includes(status.phase));
        assert.equal(status.reason === undefined, step.type !== 'block');
        if (status.reason !== undefined) assert.ok(status.reason in REASONS);
        if (seen.attachment?.deleting === true) assert.notEqual(status.phase, 'Attached');
      }),
      { numRuns: 500 },
    );
  });
});

const anyNode: fc.Arbitrary<ClusterNode> = fc
  .record({
    number: fc.integer({ min: 1, max: 5 }),
    labels: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2')),
    paused: fc.boolean(),
    uid: id('uid'),
    known: fc.constantFrom('aws:///us-east-1a/i-0a', 'aws:///us-east-1a/i-0b', '', 'kind://docker/x/y'),
  })
  .map(({ number, known, ...rest }) => node(number, { ...rest, providerId: known }));

const anyNodeEni = fc
  .record({
    name: id('neni'),
    deleting: flag,
    paused: flag,
    hasFinalizer: flag,
    createdAt: fc.constantFrom('2025-01-01T00:00:00Z', '2025-01-02T00:00:00Z'),
    spec: fc.record({
      nodeSelector: fc.dictionary(fc.constant('a'), fc.constantFrom('1', '2'), { maxKeys: 1 }),
      deviceIndex: fc.integer({ min: 1, max: 2 }),
      subnetIds: fc.subarray(['subnet-a', 'subnet-b'], { minLength: 1 }),
      description: fc.constantFrom('', 'x'),
      updateStrategy: fc.record({
        type: fc.constantFrom('RollingUpdate', 'OnDelete'),
        maxUnavailable: fc.constantFrom(1, 2, '50%'),
      }),
    }),
  })
  .map(nodeEni);

const objects = fc.record({
  nodes: fc.uniqueArray(anyNode, { selector: (one) => one.name }),
  nodeEnis: fc.uniqueArray(anyNodeEni, { selector: (one) => one.name }),
});

/** A view whose Attachments were made for other Nodes and NodeENIs than it now has. */
const anyView: fc.Arbitrary<ClusterView> = fc
  .tuple(objects, objects, fc.array(fc.constantFrom(...PHASES), { minLength: 20, maxLength: 20 }))
  .map(([before, now, phases]) => {
    let past = view(before);
    for (let pass = 0; pass < 2; pass += 1) past = carriedOut(past, planAttachments(past));
    const attachments = past.attachments.map((one, number) => ({
      ...one,
      status: { phase: phases[number % 20] ?? 'Pending', eniId: 'eni-1', subnetId: 'subnet-a' },
    }));
    return { ...view(now), attachments };
  });

describe('the plan of any cluster', () => {
  it('leaves nothing to do once it is carried out', () => {
    fc.assert(
      fc.property(anyView, (start) => {
        let now = start;
        for (let pass = 0; pass < 3; pass += 1) now = carriedOut(now, planAttachments(now));

        const { create, update, remove, addFinalizer, removeFinalizer } = planAttachments(now);
        assert.deepEqual(
          { create, update, remove, addFinalizer, removeFinalizer },
          {
            create: [],
            update: [],
            remove: [],
            addFinalizer: [],
            removeFinalizer: [],
          },
        );
      }),
      { numRuns: 500 },
    );
  });

  it('makes no two Attachments for one slot or pair, and none in a slot that is held by another', () => {
    fc.assert(
      fc.property(anyView, (start) => {
        const { create } = planAttachments(start);
        const all = [...start.attachments.map(({ spec }) => spec), ...create];

        assert.equal(
          new Set(all.map((spec) => `${spec.nodeName} ${spec.networkCardIndex} ${spec.deviceIndex}`)).size,
          all.length,
        );
        assert.equal(new Set(all.map((spec) => pairKey(spec.nodeEni.uid, spec.nodeName))).size, all.length);
      }),
      { numRuns: 500 },
    );
  });

  it('never rolls more available ENIs than may be away', () => {
    fc.assert(
      fc.property(anyView, (start) => {
        const { remove, desired } = planAttachments(start);
        for (const owner of start.nodeEnis) {
          const pairs = desired.filter((pair) => pair.nodeEni.uid === owner.uid);
          const rolled = remove.filter(
            ({ attachment: one, cause }) =>
              cause === 'replaced' && one.spec.nodeEni.uid === owner.uid && one.status.phase === 'Attached',
          );
          assert.ok(rolled.length <= maxUnavailable(owner.spec.updateStrategy, pairs.length));
          for (const { attachment: one } of rolled) {
            assert.ok(pairs.some((pair) => pair.node.name === one.spec.nodeName && compare(one, pair) === 'replace'));
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
