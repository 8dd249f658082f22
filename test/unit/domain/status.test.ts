import assert from 'node:assert/strict';

import type { AttachmentStatus } from '../../../src/domain/attachment.js';
import { desiredStatus, phaseOf } from '../../../src/domain/attachment-status.js';
import type { NodeEni } from '../../../src/domain/node-eni.js';
import { ATTACHMENT_ROWS, nodeEniStatus, type NodeEniStatus } from '../../../src/domain/node-eni-status.js';
import { factsByNodeEni } from '../../../src/domain/node-eni-facts.js';
import { planAttachments, type ClusterView } from '../../../src/domain/pairing/plan-attachments.js';
import type { Step } from '../../../src/domain/step.js';
import { settled, view } from '../../support/builders-plan.js';
import { attachment, ENI, eni, inSlot, memory, node, nodeEni, observation } from '../../support/builders.js';

function statusOf(seen: ClusterView, name = 'storage'): NodeEniStatus {
  const facts = factsByNodeEni(seen.nodeEnis, seen.attachments, planAttachments(seen));
  const mine = facts.find((one) => one.nodeEni.name === name);
  assert.ok(mine);
  return nodeEniStatus(mine);
}

function fleet(count: number, one: NodeEni = nodeEni()): ClusterView {
  return settled(view({ nodes: Array.from({ length: count }, (_, index) => node(index + 1)), nodeEnis: [one] }));
}

function condition(status: NodeEniStatus, type: string): string {
  const found = status.conditions.find((one) => one.type === type);
  return found === undefined ? 'none' : `${found.status} ${found.reason}: ${found.message}`;
}

function withStatus(seen: ClusterView, status: AttachmentStatus): ClusterView {
  const [first, ...others] = seen.attachments;
  assert.ok(first);
  return { ...seen, attachments: [{ ...first, status }, ...others] };
}

