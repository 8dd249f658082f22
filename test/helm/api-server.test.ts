import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  ApiextensionsV1Api,
  AppsV1Api,
  BatchV1Api,
  CustomObjectsApi,
  KubernetesObjectApi,
  loadAllYaml,
  type KubernetesObject,
  type V1PodTemplateSpec,
} from '@kubernetes/client-node';

import { REPO } from '../../dev/bootstrap/paths.js';
import { eventually } from '../../dev/stack/eventually.js';
import { KubernetesApi } from '../../dev/stack/kubernetes.js';
import { CONTROLLER, CRDS, helm, NAMESPACE, objectsIn, RELEASE, settings, type Values } from './charts.js';

/** The definitions of ServiceMonitor and PrometheusRule. */
const MONITORING = join(REPO, 'test/helm/fixtures/prometheus-operator-crds.yaml');

const APART = { topologyKey: 'topology.kubernetes.io/zone', labelSelector: { matchLabels: { team: 'network' } } };

/** Every switch on. */
const EVERYTHING: Values = {
  temporal: { apiKey: 'key', setupJob: { enabled: true }, tls: { clientSecretName: 'client', caSecretName: 'ca' } },
  image: { pullSecrets: ['pull'] },
  serviceAccount: { roleArn: 'arn:aws:iam::123456789012:role/multi-eni' },
  settings: { clusterName: 'production', awsRegion: 'eu-central-1', ec2Rate: 2.5 },
  extraEnv: [{ name: 'HTTPS_PROXY', value: 'http://proxy:3128' }],
  worker: {
    tolerations: [{ key: 'dedicated', operator: 'Exists' }],
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [APART] } },
    podLabels: { team: 'network' },
    podAnnotations: { team: 'network' },
  },
  networkPolicy: {
    enabled: true,
    metricsFrom: [{ namespaceSelector: { matchLabels: { name: 'monitoring' } } }],
    extraEgress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [{ port: 3128 }] }],
  },
  metrics: {
    serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
    prometheusRule: { enabled: true, labels: { release: 'prometheus' } },
  },
};

describe('the charts on a kube-apiserver', function () {
  this.timeout(600_000); // helm may have to be built
  let dir: string;
  let kubernetes: KubernetesApi;

  before(
    'install them with every switch on, by helm itself, into a namespace with the restricted standard',
    async () => {
      dir = await mkdtemp(join(tmpdir(), 'multi-eni-helm-'));
      kubernetes = await KubernetesApi.start({ dir });
      const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
      await kubernetes.core.createNamespace({ body: { metadata: { name: NAMESPACE, labels } } });
      await monitoring();
      // The definitions are there already: the server's, which the chart takes over.
      await release('install', 'crds', CRDS, '--take-ownership', '--force-conflicts');
      await release('install', RELEASE, CONTROLLER, ...settings(EVERYTHING));
    },
  );
  after(async () => {
    await kubernetes.stop();
    await rm(dir, { recursive: true });
  });

  async function release(verb: string, ...args: readonly string[]): Promise<string> {
    return await helm(verb, ...args, '--kubeconfig', kubernetes.kubeconfig, '--namespace', NAMESPACE);
  }

  async function monitoring(): Promise<void> {
    const api = KubernetesObjectApi.makeApiClient(kubernetes.config);
    for (const definition of loadAllYaml(await readFile(MONITORING, 'utf8')) as KubernetesObject[]) {
      await api.create(definition);
    }
    for (const plural of ['servicemonitors', 'prometheusrules']) {
      await eventually(`${plural} are served`, async () => {
        await custom(plural);
        return true;
      });
    }
  }

  async function custom(plural: string): Promise<readonly { metadata: { name: string } }[]> {
    const api = kubernetes.config.makeApiClient(CustomObjectsApi);
    const list = (await api.listNamespacedCustomObject({
      ...{ group: 'monitoring.coreos.com', version: 'v1', namespace: NAMESPACE, plural },
    })) as { items: { metadata: { name: string } }[] };
    return list.items;
  }

  async function templates(): Promise<(readonly [string, V1PodTemplateSpec])[]> {
    const deployments = await kubernetes.config
      .makeApiClient(AppsV1Api)
      .listNamespacedDeployment({ namespace: NAMESPACE });
    const jobs = await kubernetes.config.makeApiClient(BatchV1Api).listNamespacedJob({ namespace: NAMESPACE });
    return [...deployments.items, ...jobs.items].map(({ metadata, spec }) => [metadata!.name!, spec!.template]);
  }

  it('are taken as they are: the API server keeps every field', async () => {
    const api = KubernetesObjectApi.makeApiClient(kubernetes.config);
    const rendered = objectsIn(await release('get', 'manifest', RELEASE));

    assert.ok(rendered.length > 10);
    for (const { apiVersion, kind, metadata, ...content } of rendered) {
      const { name = '', namespace = '' } = metadata ?? {};
      const taken = await api.read({ apiVersion: apiVersion!, kind: kind!, metadata: { name, namespace } });
      const { stringData: _, ...expected } = content as Record<string, unknown>; // is written only
      const plain = JSON.stringify(taken).replaceAll('"_from":', '"from":'); // as client-node calls it
      assert.partialDeepStrictEqual(JSON.parse(plain), expected, `${kind} ${name}`);
    }
  });

  it('have a ServiceMonitor and a PrometheusRule that their definitions accept', async () => {
    assert.equal((await custom('servicemonitors')).length, 1);
    assert.equal((await custom('prometheusrules')).length, 1);
  });

  it('have pods that the restricted Pod Security Standard admits, the setup Job included', async () => {
    const all = await templates();

    assert.equal(all.length, 3);
    for (const [name, { spec }] of all) {
      const body = { metadata: { name }, spec: spec! };
      await assert.doesNotReject(
        kubernetes.core.createNamespacedPod({ namespace: NAMESPACE, body, dryRun: 'All' }),
        name,
      );
    }
  });

  it('restart the pods, and run the setup anew, when an upgrade changes a setting', async () => {
    const before = new Map(await templates());
    await release('upgrade', RELEASE, CONTROLLER, '--reuse-values', '--set', 'temporal.namespace=other');

    const after = new Map(await templates());
    const worker = [before, after].map(
      (all) => all.get('multi-eni-worker')?.metadata?.annotations?.['checksum/config'],
    );
    assert.notEqual(worker[0], worker[1]);
    const jobs = [before, after].map((all) => [...all.keys()].find((name) => name.startsWith('multi-eni-setup')));
    assert.notEqual(jobs[0], jobs[1]);
  });

  it('can be upgraded with the same values, without a change', async () => {
    const before = await generations();
    await release('upgrade', RELEASE, CONTROLLER, '--reuse-values');

    assert.deepEqual(await generations(), before);
  });

  it('leave nothing behind but the CustomResourceDefinitions', async () => {
    await release('uninstall', RELEASE);
    await release('uninstall', 'crds');

    const { items } = await kubernetes.config.makeApiClient(ApiextensionsV1Api).listCustomResourceDefinition();
    const ours = items.filter(({ spec }) => spec.group === 'networking.k8s.aws');
    assert.equal(ours.length, 2);
    assert.deepEqual(await templates(), []);
  });

  async function generations(): Promise<Record<string, number | undefined>> {
    const { items } = await kubernetes.config
      .makeApiClient(AppsV1Api)
      .listNamespacedDeployment({ namespace: NAMESPACE });
    return Object.fromEntries(items.map(({ metadata }) => [metadata!.name!, metadata!.generation]));
  }
});
