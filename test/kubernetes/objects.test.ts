import assert from 'node:assert/strict';

import { type CoreV1Api, type CustomObjectsApi, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';

import { KubernetesApi } from '../../dev/stack/kubernetes.js';
import type { Attachment, AttachmentSpec } from '../../src/domain/attachment.js';
import { ATTACHMENT_FINALIZER } from '../../src/domain/names.js';
import { AttachmentClient } from '../../src/kubernetes/attachments.js';
import { connectKubernetes } from '../../src/kubernetes/client.js';
import { isConflict, statusCode } from '../../src/kubernetes/errors.js';
import { EventRecorder } from '../../src/kubernetes/events.js';
import { NodeEniClient } from '../../src/kubernetes/node-enis.js';
import { scratchFolder } from '../stack/scratch.js';
import { memoryLog } from '../unit/kubernetes/fixtures.js';
import { createNodeEni, KIND, type RawObject, read, specOf } from './cluster.js';

const ATTACHMENTS = { ...KIND, plural: 'nodeeniattachments' };
const MERGE_PATCH = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

describe('our objects in a real API server', function () {
  this.timeout(60_000);
  const dir = scratchFolder();
  let kubernetes: KubernetesApi;
  let custom: CustomObjectsApi;
  let attachments: AttachmentClient;
  let nodeEnis: NodeEniClient;
  let nodeEni: RawObject;
  let serial = 0;
  let clock = Date.parse('2026-01-01T00:00:00Z');
  const now = (): number => clock;

  before(async () => {
    kubernetes = await KubernetesApi.start({ dir });
    ({ custom } = connectKubernetes({ kubeconfig: kubernetes.kubeconfig }));
    attachments = new AttachmentClient({ custom, now });
    nodeEnis = new NodeEniClient({ custom, now });
  });
  after(() => kubernetes.stop());
  beforeEach(async () => {
    serial += 1;
    nodeEni = await createNodeEni(custom, `e${serial}`);
  });

  async function make(changes: Partial<AttachmentSpec> = {}): Promise<Attachment> {
    const made = await attachments.create(specOf(nodeEni, `n${serial}`, changes));
    assert.ok(made !== 'exists');
    return made;
  }

  const raw = (name: string): Promise<RawObject> => read(custom, 'nodeeniattachments', name);

  it('tell the cluster by the UID of kube-system', async () => {
    const { metadata } = await kubernetes.core.readNamespace({ name: 'kube-system' });

    assert.equal(await connectKubernetes({ kubeconfig: kubernetes.kubeconfig }).clusterUid(), metadata?.uid);
  });

  it('take an Attachment once per slot, and give it back as it was written', async () => {
    const made = await make({ tags: { a: '1' }, paused: true, forceDetachAfterSeconds: 600 });

    assert.equal(await attachments.create(specOf(nodeEni, `n${serial}`)), 'exists');
    assert.deepEqual(await attachments.get(made.name), made);
    assert.deepEqual(made.spec.tags, { a: '1' });
    assert.equal(await attachments.get('nothing.0.1'), null);
  });

  it('are listed by node and by the UID of the NodeENI', async () => {
    const made = await make();

    assert.deepEqual(await attachments.uidsOfNode(`n${serial}`), [made.uid]);
    assert.deepEqual(await attachments.listByNodeEniUid(nodeEni.metadata.uid), [made]);
    assert.deepEqual(await attachments.listByNodeEniUid('another'), []);
  });

  it('change in place: a tag goes, so do the pause and the timeout', async () => {
    const made = await make({ tags: { a: '1', b: '2' }, paused: true, forceDetachAfterSeconds: 600 });
    const wanted = { ...made.spec, tags: { b: '3' }, paused: false, forceDetachAfterSeconds: null };
    await attachments.updateSpec(made, wanted);

    assert.deepEqual((await attachments.get(made.name))?.spec, wanted);
  });

  it('take a status that differs, and no write for one that does not', async () => {
    const { name, uid } = await make();
    await attachments.writeStatus({ name, uid }, { phase: 'Blocked', reason: 'SubnetFull', message: 'full' });
    await attachments.writeStatus({ name, uid }, { phase: 'Attached', eniId: 'eni-1', observedGeneration: 1 });
    const first = await raw(name);
    clock += 60_000;
    await attachments.writeStatus({ name, uid }, { phase: 'Attached', eniId: 'eni-1', observedGeneration: 1 });

    assert.equal((await raw(name)).metadata.resourceVersion, first.metadata.resourceVersion);
    assert.deepEqual(Object.keys(first.status ?? {}).sort(), [
      'attachedAt',
      'conditions',
      'eniID',
      'lastUpdated',
      'observedGeneration',
      'phase',
    ]);
    assert.equal(first.metadata.generation, 1);
  });

  it('are left alone when the one of the name was made anew', async () => {
    const old = await make();
    await attachments.release(old);
    await attachments.delete(old);
    const { name } = await make();
    const before = await raw(name);
    await attachments.writeStatus(old, { phase: 'Attached' });
    await attachments.release(old);
    await attachments.updateSpec(old, { ...old.spec, description: 'x' });
    await attachments.delete(old);

    assert.deepEqual(await raw(name), before);
  });

  it('are guarded by the version: of a wrong UID the server takes no notice in a patch of the status', async () => {
    const { name } = await make();
    const uid = '00000000-0000-0000-0000-000000000000';
    const patch = async (metadata: object): Promise<unknown> => {
      const body = { metadata, status: { phase: 'Attached' } };
      return await custom.patchClusterCustomObjectStatus({ ...ATTACHMENTS, name, body }, MERGE_PATCH);
    };

    await patch({ uid });
    await assert.rejects(patch({ uid, resourceVersion: '1' }), (error) => isConflict(error));
  });

  it('take merge patches, and no strategic ones', async () => {
    const { name } = await make();
    const strategic = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
    const patch = custom.patchClusterCustomObject(
      { ...ATTACHMENTS, name, body: { metadata: { labels: {} } } },
      strategic,
    );

    await assert.rejects(patch, (error) => statusCode(error) === 415);
  });

  it('keep the status from a new object of the name that is made between the read and the write', async () => {
    const old = await make();
    let once = false;
    const racing = new Proxy(custom, {
      get: (target, key, receiver) => {
        if (key !== 'patchClusterCustomObjectStatus' || once) return Reflect.get(target, key, receiver) as unknown;
        once = true;
        return async (...request: Parameters<typeof custom.patchClusterCustomObjectStatus>) => {
          await attachments.delete(old);
          await attachments.release(old);
          await make();
          return (await custom.patchClusterCustomObjectStatus(...request)) as unknown;
        };
      },
    });
    await new AttachmentClient({ custom: racing, now }).writeStatus(old, { phase: 'Attached' });

    const { metadata, status } = await raw(old.name);
    assert.equal(once, true);
    assert.notEqual(metadata.uid, old.uid);
    assert.equal(status, undefined);
  });

  it('have no effect to write to once they are gone', async () => {
    const ghost = { name: 'ghost.0.1', uid: 'u' };
    await attachments.writeStatus(ghost, { phase: 'Attached' });
    await attachments.release(ghost);
    await attachments.delete(ghost);
    await nodeEnis.addFinalizer(ghost);
    await nodeEnis.writeStatus(ghost, { conditions: [] });
  });

  it('go when they are deleted and released, with the annotation in the same write', async () => {
    const written: RawObject[] = [];
    const watched = new AttachmentClient({ custom, onWritten: (object) => written.push(object as RawObject) });
    const made = await make();
    await watched.delete(made);
    assert.equal((await attachments.get(made.name))?.deleting, true);
    await watched.release(made);

    assert.equal(await attachments.get(made.name), null);
    assert.equal(written[0]?.metadata.finalizers?.[0], ATTACHMENT_FINALIZER);
    assert.equal(written[1]?.metadata.annotations?.['networking.k8s.aws/released'], 'true');
  });

  it('are released although somebody annotates them all the time', async () => {
    const made = await make();
    await attachments.delete(made);
    const annotate = async (count: number): Promise<void> => {
      const body = { metadata: { annotations: { count: String(count) } } };
      const request = { ...ATTACHMENTS, name: made.name, body };
      await custom.patchClusterCustomObject(request, MERGE_PATCH).catch(() => undefined);
    };
    await Promise.all([attachments.release(made), ...Array.from({ length: 30 }, (_, count) => annotate(count))]);

    assert.equal(await attachments.get(made.name), null);
  });

  it('get and lose the finalizer of a NodeENI; that of others stays', async () => {
    const { name, uid } = (await createNodeEni(custom, `f${serial}`, { finalizers: ['example.com/theirs'] })).metadata;
    await nodeEnis.addFinalizer({ name, uid });
    await nodeEnis.addFinalizer({ name, uid });
    const finalizers = ['example.com/theirs', 'networking.k8s.aws/attachments'];
    assert.deepEqual((await read(custom, 'nodeenis', name)).metadata.finalizers, finalizers);
    await nodeEnis.removeFinalizer({ name, uid });

    assert.deepEqual((await read(custom, 'nodeenis', name)).metadata.finalizers, ['example.com/theirs']);
  });

  it('get no finalizer while the NodeENI is being deleted', async () => {
    const { name, uid } = (await createNodeEni(custom, `g${serial}`, { finalizers: ['example.com/theirs'] })).metadata;
    await custom.deleteClusterCustomObject({ ...KIND, plural: 'nodeenis', name });
    await nodeEnis.addFinalizer({ name, uid });

    assert.deepEqual((await read(custom, 'nodeenis', name)).metadata.finalizers, ['example.com/theirs']);
  });

  it('keep the time of a condition of a NodeENI while its status stays, and are not written for nothing', async () => {
    const { name, uid } = nodeEni.metadata;
    const ready = { type: 'Ready', status: 'False', reason: 'Attaching', message: '0 of 1', observedGeneration: 1 };
    await nodeEnis.writeStatus({ name, uid }, { desired: 1, attached: 0, conditions: [ready] });
    const first = await read(custom, 'nodeenis', name);
    clock += 60_000;
    await nodeEnis.writeStatus({ name, uid }, { desired: 1, attached: 0, conditions: [ready] });
    const second = await read(custom, 'nodeenis', name);
    await nodeEnis.writeStatus(
      { name, uid },
      { desired: 1, attached: 0, conditions: [{ ...ready, message: '0 of 1!' }] },
    );
    const third = await read(custom, 'nodeenis', name);

    assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion);
    const times = [first, third].map(({ status }) => (status?.['conditions'] as { lastTransitionTime: string }[])[0]);
    assert.equal(times[1]?.lastTransitionTime, times[0]?.lastTransitionTime);
  });

  it('have their events in the namespace default, the same one once in ten minutes', async () => {
    const log = memoryLog();
    const recorder = new EventRecorder({ core: kubernetes.core, log, now });
    const { name, uid } = nodeEni.metadata;
    const event = { kind: 'NodeENI', name, uid, type: 'Warning', reason: 'SlotConflict', message: 'taken' } as const;
    recorder.record(event);
    recorder.record(event);
    recorder.record({ ...event, message: 'still taken' });
    clock += 11 * 60_000;
    recorder.record(event);
    await recorder.flush();

    const fieldSelector = `involvedObject.uid=${uid}`;
    const { items } = await kubernetes.core.listNamespacedEvent({ namespace: 'default', fieldSelector });
    assert.deepEqual(items.map(({ message }) => message).sort(), ['still taken', 'taken', 'taken']);
    assert.deepEqual(log.lines, []);
  });

  it('do not mind an event that cannot be written', async () => {
    const log = memoryLog();
    const core = { createNamespacedEvent: () => Promise.reject(new Error('down')) } as unknown as CoreV1Api;
    const recorder = new EventRecorder({ core, log, now });
    recorder.record({ kind: 'Node', name: 'n', uid: 'u', type: 'Normal', reason: 'Why', message: 'm' });
    await recorder.flush();

    assert.equal(log.lines[0]?.message, 'a Kubernetes Event could not be written');
  });
});
