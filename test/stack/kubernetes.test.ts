import assert from 'node:assert/strict';

import { ApiextensionsV1Api, CustomObjectsApi } from '@kubernetes/client-node';

import { KubernetesApi } from '../../dev/stack/kubernetes.js';
import { deleteNode, heartbeat, labelNode } from '../../dev/stack/nodes.js';
import { isAlive, scratchFolder } from './scratch.js';

describe('the Kubernetes API of the stack', function () {
  this.timeout(60_000);
  const dir = scratchFolder();
  let kubernetes: KubernetesApi;

  before(async () => {
    kubernetes = await KubernetesApi.start({ dir });
  });
  after(() => kubernetes.stop());

  it('serves the CustomResourceDefinitions of deploy/crds', async () => {
    const { items } = await kubernetes.config.makeApiClient(ApiextensionsV1Api).listCustomResourceDefinition();
    const names = items.map(({ metadata }) => metadata?.name);
    assert.deepEqual(names, ['nodeeniattachments.networking.k8s.aws', 'nodeenis.networking.k8s.aws']);

    const custom = kubernetes.config.makeApiClient(CustomObjectsApi);
    const list = (await custom.listClusterCustomObject({
      group: 'networking.k8s.aws',
      version: 'v1alpha1',
      plural: 'nodeenis',
    })) as { items: unknown[] };
    assert.deepEqual(list.items, []);
  });

  it('lets Nodes be labelled and report a heartbeat', async () => {
    const metadata = { name: 'node-1', labels: { ng: 'multi-eni', subnet: 'a' } };
    await kubernetes.core.createNode({ body: { metadata } });

    await labelNode({ kubernetes }, 'node-1', { subnet: 'b', ng: null });
    await heartbeat({ kubernetes }, 'node-1');

    const node = await kubernetes.core.readNode({ name: 'node-1' });
    assert.deepEqual(node.metadata?.labels, { subnet: 'b' });
    assert.equal(node.status?.conditions?.[0]?.type, 'Ready');
    assert.deepEqual(node.spec?.taints ?? [], []);
  });

  it('keeps its objects, at the same address, when it is killed and started again', async () => {
    const { pid: killed, url } = kubernetes;

    await kubernetes.kill9();
    assert.equal(isAlive(killed), false);
    await kubernetes.restart();

    assert.equal(kubernetes.url, url);
    const { items } = await kubernetes.core.listNode();
    assert.deepEqual(
      items.map(({ metadata }) => metadata?.name),
      ['node-1'],
    );
    await deleteNode({ kubernetes }, 'node-1');
    assert.equal((await kubernetes.core.listNode()).items.length, 0);
  });

  it('can be one that was there before us: it is used, and neither killed nor stopped', async () => {
    const { KUBECONFIG: outside } = process.env;
    Object.assign(process.env, { KUBECONFIG: kubernetes.kubeconfig, MULTI_ENI_USE_KUBECONFIG: '1' });
    try {
      const theirs = await KubernetesApi.start({ dir: '/nowhere' });

      assert.equal(theirs.url, kubernetes.url);
      await assert.rejects(theirs.kill9(), /was there before us/);
      await theirs.stop();
      assert.ok(isAlive(kubernetes.pid));
    } finally {
      delete process.env['MULTI_ENI_USE_KUBECONFIG'];
      process.env['KUBECONFIG'] = outside ?? '';
    }
  });

  it('leaves no process when it is stopped', async () => {
    const { pid } = kubernetes;

    await kubernetes.stop();

    assert.equal(isAlive(pid), false);
  });
});
