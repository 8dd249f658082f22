import assert from 'node:assert/strict';

import fc from 'fast-check';

import type { AttachmentSpec, AttachmentStatus } from '../../../src/domain/attachment.js';
import { PHASES } from '../../../src/domain/phase.js';
import { type Reason, REASONS } from '../../../src/domain/reasons.js';
import { attachmentManifest, statusToWire } from '../../../src/kubernetes/manifest.js';
import { parseAttachment, parseNode, parseNodeEni } from '../../../src/kubernetes/schema.js';
import { SPEC } from './fixtures.js';

const META = { name: 'x', uid: 'u', resourceVersion: '1' };
const NODE_ENI = { metadata: META, spec: { nodeSelector: { a: 'b' } } };

const names = fc.string({ minLength: 1, maxLength: 20 });
const lists = fc.array(names, { maxLength: 3 });
const tags = fc.dictionary(
  names.filter((name) => name !== '__proto__'),
  fc.string(),
  { noNullPrototype: true },
);
const specs: fc.Arbitrary<AttachmentSpec> = fc.record(
  {
    nodeEni: fc.record({ name: names, uid: names }, { noNullPrototype: true }),
    nodeName: names,
    nodeUid: names,
    instanceId: names,
    zone: fc.string(),
    deviceIndex: fc.integer({ min: 1, max: 63 }),
    networkCardIndex: fc.nat(63),
    subnetIds: lists,
    subnetNames: lists,
    securityGroupIds: lists,
    securityGroupNames: lists,
    deleteOnTermination: fc.boolean(),
    sourceDestCheck: fc.boolean(),
    description: fc.string(),
    tags,
    forceDetachAfterSeconds: fc.option(fc.integer({ min: 60 })),
    paused: fc.boolean(),
  },
  { noNullPrototype: true },
);
const times = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });
const statuses: fc.Arbitrary<AttachmentStatus> = fc.record(
  {
    phase: fc.constantFrom(...PHASES),
    reason: fc.constantFrom(...(Object.keys(REASONS) as Reason[])),
    message: names,
    eniId: names,
    attachmentId: names,
    macAddress: names,
    privateIp: names,
    subnetId: names,
    zone: names,
    workflowId: names,
    createOrdinal: fc.nat(),
    observedGeneration: fc.nat(),
    lastUpdated: times.map((time) => time.toISOString()),
    attachedAt: times.map((time) => time.toISOString()),
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** What the API server gives back: only what JSON can hold. */
function overTheWire(value: unknown): Record<string, unknown> & { metadata: object } {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown> & { metadata: object };
}

describe('the wire shapes', () => {
  it('carry every Attachment there and back', () => {
    fc.assert(
      fc.property(specs, statuses, (spec, status) => {
        const sent = overTheWire({ ...attachmentManifest(spec), status: statusToWire(status) });
        const read = parseAttachment({ ...sent, metadata: { ...META, ...sent.metadata } });

        assert.deepEqual(read.spec, spec);
        assert.deepEqual(overTheWire(read.status), overTheWire(status));
        assert.equal(read.hasFinalizer, true);
        assert.equal(read.deleting, false);
      }),
    );
  });

  it('name an Attachment by its slot and give it its owner', () => {
    assert.deepEqual(attachmentManifest(SPEC)['metadata'], {
      name: 'n1.0.2',
      labels: { 'networking.k8s.aws/nodeeni': 'e1', 'networking.k8s.aws/nodeeni-uid': 'u-e1' },
      finalizers: ['networking.k8s.aws/eni'],
      ownerReferences: [
        {
          apiVersion: 'networking.k8s.aws/v1alpha1',
          kind: 'NodeENI',
          name: 'e1',
          uid: 'u-e1',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    });
  });

  it('drop a phase and a reason of another version', () => {
    const { spec } = attachmentManifest(SPEC);
    const { status } = parseAttachment({
      metadata: META,
      spec,
      status: { phase: 'Flying', reason: 'Bored', eniID: 'e' },
    });

    assert.deepEqual([status.phase, status.reason, status.eniId], [undefined, undefined, 'e']);
  });

  it('fill in the defaults of a NodeENI', () => {
    const { spec, unhandledFields } = parseNodeEni(NODE_ENI);

    assert.deepEqual([spec.deviceIndex, spec.networkCardIndex], [1, 0]);
    assert.deepEqual([spec.deleteOnTermination, spec.sourceDestCheck], [true, true]);
    assert.deepEqual(spec.detachPolicy, { type: 'Graceful', timeoutSeconds: 600 });
    assert.deepEqual(spec.updateStrategy, { type: 'RollingUpdate', maxUnavailable: 1 });
    assert.deepEqual(unhandledFields, []);
  });

  it('put subnetID before subnetIDs, each id once', () => {
    const subnets = { subnetID: 'subnet-b', subnetIDs: ['subnet-a', 'subnet-b'] };
    const { spec } = parseNodeEni({ ...NODE_ENI, spec: { ...NODE_ENI.spec, ...subnets } });

    assert.deepEqual(spec.subnetIds, ['subnet-b', 'subnet-a']);
  });

  it('name the fields of a NodeENI that nothing is done with, also when they are false or 0', () => {
    const { unhandledFields } = parseNodeEni({ ...NODE_ENI, spec: { ...NODE_ENI.spec, mtu: 0, dpdkEnabled: false } });

    assert.deepEqual(unhandledFields, ['mtu', 'dpdkEnabled']);
  });

  it('refuse a NodeENI without a nodeSelector, which would select every node', () => {
    assert.throws(() => parseNodeEni({ metadata: META, spec: {} }), /nodeSelector/);
  });

  for (const [value, paused] of [
    ['true', true],
    ['', true],
    ['false', false],
    [undefined, false],
  ] as const) {
    it(`take the annotation paused=${value ?? 'absent'} for ${paused ? 'paused' : 'not paused'}`, () => {
      const annotations = value === undefined ? {} : { 'networking.k8s.aws/paused': value };

      assert.equal(parseNode({ metadata: { ...META, annotations } }).paused, paused);
    });
  }

  it('read a Node alike from a typed object and from JSON', () => {
    const typed = { metadata: { ...META, creationTimestamp: new Date(0), deletionTimestamp: new Date(0) } };

    assert.deepEqual(parseNode(typed), parseNode(overTheWire(typed)));
    assert.equal(parseNode(typed).deleting, true);
    assert.equal(parseNodeEni({ ...NODE_ENI, ...typed }).createdAt, '1970-01-01T00:00:00Z');
  });
});
