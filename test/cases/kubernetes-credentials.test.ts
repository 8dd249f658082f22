import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';

import { CoreV1Api, RbacAuthorizationV1Api } from '@kubernetes/client-node';

import { startController } from '../../dev/stack/controller.js';
import { eventually } from '../../dev/stack/eventually.js';
import { seedNode } from '../../dev/stack/nodes.js';
import { given } from '../../dev/stack/seed.js';
import { TcpProxy } from '../../dev/stack/tcp-proxy.js';
import type { World } from '../../dev/world/world.js';
import { ClusterConfig } from '../../src/kubernetes/cluster-config.js';
import { Scene } from '../ec2/support/scene.js';
import { authorityOf, clusterOf } from './support/authority.js';
import { logFromNowOn } from './support/log.js';
import { withWorld } from './support/shared-world.js';

const ACCOUNT = { namespace: 'default', name: 'rotating' } as const;

/** Where a Pod has what its ServiceAccount needs. */
const MOUNT = 'var/run/secrets/kubernetes.io/serviceaccount';

/** The API server believes in a token for ten seconds more. */
const FORGOTTEN_MS = 60_000;

describe('the credentials for the API server', function () {
  this.timeout(180_000);
  let world: World;
  let proxy: TcpProxy;
  let mount: string;

  withWorld(async (started) => {
    world = started;
    const { kubernetes, dir } = world.stack;
    proxy = await TcpProxy.start(Number(new URL(kubernetes.url).port));
    mount = join(dir, MOUNT);
    mkdirSync(mount, { recursive: true });
    writeFileSync(join(mount, 'ca.crt'), authorityOf(world.stack));
    await kubernetes.core.createNamespacedServiceAccount({
      namespace: ACCOUNT.namespace,
      body: { metadata: { name: ACCOUNT.name } },
    });
    await kubernetes.config.makeApiClient(RbacAuthorizationV1Api).createClusterRoleBinding({
      body: {
        metadata: { name: ACCOUNT.name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ kind: 'ServiceAccount', ...ACCOUNT }],
      },
    });
    putToken(await boundToken('first'));
    return { KUBECONFIG: kubeconfig('kubeconfig-account', 'ca.crt') };
  });
  after(async () => {
    await world.controller.process.stop();
    await proxy.stop();
  });

  it('are read anew when the token is replaced and the old one no longer holds, with a watch open (K8-11)', async () => {
    const scene = await Scene.start(world, 'token');
    await scene.untilAttached();
    const { pid } = world.controller.process;
    const [old, logged] = [readFileSync(join(mount, 'token'), 'utf8'), logFromNowOn(world)];

    putToken(await boundToken('second'));
    await world.stack.kubernetes.core.deleteNamespacedSecret({ namespace: ACCOUNT.namespace, name: 'first' });
    await eventually('the old token is refused', async () => (await statusWith(old)) === 401, {
      timeoutMs: FORGOTTEN_MS,
    });
    await seedNode(world.stack, world.vpc, { name: 'token-open', labels: { token: 'yes' } });
    await world.pairs.untilAttached('token', [scene.node.name, 'token-open']);
    proxy.reset();
    await seedNode(world.stack, world.vpc, { name: 'token-anew', labels: { token: 'yes' } });
    await world.pairs.untilAttached('token', [scene.node.name, 'token-open', 'token-anew']);

    assert.equal(world.controller.process.pid, pid);
    assert.ok(world.controller.process.isRunning);
    assert.doesNotMatch(logged(), /"status":401|Unauthorized/);
    await scene.remove();
  });

  it('of a Pod are taken from its mount, with the authority of the cluster (K8-11, K8-12)', async () => {
    const config = asInPod(mount);

    const { items } = await config.makeApiClient(CoreV1Api).listNode();

    assert.ok(items.length > 0);
    assert.equal(config.getCurrentCluster()?.skipTLSVerify ?? false, false);
  });

  it('are given to nobody whose certificate another authority has signed (K8-12)', async () => {
    await world.controller.process.stop();
    writeFileSync(join(mount, 'other.crt'), given(rootCertificates[0], 'a root certificate'));
    const logged = logFromNowOn(world);

    world.controller = await startController(world.stack, {
      role: 'watcher',
      env: { KUBECONFIG: kubeconfig('kubeconfig-other', 'other.crt') },
    });
    await eventually('the list fails', () => /list or watch failed/.test(logged()), { timeoutMs: 60_000 });
    const lines = logged()
      .split('\n')
      .filter((line) => line.includes('list or watch failed'));
    const ready = await fetch(`${world.controller.healthUrl}/readyz`);

    assert.equal(ready.status, 503);
    for (const line of lines) assert.match(line, /certificate/);
  });

  /** A token that holds as long as a Secret of the name exists. */
  async function boundToken(name: string): Promise<string> {
    const { core } = world.stack.kubernetes;
    const { metadata } = await core.createNamespacedSecret({
      namespace: ACCOUNT.namespace,
      body: { metadata: { name } },
    });
    const boundObjectRef = { apiVersion: 'v1', kind: 'Secret', name, uid: given(metadata?.uid, 'create Secret') };
    const body = { spec: { audiences: [], expirationSeconds: 600, boundObjectRef } };
    const { status } = await core.createNamespacedServiceAccountToken({ ...ACCOUNT, body });
    return given(status?.token, 'create token');
  }

  /** As a kubelet does: the file is whole at any moment. */
  function putToken(token: string): void {
    writeFileSync(join(mount, 'token.new'), token, { mode: 0o600 });
    renameSync(join(mount, 'token.new'), join(mount, 'token'));
  }

  function kubeconfig(name: string, ca: string): string {
    const path = join(world.stack.dir, name);
    const server = `https://127.0.0.1:${proxy.port}`;
    const config = {
      clusters: [{ name: 'c', cluster: { server, 'certificate-authority': join(mount, ca) } }],
      users: [{ name: 'u', user: { tokenFile: join(mount, 'token') } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    writeFileSync(path, JSON.stringify(config));
    return path;
  }

  async function statusWith(token: string): Promise<number | undefined> {
    const config = new ClusterConfig();
    config.loadFromClusterAndUser(clusterOf(world.stack), { name: 'u', token });
    const call = config.makeApiClient(CoreV1Api).listNode({ limit: 1 });
    return call.then(
      () => 200,
      (error: unknown) => (error as { code?: number }).code,
    );
  }

  function asInPod(root: string): ClusterConfig {
    const { hostname, port } = new URL(world.stack.kubernetes.url);
    const { env } = process;
    process.env = { ...env, KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
    try {
      const config = new ClusterConfig();
      config.loadFromCluster(root.slice(0, -MOUNT.length - 1));
      return config;
    } finally {
      process.env = env;
    }
  }
});
