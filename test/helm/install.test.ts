import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ApiextensionsV1Api, AppsV1Api, CoordinationV1Api, type V1Deployment } from '@kubernetes/client-node';

import { type Controller, startController } from '../../dev/stack/controller.js';
import { REGION } from '../../dev/stack/ec2.js';
import { eventually } from '../../dev/stack/eventually.js';
import { labelNode, seedNode } from '../../dev/stack/nodes.js';
import { given, seedVpc, type Vpc } from '../../dev/stack/seed.js';
import { type Stack, startStack } from '../../dev/stack/stack.js';
import { Objects } from '../../dev/world/objects.js';
import { Pairs } from '../../dev/world/pairs.js';
import { Account } from './account.js';
import { CONTROLLER, CRDS, helm, NAMESPACE, RELEASE, settings } from './charts.js';

const GROUP = '/apis/networking.k8s.aws/v1alpha1';
const ATTACHED_MS = 60_000;

/** Some of what the chart's RBAC does not list. */
const REFUSED = [
  `GET /api/v1/namespaces/${NAMESPACE}/secrets`,
  `GET /api/v1/namespaces/${NAMESPACE}/configmaps/multi-eni-config`,
  'GET /api/v1/secrets',
  'GET /api/v1/pods',
  'GET /api/v1/namespaces',
  'GET /api/v1/namespaces/default',
  'DELETE /api/v1/nodes/helm-1',
  'PATCH /api/v1/nodes/helm-1',
  'PATCH /api/v1/nodes/helm-1/status',
  'POST /api/v1/nodes',
  `POST ${GROUP}/nodeenis`,
  `DELETE ${GROUP}/nodeenis/helm`,
  `DELETE ${GROUP}/nodeeniattachments`,
  'GET /apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-scheduler',
  `POST /api/v1/namespaces/${NAMESPACE}/serviceaccounts/multi-eni-controller/token`,
  `PATCH /apis/apps/v1/namespaces/${NAMESPACE}/deployments/multi-eni-worker`,
  'PATCH /apis/rbac.authorization.k8s.io/v1/clusterroles/multi-eni-controller',
  'DELETE /apis/apiextensions.k8s.io/v1/customresourcedefinitions/nodeenis.networking.k8s.aws',
];

