import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parse } from 'yaml';

import { PYTHON, REPO, TEMPORAL } from '../../dev/bootstrap/paths.js';
import { packageVersion } from './manifests.js';
import { dockerCompose, run } from './tools.js';

/** What `docker compose config` tells of a service, as far as the tests look at it. */
interface Service {
  readonly build?: { readonly args?: Record<string, string> };
  readonly cap_drop?: readonly string[];
  readonly depends_on?: Record<string, { readonly condition: string }>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly image: string;
  readonly network_mode?: string;
  readonly ports?: readonly { readonly host_ip?: string; readonly published: string; readonly target: number }[];
  readonly profiles?: readonly string[];
  readonly read_only?: boolean;
  readonly restart?: string;
  readonly tmpfs?: readonly string[];
}

const HEALTHY = 'service_healthy';
const COMPLETED = 'service_completed_successfully';

/** The start order that the product needs: the second waits for the first. */
const ORDER = [
  ['postgres', 'temporal-schema', HEALTHY],
  ['temporal-schema', 'temporal', COMPLETED],
  ['temporal', 'temporal-namespace', HEALTHY],
  ['temporal', 'temporal-ui', HEALTHY],
  ['loopback', 'kubernetes', HEALTHY],
  ['loopback', 'ec2', HEALTHY],
  ['kubernetes', 'crds', HEALTHY],
  ['temporal-namespace', 'controller', COMPLETED],
  ['crds', 'controller', COMPLETED],
  ['ec2', 'controller', HEALTHY],
  ['ec2', 'seed', HEALTHY],
  ['controller', 'demo', HEALTHY],
] as const;

describe('docker-compose.yml', function () {
  this.timeout(120_000); // Docker Compose may have to be installed
  let services: Record<string, Service>;
  let text: string;
  let env: Record<string, string>;

  before(async () => {
    const json = await run(await dockerCompose(), ['--profile', 'tools', 'config', '--format', 'json']);
    ({ services } = JSON.parse(json) as { services: Record<string, Service> });
    text = await readFile(join(REPO, 'docker-compose.yml'), 'utf8');
    const lines = (await readFile(join(REPO, '.env'), 'utf8')).matchAll(/^([A-Z_]+)=(.*)$/gm);
    env = Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
  });

  function longRunning(): [string, Service][] {
    return Object.entries(services).filter(([, { restart }]) => restart === 'unless-stopped');
  }

  it('is taken by `docker compose config` and has every part of the product', () => {
    assert.deepEqual(Object.keys(services).sort(), [
      ...['controller', 'crds', 'demo', 'ec2', 'kubectl', 'kubernetes', 'loopback', 'postgres', 'seed'],
      ...['temporal', 'temporal-namespace', 'temporal-schema', 'temporal-ui'],
    ]);
  });

  it('has a health check for each service that stays', () => {
    const names = longRunning().map(([name]) => name);
    assert.deepEqual(names.sort(), [
      ...['controller', 'ec2', 'kubernetes', 'loopback', 'postgres', 'temporal', 'temporal-ui'],
    ]);
    for (const [name, { healthcheck }] of longRunning()) assert.ok((healthcheck?.test.length ?? 0) > 1, name);
  });

  it('tries a one-shot service that failed again, but not for ever', () => {
    const others = Object.values(services).filter(({ restart, profiles }) => restart !== 'unless-stopped' && !profiles);

    assert.deepEqual(
      others.map(({ restart }) => restart),
      ['on-failure:5', 'on-failure:5', 'on-failure:5'],
    );
  });

  for (const [first, second, condition] of ORDER) {
    it(`starts ${second} when ${first} ${condition === HEALTHY ? 'is healthy' : 'has done its work'}`, () => {
      assert.equal(services[second]?.depends_on?.[first]?.condition, condition);
    });
  }

  it('publishes ports on 127.0.0.1 alone, each once', () => {
    const ports = Object.values(services).flatMap(({ ports = [] }) => ports);

    assert.deepEqual([...new Set(ports.map(({ host_ip: ip }) => ip))], ['127.0.0.1']);
    assert.equal(new Set(ports.map(({ published }) => published)).size, ports.length);
  });

  it('lets Kubernetes, EC2 and whatever talks to them share one loopback', () => {
    const sharing = Object.entries(services).filter(([, { network_mode: mode }]) => mode === 'service:loopback');

    assert.deepEqual(
      sharing.map(([name]) => name).sort(),
      ['controller', 'crds', 'demo', 'ec2', 'kubectl', 'kubernetes', 'seed'], //
    );
  });

  it('takes every version from .env, and .env has none that is not used', () => {
    const file = parse(text, { merge: true }) as { services: Record<string, Service> };
    for (const { image, build } of Object.values(file.services)) {
      assert.match(image, /^[a-z0-9/-]+:\$\{[A-Z_]+_VERSION:\?\}(-bookworm-slim)?$/);
      for (const value of Object.values(build?.args ?? {})) assert.match(value, /^\$\{[A-Z_]+_VERSION:\?\}$/);
    }

    const unused = Object.keys(env).filter(
      (name) => name !== 'COMPOSE_PROJECT_NAME' && !text.includes(`\${${name}:?}`),
    );
    assert.deepEqual(unused, []);
  });

  it('uses no image that its makers have given up', () => {
    const images = Object.values(services).map(({ image }) => image.replace(/:.*/, ''));

    assert.deepEqual(
      [...new Set(images)].filter((image) => image.startsWith('temporalio/')).sort(),
      ['temporalio/admin-tools', 'temporalio/server', 'temporalio/ui'], // and not auto-setup
    );
    assert.deepEqual(
      images.filter((image) => image.includes('bitnami')),
      [],
    );
  });

  it('lets nobody write to the root of a container of ours', () => {
    const ours = Object.entries(services).filter(([, { network_mode: mode }]) => mode === 'service:loopback');

    for (const [name, { read_only: readOnly, tmpfs, cap_drop: dropped }] of ours) {
      assert.equal(readOnly, true, name);
      assert.deepEqual([tmpfs, dropped], [['/tmp'], ['ALL']], name);
    }
  });

  it('runs the same versions as the rest of the repository', async () => {
    const goModule = await readFile(join(REPO, 'dev/control-plane/go.mod'), 'utf8');
    const temporal = await run([TEMPORAL, '--version']);
    const python = await run([PYTHON, '--version']);

    assert.equal(env['CONTROLLER_VERSION'], await packageVersion());
    assert.match(goModule, new RegExp(`k8s.io/kubernetes v${env['KUBERNETES_VERSION']}$`, 'm'));
    assert.match(temporal, new RegExp(`Server ${env['TEMPORAL_VERSION']}, UI ${env['TEMPORAL_UI_VERSION']}\\b`));
    assert.match(env['PYTHON_VERSION'] ?? '', /^3\.1[1-9]\./, `here it is ${python}`);
  });
});