describe('the status of a NodeENI', () => {
  it('counts what is wanted and what is there', () => {
    const seen = withStatus(fleet(3), { phase: 'Blocked', reason: 'SubnetFull', message: 'no free address' });
    const nodes = [...seen.nodes, node(9, { providerId: 'kind://docker/x/y' }), node(8, { providerId: '' })];

    const { conditions, attachments, ...counts } = statusOf({ ...seen, nodes });

    assert.deepEqual(counts, {
      observedGeneration: 1,
      desired: 3,
      attached: 2,
      blocked: 1,
      updated: 3,
      unavailable: 1,
      skipped: 1,
      attachmentsTruncated: false,
    });
    assert.equal(attachments.length, 3);
    assert.ok(conditions.every((one) => one.observedGeneration === 1));
  });

  it('has a row for each Attachment, in the order of their names', () => {
    const seen = fleet(2);
    const full = {
      phase: 'Attached',
      eniId: 'eni-1',
      attachmentId: 'a-1',
      subnetId: 'subnet-a',
      zone: 'us-east-1a',
    } as const;
    const more = { macAddress: '02:0', privateIp: '10.0.0.9', workflowId: 'w', lastUpdated: 't' };
    const [row, other] = statusOf(
      withStatus({ ...seen, attachments: seen.attachments.toReversed() }, { ...full, ...more }),
    ).attachments;

    assert.deepEqual([row?.nodeID, other?.nodeID], ['node-1', 'node-2']);
    assert.deepEqual(other, {
      nodeID: 'node-2',
      instanceID: 'i-0a2',
      deviceIndex: 1,
      status: 'Attached',
      eniID: 'eni-1',
      attachmentID: 'a-1',
      subnetID: 'subnet-a',
      macAddress: '02:0',
      privateIP: '10.0.0.9',
      zone: 'us-east-1a',
      workflowID: 'w',
      reason: undefined,
      lastUpdated: 't',
    });
  });

  it('has at most 500 rows and stays far below 1 MiB, with exact counts', () => {
    const message = 'x'.repeat(512);
    const seen = fleet(5_000);
    const long = seen.attachments.map((one) => ({ ...one, status: { ...one.status, message, workflowId: message } }));

    const status = statusOf({ ...seen, attachments: long });

    assert.deepEqual([status.attachments.length, status.attachmentsTruncated], [ATTACHMENT_ROWS, true]);
    assert.deepEqual([status.desired, status.attached], [5_000, 5_000]);
    assert.ok(JSON.stringify(status).length < 2 ** 20);
    assert.equal(statusOf(fleet(500)).attachmentsTruncated, false);
  });

  it('says when all is well', () => {
    const status = statusOf(fleet(2));

    assert.equal(condition(status, 'Ready'), 'True AllAttached: 2 of 2 ENIs are attached');
    assert.equal(condition(status, 'Progressing'), 'False Complete: rolled out: 2 of 2 ENIs have the current spec');
    assert.equal(condition(status, 'SlotConflict'), 'False NoConflict: no other NodeENI wants the same slot');
    assert.deepEqual([condition(status, 'Paused'), condition(status, 'FieldsHandled')], ['none', 'none']);
  });

  it('says what one of them lacks and what to do', () => {
    const seen = withStatus(fleet(2), { phase: 'Blocked', reason: 'SubnetFull', message: 'no free address in s-1' });
    const silent = withStatus(fleet(2), { phase: 'Blocked', reason: 'SubnetFull' });

    assert.match(
      condition(statusOf(seen), 'Ready'),
      /^False SubnetFull: 1 of 2 attached; node node-1: no free.*What to do: the subnet/,
    );
    assert.match(condition(statusOf(silent), 'Ready'), /node node-1: SubnetFull/);
  });

  it('says that it is under way', () => {
    const starting = withStatus(fleet(2), {});
    const going = { ...fleet(2), nodes: [node(1)] };
    const attachments = going.attachments.map((one) => ({ ...one, deleting: one.spec.nodeName === 'node-2' }));
    const edited = fleet(2);
    const nodeEnis = edited.nodeEnis.map((one) => ({ ...one, spec: { ...one.spec, deviceIndex: 2 } }));

    assert.match(condition(statusOf(starting), 'Ready'), /^False Attaching/);
    assert.match(condition(statusOf(starting), 'Progressing'), /^True Attaching/);
    assert.match(condition(statusOf({ ...going, attachments }), 'Progressing'), /^True Releasing: 1 /);
    assert.match(
      condition(statusOf({ ...edited, nodeEnis }), 'Progressing'),
      /^True Updating: waiting for the roll-out to finish: 0 out of 2 ENIs have been updated/,
    );
  });

  it('says that it is going, that nothing matches, and that it is paused', () => {
    const going = fleet(2, nodeEni());
    const deleting = { ...going, nodeEnis: going.nodeEnis.map((one) => ({ ...one, deleting: true })) };
    const paused = view({ nodeEnis: [nodeEni({ paused: true, unhandledFields: ['mtu', 'dpdk'] })] });

    assert.match(condition(statusOf(deleting), 'Ready'), /^False Deleting: 2 ENIs/);
    assert.match(condition(statusOf(paused), 'Ready'), /^True NoMatchingNodes/);
    assert.match(condition(statusOf(paused), 'Paused'), /^True Annotated/);
    assert.match(condition(statusOf(paused), 'FieldsHandled'), /spec.mtu, spec.dpdk$/);
  });

  it('names who holds the slot that it wants', () => {
    const older = nodeEni({ name: 'older', createdAt: '2020-01-01T00:00:00Z' });
    for (const [count, more] of [
      [1, ''],
      [3, ' and 2 more nodes'],
    ] as const) {
      const seen = fleet(count, older);
      const status = statusOf({ ...seen, nodeEnis: [...seen.nodeEnis, nodeEni()] });

      assert.ok(
        condition(status, 'SlotConflict').startsWith(
          `True HeldByAnother: NodeENI older holds device index 1 on network card 0 of node node-1${more};`,
        ),
      );
      assert.match(condition(status, 'Ready'), /^False SlotConflict/);
    }
  });
});

