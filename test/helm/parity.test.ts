import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { KubernetesObject, V1PodSpec } from '@kubernetes/client-node';

import { REPO } from '../../dev/bootstrap/paths.js';
import { readConfig } from '../../src/config/config.js';
import { ofKind, render } from '../deploy/manifests.js';
import { CONTROLLER, CRDS, namesOf, renderChart } from './charts.js';

/** Set by the image, and not to be set by anybody else. */
const OF_THE_IMAGE = ['MULTI_ENI_BUILD_VERSION', 'MULTI_ENI_HEALTH_ADDR', 'MULTI_ENI_METRICS_ADDR'];

/** The Lease is where the Pod is, in each cluster. */
const OF_THE_POD = ['MULTI_ENI_LEASE_NAMESPACE'];

/** Kustomize ends the ConfigMap's name in a hash, Helm restarts the pods by an annotation. */
function withoutHash(spec: V1PodSpec): unknown {
  const text = JSON.stringify(spec).replace(/multi-eni-config-[a-z0-9]{10}/g, 'multi-eni-config');
  return JSON.parse(text);
}

/** Labels that each tool adds by itself; selectors have the release's name in Helm. */
function withoutInstance(labels: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const { 'app.kubernetes.io/instance': _, ...rest } = labels ?? {};
  return rest;
}

function named<T extends KubernetesObject>(objects: readonly T[]): Record<string, T> {
  return Object.fromEntries(objects.map((object) => [object.metadata?.name ?? '', object]));
}

async function variablesOfProgram(): Promise<string[]> {
  const source = await readFile(join(REPO, 'src/config/config.ts'), 'utf8');
  return [...new Set(source.match(/\bMULTI_ENI_[A-Z0-9_]+/g))].filter((name) => !name.endsWith('_')).sort();
}

describe('the charts with their default values', function () {
  this.timeout(600_000); // helm and kustomize may have to be built
  let chart: KubernetesObject[];
  let overlay: KubernetesObject[];

  before(async () => {
    [chart, overlay] = [await renderChart(CONTROLLER), await render('deploy/overlays/prod')];
  });

  it('make the objects of deploy/overlays/prod, but for the namespace, under the same names', async () => {
    const crds = await renderChart(CRDS);
    const others = overlay.filter(({ kind }) => kind !== 'Namespace');

    const names = namesOf([...crds, ...chart]);
    assert.deepEqual(
      names,
      namesOf(others).map((name) => name.replace(/(ConfigMap multi-eni-config)-.+/, '$1')),
    );
  });

  it('run the same pods', () => {
    const deployments = named(ofKind(overlay, 'Deployment'));

    for (const { metadata, spec } of ofKind(chart, 'Deployment')) {
      const other = deployments[metadata!.name!]?.spec;
      const pod = structuredClone(spec!.template.spec!);
      delete pod.containers[0]!.imagePullPolicy;
      for (const { labelSelector } of pod.topologySpreadConstraints!) {
        labelSelector!.matchLabels = withoutInstance(labelSelector!.matchLabels);
      }
      assert.deepEqual(withoutHash(pod), withoutHash(other!.template.spec!));
      assert.deepEqual([spec!.replicas, spec!.strategy], [other!.replicas, other!.strategy]);
      assert.deepEqual(withoutInstance(spec!.selector.matchLabels), other!.selector.matchLabels);
      assert.deepEqual(withoutInstance(spec!.template.metadata!.labels), other!.template.metadata!.labels);
    }
  });

  it('grant the same rights to the same account', () => {
    for (const kind of ['ClusterRole', 'Role', 'ClusterRoleBinding', 'RoleBinding']) {
      const [ours, theirs] = [chart, overlay].map((objects) =>
        Object.values(named(objects.filter((object) => object.kind === kind)))
          .map(({ metadata, ...rest }) => ({ name: metadata!.name!, ...rest }))
          .sort((one, other) => one.name.localeCompare(other.name)),
      );
      assert.deepEqual(ours, theirs, kind);
    }
    const view = ofKind(chart, 'ClusterRole').find(({ metadata }) => metadata?.name === 'multi-eni-view');
    assert.equal(view?.metadata?.labels?.['rbac.authorization.k8s.io/aggregate-to-view'], 'true');
  });

  it('protect the pods from drains in the same way', () => {
    const theirs = named(ofKind(overlay, 'PodDisruptionBudget'));

    for (const { metadata, spec } of ofKind(chart, 'PodDisruptionBudget')) {
      const { selector, ...rest } = spec!;
      const { selector: other, ...others } = theirs[metadata!.name!]!.spec!;
      assert.deepEqual(rest, others);
      assert.deepEqual(withoutInstance(selector?.matchLabels), other?.matchLabels);
    }
  });

  it('have the settings of the base, and for the rest the defaults of the program', () => {
    const [config] = ofKind(chart, 'ConfigMap');
    const [base] = ofKind(overlay, 'ConfigMap');

    assert.deepEqual({ ...config!.data, ...base!.data }, config!.data);
    assert.deepEqual(readConfig(config!.data!), readConfig({}));
  });

  it('can set every variable of the program that the image does not, and no other', async () => {
    const settings = { clusterName: 'production', awsRegion: 'eu-central-1' };

    const [config] = ofKind(await renderChart(CONTROLLER, { settings }), 'ConfigMap');
    const names = Object.keys(config!.data!).filter((name) => name.startsWith('MULTI_ENI_'));
    const program = await variablesOfProgram();
    assert.deepEqual(
      names.sort(),
      program.filter((name) => ![...OF_THE_IMAGE, ...OF_THE_POD].includes(name)),
    );
  });

  it('have the CustomResourceDefinitions of deploy/crds', async () => {
    const theirs = named(overlay.filter(({ kind }) => kind === 'CustomResourceDefinition'));

    for (const { metadata, ...rest } of await renderChart(CRDS)) {
      const { metadata: _, ...other } = theirs[metadata!.name!]!;
      assert.deepEqual(rest, other);
      assert.equal(metadata?.annotations?.['helm.sh/resource-policy'], 'keep');
    }
  });
});
