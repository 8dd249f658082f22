import assert from 'node:assert/strict';

import { CoordinationV1Api } from '@kubernetes/client-node';

import { eventually } from '../../dev/stack/eventually.js';
import { KubernetesApi } from '../../dev/stack/kubernetes.js';
import { connectKubernetes } from '../../src/kubernetes/client.js';
import { LeaderElection } from '../../src/kubernetes/leader-election.js';
import { leaseStore, type LeaseStore } from '../../src/kubernetes/leases.js';
import { scratchFolder } from '../stack/scratch.js';
import { memoryLog } from '../unit/kubernetes/fixtures.js';
import { proxyBefore } from '../../dev/stack/api-proxy.js';

const NAMESPACE = 'default';
const TIMING = { durationMs: 2_000, deadlineMs: 1_200, retryMs: 200 };

describe('the election of a leader', function () {
  this.timeout(60_000);
  const dir = scratchFolder();
  let kubernetes: KubernetesApi;
  let api: CoordinationV1Api;
  let serial = 0;
  let name: string;
  let candidates: LeaderElection[] = [];

  before(async () => {
    kubernetes = await KubernetesApi.start({ dir });
    api = connectKubernetes({ kubeconfig: kubernetes.kubeconfig }).kubeConfig.makeApiClient(CoordinationV1Api);
  });
  after(() => kubernetes.stop());
  beforeEach(() => {
    serial += 1;
    name = `leader-${serial}`;
  });
  afterEach(async () => {
    await Promise.all(candidates.map((one) => one.stop()));
    candidates = [];
  });

  function candidate(identity: string, lease: LeaseStore = leaseStore(api, NAMESPACE, name)) {
    const heard: boolean[] = [];
    const log = memoryLog();
    const election = new LeaderElection({
      lease,
      identity,
      log,
      onChange: (leads) => heard.push(leads),
      timing: TIMING,
    });
    candidates.push(election);
    election.start();
    return { election, heard, log };
  }

  const leaders = (): number => candidates.filter((one) => one.leads).length;

  it('has one leader among three, and says so in the Lease as client-go would', async () => {
    candidate('a');
    candidate('b');
    candidate('c');
    await eventually('somebody leads', () => leaders() > 0);

    assert.equal(leaders(), 1);
    const { spec = {} } = await api.readNamespacedLease({ namespace: NAMESPACE, name });
    assert.match(spec.holderIdentity ?? '', /^[abc]$/);
    assert.equal(spec.leaseDurationSeconds, 2);
    assert.equal(spec.leaseTransitions, 0);
    assert.ok(Math.abs(Date.parse(String(spec.renewTime)) - Date.now()) < 30_000, String(spec.renewTime));
  });

  it('passes on at once when the leader ends, and counts the transition', async () => {
    const first = candidate('a');
    await eventually('a leads', () => first.election.leads);
    const second = candidate('b');

    await first.election.stop();
    await eventually('b leads', () => second.election.leads, { timeoutMs: 1_500 });

    assert.deepEqual(first.heard, [true, false]);
    assert.deepEqual(second.heard, [true]);
    const { spec = {} } = await api.readNamespacedLease({ namespace: NAMESPACE, name });
    assert.equal(spec.holderIdentity, 'b');
  });

  it('goes to another when the leader is cut off, which has ceased by then, and leads again in its turn', async () => {
    const { proxy, kubeconfig } = await proxyBefore(kubernetes, dir);
    const cutOff = connectKubernetes({ kubeconfig });
    const first = candidate('a', leaseStore(cutOff.kubeConfig.makeApiClient(CoordinationV1Api), NAMESPACE, name));
    await eventually('a leads', () => first.election.leads);
    const second = candidate('b');

    proxy.refuse(true);
    proxy.reset();
    let both = 0;
    await eventually(
      'b leads',
      () => {
        if (leaders() > 1) both += 1;
        return second.election.leads;
      },
      { intervalMs: 20 },
    );
    proxy.refuse(false);
    await second.election.stop();
    await eventually('a leads again', () => first.election.leads);
    await proxy.stop();

    assert.equal(both, 0);
    assert.deepEqual(first.heard, [true, false, true]);
  });

  it('makes everyone lead, with a warning, where the Lease is refused', async () => {
    const nowhere = leaseStore(api, 'no-such-namespace', name);
    const [first, second] = [candidate('a', nowhere), candidate('b', nowhere)];

    await eventually('both lead', () => leaders() === 2);

    for (const { heard, log } of [first, second]) {
      assert.deepEqual(heard, [true]);
      assert.equal(log.lines.filter(({ level }) => level === 'warn').length, 1);
    }
  });
});
