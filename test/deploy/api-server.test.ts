import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  AuthorizationV1Api,
  KubernetesObjectApi,
  loadAllYaml,
  PatchStrategy,
  type KubernetesObject,
  type V1PodSpec,
} from '@kubernetes/client-node';

import { KubernetesApi } from '../../dev/stack/kubernetes.js';
import { ofKind, OVERLAYS, render, renderYaml } from './manifests.js';

const NAMESPACE = 'multi-eni-system';
const USER = `system:serviceaccount:${NAMESPACE}:multi-eni-controller`;
const GROUPS = ['system:serviceaccounts', `system:serviceaccounts:${NAMESPACE}`, 'system:authenticated'];

/** What the controller does, as `verb resource[.group] [namespace/name]`. */
const ALLOWED = [
  ...['get', 'list', 'watch'].map((verb) => `${verb} nodes`),
  ...['get', 'list', 'watch', 'patch', 'update'].map((verb) => `${verb} nodeenis.networking.k8s.aws`),
  ...['patch', 'update'].map((verb) => `${verb} nodeenis/status.networking.k8s.aws`),
  'update nodeenis/finalizers.networking.k8s.aws',
  ...['get', 'list', 'watch', 'create', 'patch', 'update', 'delete'].map(
    (verb) => `${verb} nodeeniattachments.networking.k8s.aws`,
  ),
  ...['patch', 'update'].map((verb) => `${verb} nodeeniattachments/status.networking.k8s.aws`),
  ...['create', 'patch'].flatMap((verb) => [`${verb} events default/`, `${verb} events.events.k8s.io default/`]),
  'get namespaces /kube-system',
  ...['get', 'create', 'update'].map((verb) => `${verb} leases.coordination.k8s.io ${NAMESPACE}/`),
];

/** Some of what it must not be able to do. */
const REFUSED = [
  ...['create', 'update', 'patch', 'delete'].map((verb) => `${verb} nodes`),
  'patch nodes/status',
  'create nodeenis.networking.k8s.aws',
  'delete nodeenis.networking.k8s.aws',
  'deletecollection nodeeniattachments.networking.k8s.aws',
  'get namespaces /default',
  'list namespaces',
  'get leases.coordination.k8s.io kube-system/',
  'get secrets multi-eni-system/',
  'list pods',
  'update customresourcedefinitions.apiextensions.k8s.io',
];

describe('the manifests on a kube-apiserver', function () {
  this.timeout(240_000); // kustomize may have to be built
  let dir: string;
  let kubernetes: KubernetesApi;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'multi-eni-deploy-'));
    kubernetes = await KubernetesApi.start({ dir });
  });
  after(async () => {
    await kubernetes.stop();
    await rm(dir, { recursive: true });
  });

  /** Applies all of it. @returns the version of each object afterwards */
  async function apply(yaml: string): Promise<string[]> {
    const api = KubernetesObjectApi.makeApiClient(kubernetes.config);
    const versions: string[] = [];
    for (const object of loadAllYaml(yaml) as KubernetesObject[]) {
      const applied = await api.patch(object, undefined, undefined, 'test', false, PatchStrategy.ServerSideApply);
      versions.push(`${object.kind} ${object.metadata?.name} ${applied.metadata?.resourceVersion}`);
    }
    return versions;
  }

  async function may(action: string): Promise<boolean> {
    const [verb = '', kind = '', object = ''] = action.split(' ');
    const [, resource = '', subresource = '', group = ''] = /^([a-z]+)(?:\/([a-z]+))?(?:\.(.+))?$/.exec(kind) ?? [];
    const [namespace = '', name = ''] = object.split('/');
    const resourceAttributes = { verb, resource, subresource, group, namespace, name };
    const body = { spec: { user: USER, groups: GROUPS, resourceAttributes } };
    const api = kubernetes.config.makeApiClient(AuthorizationV1Api);
    const { status } = await api.createSubjectAccessReview({ body });
    return status?.allowed ?? false;
  }

  async function createPod(spec: V1PodSpec): Promise<void> {
    const body = { metadata: { name: 'try' }, spec };
    await kubernetes.core.createNamespacedPod({ namespace: NAMESPACE, body, dryRun: 'All' });
  }

  for (const overlay of OVERLAYS) {
    it(`takes ${overlay} by server-side apply, and again without a change`, async () => {
      const yaml = await renderYaml(overlay);
      const versions = await apply(yaml);

      assert.deepEqual(await apply(yaml), versions);
    });
  }

  for (const action of ALLOWED) {
    it(`lets the controller ${action}`, async () => assert.equal(await may(action), true));
  }

  for (const action of REFUSED) {
    it(`does not let the controller ${action}`, async () => assert.equal(await may(action), false));
  }

  it('admits the pods under the restricted Pod Security Standard that the namespace enforces', async () => {
    const [deployment] = ofKind(await render('deploy/base'), 'Deployment');
    const spec = deployment!.spec!.template.spec!;

    await createPod(spec);
    delete spec.securityContext;
    await assert.rejects(createPod(spec), /violates PodSecurity .+restricted/);
  });
});