describe('the charts, installed', function () {
  this.timeout(300_000); // helm may have to be built
  let stack: Stack;
  let vpc: Vpc;
  let objects: Objects;
  let pairs: Pairs;
  let account: Account;
  const controllers: Controller[] = [];

  before('install both, and run what the Deployments say under a token of their ServiceAccount', async () => {
    stack = await startStack();
    vpc = await seedVpc(stack.ec2.client, { securityGroups: ['one', 'two'] });
    [objects, pairs] = [new Objects(stack), new Pairs(stack, new Objects(stack))];
    await withoutDefinitions();
    await install(CRDS, 'crds', {});
    await install(CONTROLLER, RELEASE, {
      temporal: { address: stack.temporal.address, namespace: stack.temporal.namespace },
      settings: { awsRegion: REGION, resyncInterval: '30s' },
    });
    const file = join(stack.dir, 'account.kubeconfig');
    account = await Account.of(stack.kubernetes, NAMESPACE, 'multi-eni-controller', file);
    const { items } = await stack.kubernetes.config.makeApiClient(AppsV1Api).listNamespacedDeployment({
      namespace: NAMESPACE,
    });
    for (const deployment of items) controllers.push(await run(deployment));
    await Promise.all(controllers.map((controller) => controller.whenReady()));
    await seedNode(stack, vpc, { name: 'helm-1', zone: 'us-east-1a', labels: { helm: 'yes' } });
  });
  after(async () => {
    await Promise.all(controllers.map(({ process }) => process.stop()));
    await stack.stop();
  });

  /** Those which the stack made: the chart has to bring its own. */
  async function withoutDefinitions(): Promise<void> {
    const api = stack.kubernetes.config.makeApiClient(ApiextensionsV1Api);
    await api.deleteCollectionCustomResourceDefinition();
    await eventually('the definitions are gone', async () => {
      const { items } = await api.listCustomResourceDefinition();
      return items.length === 0;
    });
  }

  async function install(chart: string, release: string, values: Record<string, unknown>): Promise<void> {
    const cluster = ['--kubeconfig', stack.kubernetes.kubeconfig, '--namespace', NAMESPACE, '--create-namespace'];
    await helm('install', release, chart, ...cluster, ...settings(values));
  }

  /** The container's arguments and variables, in a process instead of a Pod. */
  async function run({ spec }: V1Deployment): Promise<Controller> {
    const { args, envFrom } = spec!.template.spec!.containers[0]!;
    const role = args?.at(-1) === 'watcher' ? 'watcher' : 'worker';
    const name = given(envFrom?.[0]?.configMapRef?.name, 'the ConfigMap');
    const { data } = await stack.kubernetes.core.readNamespacedConfigMap({ namespace: NAMESPACE, name });
    // The chart sets no name, so the cluster is called by a UID that takes a right of its own to read.
    const asPod = { KUBECONFIG: account.kubeconfig, POD_NAME: `${role}-pod`, MULTI_ENI_LEASE_NAMESPACE: NAMESPACE };
    const env = { MULTI_ENI_CLUSTER_NAME: '', ...data, ...asPod };
    return await startController(stack, { role, name: role, env });
  }

  async function logs(): Promise<string> {
    const files = ['watcher', 'worker'].map((role) => readFile(join(stack.dir, `${role}.log`), 'utf8'));
    return (await Promise.all(files)).join('');
  }

  it('run as the ServiceAccount of the chart and as nobody else', async () => {
    assert.equal(await account.userName(), `system:serviceaccount:${NAMESPACE}:multi-eni-controller`);
    assert.equal(controllers.length, 2);
  });

  it('attach an ENI to a node, and say so in the status', async () => {
    await objects.createNodeEni('helm', {
      nodeSelector: { helm: 'yes' },
      subnetID: vpc.subnetIds['us-east-1a'],
      securityGroupIDs: [vpc.securityGroupIds['one']],
    });

    const [attachment] = await pairs.untilAttached('helm', ['helm-1'], ATTACHED_MS);
    const [eni] = await pairs.enis('helm');
    assert.equal(attachment?.status?.eniID, eni?.id);
    assert.equal(eni?.attachment?.status, 'attached');
    const { metadata } = await stack.kubernetes.core.readNamespace({ name: 'kube-system' });
    assert.equal(eni.tags['networking.k8s.aws/cluster'], metadata?.uid);
  });

  it('hold the Lease of the leading watcher, in the namespace of the chart', async () => {
    const { spec = {} } = await stack.kubernetes.config
      .makeApiClient(CoordinationV1Api)
      .readNamespacedLease({ namespace: NAMESPACE, name: 'multi-eni-watcher' });

    assert.match(spec.holderIdentity ?? '', /^watcher-pod_/);
  });

  it('change it in place', async () => {
    const [eni] = await pairs.enis('helm');
    await objects.patchNodeEni('helm', { spec: { securityGroupIDs: [vpc.securityGroupIds['two']] } });

    await eventually(
      'the ENI has the other security group',
      async () => {
        const [now] = await pairs.enis('helm');
        assert.deepEqual(now?.groups, [vpc.securityGroupIds['two']]);
        assert.equal(now.id, eni?.id);
        return true;
      },
      { timeoutMs: ATTACHED_MS },
    );
  });

  it('write events', async () => {
    const metadata = { name: 'helm-kind', labels: { helm: 'yes' } };
    await stack.kubernetes.core.createNode({
      body: { metadata, spec: { providerID: 'kind://docker/helm/helm-kind' } },
    });

    const messages = await eventually('the event', async () => {
      const found = await objects.events('NotAnEC2Instance');
      return found.length > 0 && found;
    });
    assert.match(messages.join(), /kind:/);
  });

  for (const action of REFUSED) {
    it(`are refused ${action}`, async () => {
      const [method = '', path = ''] = action.split(' ');

      const { code, message } = await account.send(method, path);
      assert.equal(code, 403, message);
      assert.match(message, /User "system:serviceaccount:multi-eni-system:multi-eni-controller" cannot/);
    });
  }

  it('remove it again when the node does not match any more, and the NodeENI when it is deleted', async () => {
    await labelNode(stack, 'helm-1', { helm: null });
    await pairs.untilAttached('helm', [], ATTACHED_MS);
    await objects.deleteNodeEni('helm');
    await pairs.untilGone('helm', ATTACHED_MS);

    assert.deepEqual(await pairs.enis('helm'), []);
    assert.equal((await stack.kubernetes.core.listNode()).items.length, 2);
  });

  it('were never refused anything that they tried meanwhile', async () => {
    const text = await logs();

    assert.match(text, /"msg"/);
    assert.doesNotMatch(text, /forbidden|"code":403/i);
  });
});
