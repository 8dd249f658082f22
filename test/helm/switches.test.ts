import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type {
  KubernetesObject,
  V1Job,
  V1NetworkPolicy,
  V1PodTemplateSpec,
  V1Secret,
  V1Service,
  V1ServiceAccount,
} from '@kubernetes/client-node';

import { REPO } from '../../dev/bootstrap/paths.js';
import { readTemporalConfig } from '../../src/config/temporal.js';
import { ofKind } from '../deploy/manifests.js';
import { CONTROLLER, namesOf, readYaml, renderChart, type Values } from './charts.js';

const ROLE_ARN = 'arn:aws:iam::123456789012:role/multi-eni';

function one(objects: readonly KubernetesObject[], kind: string): KubernetesObject {
  const found = objects.filter((object) => object.kind === kind);
  assert.equal(found.length, 1, `${kind} in ${namesOf(objects).join(', ')}`);
  return found[0]!;
}

function kindsOf(objects: readonly KubernetesObject[]): Set<string> {
  return new Set(objects.map(({ kind }) => kind ?? ''));
}

function templatesOf(objects: readonly KubernetesObject[]): V1PodTemplateSpec[] {
  return ofKind(objects, 'Deployment').map(({ spec }) => spec!.template);
}

function settingsOf(objects: readonly KubernetesObject[]): Record<string, string> {
  return ofKind(objects, 'ConfigMap').find(({ metadata }) => metadata?.name?.endsWith('-config'))?.data ?? {};
}

function selects(selector: Readonly<Record<string, string>> | undefined, template: V1PodTemplateSpec): boolean {
  return Object.entries(selector ?? { none: '' }).every(([key, value]) => template.metadata?.labels?.[key] === value);
}

async function annotation(name: string, values: Values = {}): Promise<(string | undefined)[]> {
  return templatesOf(await renderChart(CONTROLLER, values)).map(({ metadata }) => metadata?.annotations?.[name]);
}