describe('the status of an Attachment', () => {
  const owned = [eni({ attachment: inSlot() })];
  const base = { observation: observation(), memory: memory(), trouble: null, workflowId: 'w' };

  it('shows the ENI that was seen', () => {
    const status = desiredStatus({
      ...base,
      observation: observation({ owned }),
      memory: memory({ ordinal: 2 }),
      step: { type: 'idle' },
    });

    assert.deepEqual(status, {
      phase: 'Attached',
      reason: undefined,
      message: undefined,
      eniId: ENI,
      attachmentId: 'eni-attach-1',
      macAddress: '02:00:00:00:00:01',
      privateIp: '10.0.0.9',
      subnetId: 'subnet-a',
      zone: 'us-east-1a',
      securityGroupIds: ['sg-1'],
      workflowId: 'w',
      createOrdinal: 2,
      observedGeneration: 1,
    });
  });

  it('keeps an ENI that is not visible yet, and has no empty attachment id', () => {
    const invisible = desiredStatus({ ...base, memory: memory({ eniId: 'eni-9' }), step: { type: 'release' } });
    const unnamed = observation({ owned: [eni({ attachment: inSlot({ attachmentId: '' }) })] });

    assert.equal(invisible.eniId, 'eni-9');
    assert.equal(desiredStatus({ ...base, observation: unnamed, step: { type: 'idle' } }).attachmentId, undefined);
    assert.equal(
      desiredStatus({ ...base, observation: observation({ owned: [eni()] }), step: { type: 'idle' } }).attachmentId,
      undefined,
    );
  });

  it('keeps what is on record while nothing could be looked at', () => {
    const refusal = { reason: 'PermissionDenied', message: 'no' } as const;
    const recorded = attachment({ status: { eniId: 'eni-7', attachmentId: 'a-7', createOrdinal: 4 } });
    const step = { type: 'block', ...refusal } as const;

    const kept = desiredStatus({
      ...base,
      observation: observation({ refusal, attachment: recorded }),
      step,
      trouble: step,
    });
    const gone = desiredStatus({
      ...base,
      observation: observation({ refusal, attachment: null }),
      step,
      trouble: step,
    });

    assert.deepEqual(
      [kept.eniId, kept.attachmentId, kept.createOrdinal, kept.reason],
      ['eni-7', 'a-7', 4, 'PermissionDenied'],
    );
    assert.deepEqual([gone.eniId, gone.observedGeneration], [undefined, undefined]);
  });

  it('cuts long messages', () => {
    const trouble = { reason: 'SubnetFull', message: 'x'.repeat(2_000) } as const;

    assert.equal(desiredStatus({ ...base, step: { type: 'block', ...trouble }, trouble }).message?.length, 512);
  });

  it('has a phase for each step', () => {
    const verify = { type: 'verify', eniId: ENI } as const;
    const phases: readonly [Step, string][] = [
      [
        { type: 'create', intent: { ordinal: 0, subnetId: '', securityGroupIds: [], description: '', tags: {} } },
        'Creating',
      ],
      [{ type: 'adopt', eniId: ENI, fromUid: '', tags: {} }, 'Configuring'],
      [{ type: 'configure', eniId: ENI, attachmentId: '', changes: {} }, 'Configuring'],
      [
        { type: 'attach', eniId: ENI, instanceId: '', deviceIndex: 1, networkCardIndex: 0, deleteOnTermination: true },
        'Attaching',
      ],
      [{ ...verify, until: 'attached' }, 'Attaching'],
      [{ ...verify, until: 'visible' }, 'Creating'],
      [{ ...verify, until: 'detached' }, 'Detaching'],
      [{ ...verify, until: 'gone' }, 'Deleting'],
      [{ type: 'awaitInstance', instanceId: '', reason: 'InstancePending' }, 'Pending'],
      [{ type: 'detach', eniId: ENI, force: false, replace: false }, 'Detaching'],
      [{ type: 'delete', eniId: ENI, replace: false }, 'Deleting'],
      [{ type: 'release' }, 'Deleting'],
      [{ type: 'done' }, 'Deleting'],
      [{ type: 'idle' }, 'Attached'],
      [{ type: 'block', reason: 'SubnetFull', message: '' }, 'Blocked'],
    ];

    for (const [step, phase] of phases) assert.equal(phaseOf(observation(), step), phase);
  });

  it('of a blocked release says how far it is', () => {
    const blocked = { type: 'block', reason: 'SubnetFull', message: '' } as const;
    const going = attachment({ deleting: true });

    assert.equal(phaseOf(observation({ attachment: going, owned }), blocked), 'Detaching');
    assert.equal(phaseOf(observation({ attachment: going, owned: [eni()] }), blocked), 'Deleting');
    assert.equal(phaseOf(observation({ attachment: null }), blocked), 'Deleting');
  });
});
