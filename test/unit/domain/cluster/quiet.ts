import assert from 'node:assert/strict';

import type { EniFacts } from '../../../../src/domain/observation.js';
import { TAG_KEYS } from '../../../../src/domain/tags.js';
import type { Cluster } from './cluster.js';
import { instanceIdOf } from './kubernetes-events.js';

/** Rounds after which a quiet cluster rests: a leaked ENI alone takes four, to be seen, grow old, and go. */
const MOST_ROUNDS = 12;

/** Longer than any wait: of a blocked pair, for an ENI that does not show, for a flapping node. */
const ROUND_MS = 6 * 60_000;

/** Ends everything that keeps the controller from its work: faults, pauses, and who sits in its slots. */
export function heal({ ec2, kubernetes: { nodes, nodeEnis } }: Cluster): void {
  ec2.faults.clear();
  ec2.looksToAttach = 1;
  for (const [id, one] of ec2.instances) ec2.instances.set(id, { ...one, state: 'running' });
  for (const [id, { tags, attachment }] of ec2.enis) {
    if (tags[TAG_KEYS.cluster] === undefined && attachment !== null) ec2.enis.delete(id);
  }
  for (const [name, one] of nodeEnis) nodeEnis.set(name, { ...one, paused: false });
  for (const [name, one] of nodes) {
    const providerId = one.providerId || `aws:///us-east-1a/${instanceIdOf(one.uid)}`;
    nodes.set(name, { ...one, paused: false, providerId });
  }
}

/** Lets time pass, with a resync and an audit every few minutes, until nothing is done any more. */
export async function settle(cluster: Cluster): Promise<void> {
  for (let rounds = 0; ; rounds += 1) {
    const earlier = cluster.reported;
    cluster.clock.now += ROUND_MS;
    const calls = await cluster.callsOf(async () => {
      cluster.resync();
      await cluster.work();
      await cluster.audit();
      await cluster.work();
    });
    if (calls.length === 0 && cluster.leaks === 0 && cluster.reported.length === 0) return;
    assert.ok(rounds < MOST_ROUNDS, `no rest after ${rounds} rounds, the last calls ${calls.join(', ')}`);
    const known = new Set(earlier.map(({ eniId }) => eniId));
    for (const eni of cluster.reported) if (known.has(eni.eniId)) detachReported(cluster, eni);
  }
}

/**
 * What an operator does with an ENI that two audits report: he detaches it. There is one only where an Attachment was
 * deleted by force, and the workflow that knew of it was lost too.
 */
function detachReported({ ec2, kubernetes, lostHistory }: Cluster, { eniId, tags }: EniFacts): void {
  const isExcused = lostHistory && kubernetes.takenOff.has(tags[TAG_KEYS.attachmentUid] ?? '');
  assert.ok(isExcused, `${eniId} is left on an instance without an Attachment`);
  ec2.byHand(eniId, { attachment: null });
}
