import assert from 'node:assert/strict';

import { pairKey } from '../../../../src/domain/pairing/desired.js';
import { TAG_KEYS } from '../../../../src/domain/tags.js';
import { CLUSTER } from '../../../support/builders.js';
import type { Change } from '../../../support/builders-ec2.js';
import type { Cluster } from './cluster.js';
import { matchesOf } from './outcome.js';

/** How long the next life of a flapping pair is held back, from the beginning of the last one. */
const LIFE_CYCLE_MS = 31_000;

/** What holds at every moment, whatever happens. Throws when it does not. */
export function checkRules(cluster: Cluster): void {
  const { attachments, nodeEnis, takenOff, statuses } = cluster.kubernetes;
  const all = [...attachments.values()];
  const alive = new Set(all.filter(({ hasFinalizer }) => hasFinalizer).map(({ uid }) => uid));
  for (const { eniId, tags } of cluster.enis) {
    const uid = tags[TAG_KEYS.attachmentUid] ?? '';
    assert.ok(cluster.ec2.ownedBy(uid).length === 1, `Attachment ${uid} has several ENIs`);
    assert.ok(alive.has(uid) || takenOff.has(uid), `${eniId} is left, and its Attachment ${uid} is gone`);
  }
  const slots = all.map(({ spec }) => `${spec.nodeName} ${spec.networkCardIndex} ${spec.deviceIndex}`);
  assert.equal(new Set(slots).size, slots.length, 'two Attachments have one slot');
  const pairs = all.map(({ spec }) => `${spec.nodeEni.uid} ${spec.nodeName}`);
  assert.equal(new Set(pairs).size, pairs.length, 'a pair has two Attachments');
  const owners = new Set([...nodeEnis.values()].map(({ uid }) => uid));
  for (const { name, spec } of all) {
    const { uid } = spec.nodeEni;
    assert.ok(owners.has(uid) || takenOff.has(uid), `NodeENI ${uid} is gone, and its ${name} is left`);
  }
  for (const { desired, attached, unavailable, updated, blocked, attachments: rows } of statuses.values()) {
    const counts = JSON.stringify({ desired, attached, unavailable, updated, blocked, rows: rows.length });
    assert.equal(attached + unavailable, desired, counts);
    assert.ok(attached <= rows.filter(({ status }) => status === 'Attached').length && updated <= desired, counts);
    assert.equal(blocked, rows.filter(({ status }) => status === 'Blocked').length, counts);
  }
}

/** What holds whenever nobody has anything to do: a slot stays free only for a reason. Throws when it does not. */
export function checkRest(cluster: Cluster): void {
  const { attachments, madeAt } = cluster.kubernetes;
  for (const [slot, wanting] of Map.groupBy(matchesOf(cluster), (match) => match.slot)) {
    const reason = wanting.some(({ nodeEni, node }) => {
      const moving = cluster.kubernetes.ofNode(node.name).some(({ spec }) => spec.nodeEni.uid === nodeEni.uid);
      const held = (madeAt.get(pairKey(nodeEni.uid, node.uid)) ?? 0) > cluster.clock.now - LIFE_CYCLE_MS;
      return nodeEni.paused || node.paused || moving || held;
    });
    assert.ok(attachments.has(slot) || reason, `nobody has ${slot}, and nothing is in the way`);
  }
}

/**
 * What holds of every call that changes EC2, whether it will work or not. Throws when it does not.
 *
 * @param target - the ENI, or the token of a create call
 */
export function checkChange(cluster: Cluster, call: Change, target: string): void {
  const { ec2, acting, kubernetes } = cluster;
  const seen = acting?.observation;
  const step = acting?.steps.at(-1);
  assert.notEqual(seen?.attachment?.spec.paused, true, `${call} of a paused pair`);
  if (call === 'createEni') {
    const made = ec2.ownedBy(acting?.target.uid ?? '').map(({ eniId }) => eniId);
    assert.ok(
      made.every((eniId) => ec2.tokens.get(target) === eniId),
      `another ENI is made beside ${made.join()}`,
    );
    return;
  }
  const eni = ec2.enis.get(target);
  if (eni === undefined) return;
  const uid = eni.tags[TAG_KEYS.attachmentUid];
  assert.equal(eni.tags[TAG_KEYS.cluster], CLUSTER, `${call} of ${target}, which is not ours`);
  assert.notEqual(eni.attachment?.deviceIndex, 0, `${call} of a primary interface`);
  const alive = [...kubernetes.attachments.values()].some((one) => one.uid === uid);
  if (acting !== null && step?.type !== 'adopt') assert.equal(uid, acting.target.uid, `${call} of another pair's ENI`);
  else if (uid !== acting?.target.uid) assert.ok(!alive, `${call} of ${target}, which has its Attachment`);
  if (acting === null) assert.equal(eni.attachment, null, `the audit deletes ${target}, which is attached`);
  if (step?.type !== 'attach' || call !== 'attachEni') return;
  const held = seen?.instance?.slots.filter(({ deviceIndex }) => deviceIndex === step.deviceIndex) ?? [];
  assert.deepEqual(held, [], `${target} is to be attached where another was seen`);
}
