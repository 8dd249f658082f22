import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { KubernetesObject, V1Container, V1Deployment, V1PolicyRule } from '@kubernetes/client-node';

import { REPO } from '../../dev/bootstrap/paths.js';
import { readConfig } from '../../src/config/config.js';
import { ofKind, OVERLAYS, packageVersion, render } from './manifests.js';

const NAMESPACE = 'multi-eni-system';
const CLUSTER_SCOPED = new Set(['Namespace', 'CustomResourceDefinition', 'ClusterRole', 'ClusterRoleBinding']);

function containersOf(deployment: V1Deployment): V1Container[] {
  return deployment.spec!.template.spec!.containers;
}

function labelsOf(deployment: V1Deployment): Record<string, string> {
  return deployment.spec!.template.metadata!.labels!;
}

function selects(selector: Record<string, string> | undefined, labels: Record<string, string>): boolean {
  return Object.entries(selector ?? {}).every(([key, value]) => labels[key] === value);
}

function rulesOf(objects: readonly KubernetesObject[]): V1PolicyRule[] {
  return [...ofKind(objects, 'ClusterRole'), ...ofKind(objects, 'Role')].flatMap(({ rules }) => rules ?? []);
}

async function imageEnvironment(): Promise<Record<string, string>> {
  const dockerfile = await readFile(join(REPO, 'Dockerfile'), 'utf8');
  const pairs = dockerfile.matchAll(/^(?:ENV| {3}) ([A-Z_]+)=([^\s\\]+)/gm);
  return Object.fromEntries([...pairs].map(([, name = '', value = '']) => [name, value]));
}

for (const overlay of OVERLAYS) {
  describe(overlay, function () {
    this.timeout(240_000); // kustomize may have to be built
    let objects: KubernetesObject[];
    let deployments: V1Deployment[];

    before(async () => {
      objects = await render(overlay);
      deployments = ofKind(objects, 'Deployment');
    });

    it('puts every namespaced object into one namespace, which it makes', () => {
      const namespaces = objects
        .filter(({ kind }) => !CLUSTER_SCOPED.has(kind!))
        .map((each) => each.metadata!.namespace);

      assert.deepEqual([...new Set(namespaces)], [NAMESPACE]);
      assert.equal(objects.find(({ kind }) => kind === 'Namespace')?.metadata?.name, NAMESPACE);
    });

    it('runs each role with the image of this version', async () => {
      const images = deployments.flatMap(containersOf).map(({ image }) => image);
      const roles = deployments.flatMap(containersOf).map(({ args }) => args?.join(' '));

      const version = await packageVersion();
      assert.deepEqual(new Set(images), new Set([`aws-multi-eni-controller:${version}`]));
      const both = ['run --role watcher', 'run --role worker'];
      assert.deepEqual(roles, overlay.endsWith('prod') ? both : ['run --role all']);
    });

    it('runs as a user without rights, on a root file system that cannot be written', () => {
      for (const deployment of deployments) {
        const pod = deployment.spec!.template.spec!;
        assert.equal(pod.securityContext?.runAsNonRoot, true);
        assert.equal(pod.securityContext.runAsUser, 65532);
        assert.equal(pod.securityContext.seccompProfile?.type, 'RuntimeDefault');
        for (const { securityContext, volumeMounts } of pod.containers) {
          assert.equal(securityContext?.allowPrivilegeEscalation, false);
          assert.equal(securityContext.readOnlyRootFilesystem, true);
          assert.deepEqual(securityContext.capabilities, { drop: ['ALL'] });
          assert.deepEqual(volumeMounts, [{ name: 'tmp', mountPath: '/tmp' }]);
        }
      }
    });

    it('is probed, has resources, and gets the time that a clean stop takes', () => {
      for (const deployment of deployments) {
        assert.equal(deployment.spec!.template.spec!.terminationGracePeriodSeconds, 45);
        for (const container of containersOf(deployment)) {
          const ports = Object.fromEntries(container.ports!.map(({ name, containerPort }) => [name!, containerPort]));
          assert.deepEqual(ports, { health: 8081, metrics: 9090 });
          assert.deepEqual(container.readinessProbe?.httpGet, { path: '/readyz', port: 'health' });
          assert.deepEqual(container.livenessProbe?.httpGet, { path: '/livez', port: 'health' });
          assert.deepEqual(Object.keys(container.resources?.requests ?? {}), ['cpu', 'memory']);
          assert.deepEqual(Object.keys(container.resources?.limits ?? {}), ['memory']);
        }
      }
    });

    it('reads its settings from a ConfigMap that is there, and credentials from a Secret that may be', () => {
      const [config] = ofKind(objects, 'ConfigMap');
      const sources = deployments.flatMap(containersOf).map(({ envFrom }) => envFrom);

      for (const envFrom of sources) {
        assert.deepEqual(envFrom, [
          { configMapRef: { name: config?.metadata?.name } },
          { secretRef: { name: 'multi-eni-temporal', optional: true } },
        ]);
      }
    });

    it('has settings that the program takes, on top of those in the image', async () => {
      const [config] = ofKind(objects, 'ConfigMap');
      const image = await imageEnvironment();

      const read = readConfig({ ...image, ...config?.data, POD_NAME: 'pod-1' });
      assert.deepEqual('errors' in read ? read.errors : [], []);
    });

    it('selects, by Deployment and disruption budget, the pods of its own and no others', () => {
      for (const { metadata, spec } of [...deployments, ...ofKind(objects, 'PodDisruptionBudget')]) {
        const chosen = deployments.filter((each) => selects(spec?.selector?.matchLabels, labelsOf(each)));
        assert.deepEqual(
          chosen.map((each) => each.metadata?.name),
          [metadata?.name],
        );
      }
    });

    it('grants no wildcard', () => {
      const wild = rulesOf(objects).filter((rule) => {
        return [rule.apiGroups, rule.resources, rule.verbs, rule.nonResourceURLs]
          .flat()
          .some((name) => name?.includes('*'));
      });

      assert.deepEqual(wild, []);
    });

    it('writes nothing of Kubernetes but NodeENIs, attachments, events and leases', () => {
      const reads = new Set(['get', 'list', 'watch']);
      const written = rulesOf(objects)
        .filter(({ verbs }) => verbs.some((verb) => !reads.has(verb)))
        .flatMap(({ resources }) => resources!);

      assert.deepEqual([...new Set(written)].sort(), [
        ...['events', 'leases', 'nodeeniattachments', 'nodeeniattachments/status'],
        ...['nodeenis', 'nodeenis/finalizers', 'nodeenis/status'],
      ]);
    });
  });
}