describe('the chart multi-eni-controller', function () {
  this.timeout(600_000); // helm may have to be built

  it('makes nothing by default that is asked for by a switch', async () => {
    const kinds = kindsOf(await renderChart(CONTROLLER));

    for (const kind of ['Secret', 'Job', 'NetworkPolicy', 'Service', 'ServiceMonitor', 'PrometheusRule']) {
      assert.ok(!kinds.has(kind), kind);
    }
  });

  it('puts an API key into the Secret that the pods read, and restarts them when it changes', async () => {
    const objects = await renderChart(CONTROLLER, { temporal: { apiKey: 'one' } });
    const { metadata, stringData } = one(objects, 'Secret') as V1Secret;

    assert.deepEqual(stringData, { TEMPORAL_API_KEY: 'one' });
    for (const { spec } of templatesOf(objects)) {
      assert.deepEqual(spec?.containers[0]?.envFrom?.[1]?.secretRef, { name: metadata?.name, optional: true });
    }
    const other = await annotation('checksum/secret', { temporal: { apiKey: 'two' } });
    assert.notDeepEqual(await annotation('checksum/secret', { temporal: { apiKey: 'one' } }), other);
  });

  it('mounts certificates where the variables say that they are', async () => {
    const tls = { clientSecretName: 'client', caSecretName: 'authority', serverName: 'temporal.internal' };

    const objects = await renderChart(CONTROLLER, { temporal: { tls } });
    const settings = settingsOf(objects);
    const paths = Object.entries(settings).flatMap(([name, value]) => (name.endsWith('_PATH') ? [value] : []));
    assert.deepEqual(paths.sort(), [
      ...['/etc/temporal/ca/ca.crt', '/etc/temporal/client/tls.crt', '/etc/temporal/client/tls.key'],
    ]);
    for (const { spec } of templatesOf(objects)) {
      const mounts = Object.fromEntries(
        spec!.containers[0]!.volumeMounts!.map(({ name, mountPath }) => [mountPath, name]),
      );
      const secrets = Object.fromEntries(spec!.volumes!.map(({ name, secret }) => [name, secret?.secretName]));
      assert.equal(secrets[mounts['/etc/temporal/client']!], 'client');
      assert.equal(secrets[mounts['/etc/temporal/ca']!], 'authority');
    }
  });

  it('speaks TLS to Temporal when told to, and only then', async () => {
    const plain = readTemporalConfig(settingsOf(await renderChart(CONTROLLER)));
    const tls = { enabled: true, serverName: 'temporal.internal' };
    const secure = readTemporalConfig(settingsOf(await renderChart(CONTROLLER, { temporal: { tls } })));

    assert.ok('connect' in plain && 'connect' in secure);
    assert.equal(plain.connect.connectionOptions.tls, undefined);
    assert.match(JSON.stringify(secure.connect.connectionOptions.tls), /temporal\.internal/);
  });

  it('annotates its ServiceAccount with the role of IRSA', async () => {
    const objects = await renderChart(CONTROLLER, { serviceAccount: { roleArn: ROLE_ARN } });

    const { metadata } = one(objects, 'ServiceAccount') as V1ServiceAccount;
    assert.deepEqual(metadata?.annotations, { 'eks.amazonaws.com/role-arn': ROLE_ARN });
  });

  it('gives the rights to an account that is there already', async () => {
    const objects = await renderChart(CONTROLLER, { serviceAccount: { create: false, name: 'eks-made' } });

    const subjects = objects.flatMap((object) => ('subjects' in object ? (object.subjects as object[]) : []));
    const expected = { kind: 'ServiceAccount', name: 'eks-made', namespace: 'multi-eni-system' };
    assert.deepEqual(subjects, [expected, expected]);
    assert.ok(!kindsOf(objects).has('ServiceAccount'));
    for (const { spec } of templatesOf(objects)) assert.equal(spec?.serviceAccountName, 'eks-made');
  });

  it('grants nothing where somebody else does', async () => {
    const kinds = kindsOf(await renderChart(CONTROLLER, { rbac: { create: false, viewRole: false } }));

    assert.ok(![...kinds].some((kind) => /Role/.test(kind)));
  });

  it('does not let a disruption budget hold up drains where there is one replica', async () => {
    const objects = await renderChart(CONTROLLER, { watcher: { replicas: 1 } });

    const budgets = namesOf(objects.filter(({ kind }) => kind === 'PodDisruptionBudget'));
    assert.deepEqual(budgets, ['PodDisruptionBudget multi-eni-worker']);
  });

  it('restarts the pods when a setting changes, and not otherwise', async () => {
    const before = await annotation('checksum/config');

    assert.deepEqual(await annotation('checksum/config', { worker: { replicas: 3 } }), before);
    assert.notDeepEqual(await annotation('checksum/config', { settings: { ec2Rate: 50 } }), before);
  });

  it('prepares Temporal by the script of deploy/temporal, without a token of Kubernetes', async () => {
    const objects = await renderChart(CONTROLLER, { temporal: { setupJob: { enabled: true } } });
    const { spec } = (one(objects, 'Job') as V1Job).spec!.template;
    const script = ofKind(objects, 'ConfigMap').find(({ metadata }) => metadata?.name === 'multi-eni-setup');

    const original = await readFile(join(REPO, 'deploy/temporal/setup-namespace.sh'), 'utf8');
    assert.equal(script?.data?.['setup-namespace.sh']?.trim(), original.trim());
    assert.equal(spec?.automountServiceAccountToken, false);
    assert.deepEqual(spec.containers[0]?.command, ['sh', '/scripts/setup-namespace.sh']);
  });

  it('has another Job for other settings, as a Job cannot be changed', async () => {
    async function nameOf(setupJob: Values, worker: Values = {}): Promise<string> {
      const objects = await renderChart(CONTROLLER, { temporal: { setupJob: { enabled: true, ...setupJob } }, worker });
      return one(objects, 'Job').metadata!.name!;
    }
    const name = await nameOf({});

    assert.equal(await nameOf({}, { replicas: 3 }), name);
    assert.notEqual(await nameOf({ retention: '30d' }), name);
  });

  it('runs the Job with the image that docker-compose.yml uses', async () => {
    const env = await readFile(join(REPO, '.env'), 'utf8');
    const { temporal } = (await readYaml(join(CONTROLLER, 'values.yaml'))) as {
      temporal: { setupJob: { image: string } };
    };

    const [, version] = /^TEMPORAL_VERSION=(.+)$/m.exec(env) ?? [];
    assert.equal(temporal.setupJob.image, `temporalio/admin-tools:${version}`);
  });

  it('closes the network but for what the pods need', async () => {
    const values = {
      networkPolicy: { enabled: true },
      temporal: { address: 'temporal:17233', setupJob: { enabled: true } },
    };
    const objects = await renderChart(CONTROLLER, values);
    const { spec } = one(objects, 'NetworkPolicy') as V1NetworkPolicy;

    const ports = spec!.egress!.flatMap((rule) => rule.ports!.map(({ port }) => port));
    assert.deepEqual(ports, [53, 53, 443, 6443, 17233, 80]);
    assert.deepEqual(
      spec!.ingress!.flatMap((rule) => rule.ports!.map(({ port }) => port)),
      [8081, 9090],
    );
    const pods = [...templatesOf(objects), (one(objects, 'Job') as V1Job).spec!.template];
    for (const pod of pods) assert.ok(selects(spec!.podSelector?.matchLabels, pod));
  });

  it('is found by its ServiceMonitor, once', async () => {
    const objects = await renderChart(CONTROLLER, { metrics: { serviceMonitor: { enabled: true } } });
    const service = one(objects, 'Service') as V1Service;
    const monitor = one(objects, 'ServiceMonitor') as KubernetesObject & {
      spec: { selector: { matchLabels: Record<string, string> } };
    };

    const { matchLabels } = monitor.spec.selector;
    assert.deepEqual({ ...service.metadata?.labels, ...matchLabels }, service.metadata?.labels);
    for (const template of templatesOf(objects)) {
      const ports = template.spec!.containers[0]!.ports!.map(({ name }) => name);
      assert.ok(selects(service.spec?.selector, template));
      assert.ok(ports.includes(service.spec!.ports![0]!.targetPort as string));
      assert.equal(template.metadata?.annotations?.['prometheus.io/scrape'], undefined);
    }
  });

  it('alerts by the rules of deploy/observability', async () => {
    const objects = await renderChart(CONTROLLER, { metrics: { prometheusRule: { enabled: true } } });
    const { spec } = one(objects, 'PrometheusRule') as { spec?: unknown };

    assert.deepEqual(spec, await readYaml('deploy/observability/alerts.yaml'));
  });

  it('calls its objects after the release', async () => {
    const short = namesOf(await renderChart(CONTROLLER, {}, 'prod'));
    const long = await renderChart(CONTROLLER, { temporal: { setupJob: { enabled: true } } }, 'r'.repeat(53));

    assert.ok(short.includes('Deployment prod-multi-eni-watcher'));
    assert.ok(short.includes('ClusterRole prod-multi-eni-controller'));
    for (const { metadata } of long) assert.ok(metadata!.name!.length <= 63, metadata!.name);
  });
});
