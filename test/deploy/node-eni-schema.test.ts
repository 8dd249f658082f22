import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ApiException, CustomObjectsApi, type KubernetesObject } from '@kubernetes/client-node';

import { REPO } from '../../dev/bootstrap/paths.js';
import { KubernetesApi } from '../../dev/stack/kubernetes.js';
import { load } from './manifests.js';

interface NodeEni extends KubernetesObject {
  readonly spec: Readonly<Record<string, unknown>>;
}

const GOOD = { nodeSelector: { ng: 'multi-eni' }, subnetID: 'subnet-1', securityGroupIDs: ['sg-1'] };

/** A title, what is changed in a good spec, and what the refusal says: the field, and what to do. */
const REFUSED: readonly (readonly [title: string, change: object, field: RegExp, advice: RegExp])[] = [
  ['deviceIndex 0', { deviceIndex: 0 }, /spec\.deviceIndex: /, /must be 1 or more: index 0 is the node's primary/],
  ['a negative deviceIndex', { deviceIndex: -1 }, /spec\.deviceIndex: /, /must be 1 or more/],
  ['no subnet', { subnetID: undefined }, /spec: /, /a subnet is missing: give subnetID, subnetIDs or subnetNames/],
  ['empty subnets', { subnetID: undefined, subnetIDs: [] }, /spec: /, /a subnet is missing: give subnetID/],
  [
    'no security group',
    { securityGroupIDs: undefined },
    /spec: /,
    /a security group is missing: give securityGroupIDs or securityGroupNames/,
  ],
  [
    'a description of 256 characters',
    { description: 'x'.repeat(256) },
    /spec\.description: /,
    /may not be more than 255 bytes/,
  ],
  [
    'a description that the VPC CNI claims',
    { description: 'aws-K8S-mine' },
    /spec\.description: /,
    /must not start with aws-K8S-: the VPC CNI takes/,
  ],
  ['no nodeSelector', { nodeSelector: undefined }, /spec\.nodeSelector: /, /Required value/],
  ['an empty nodeSelector', { nodeSelector: {} }, /spec\.nodeSelector/, /at least 1 properties/],
  ['a VPC as its subnet', { subnetID: 'vpc-1' }, /spec\.subnetID: /, /should match '\^subnet-/],
  [
    'a reserved tag',
    { tags: { 'networking.k8s.aws/cluster': 'mine' } },
    /spec\.tags: /,
    /must not start with aws:, eks:/,
  ],
  [
    'a rollout that never starts',
    { updateStrategy: { maxUnavailable: 0 } },
    /spec\.updateStrategy\.maxUnavailable: /,
    /must be 1 or more, or a percentage from 1% to 100%/,
  ],
  ['a detachPolicy that there is not', { detachPolicy: { type: 'Never' } }, /detachPolicy\.type: /, /"Graceful"/],
  ['a field that there is not', { subnetId: 'subnet-1' }, /unknown field /, /"spec\.subnetId"/],
];

describe('the schema of NodeENI on a kube-apiserver', function () {
  this.timeout(60_000);
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

  /** What the server makes of it, without keeping it. */
  async function create(body: object): Promise<NodeEni> {
    const kind = { group: 'networking.k8s.aws', version: 'v1alpha1', plural: 'nodeenis' };
    const options = { dryRun: 'All', fieldValidation: 'Strict' };
    const api = kubernetes.config.makeApiClient(CustomObjectsApi);
    return (await api.createClusterCustomObject({ ...kind, ...options, body })) as NodeEni;
  }

  function nodeEni(spec: object): object {
    return { apiVersion: 'networking.k8s.aws/v1alpha1', kind: 'NodeENI', metadata: { name: 'tried' }, spec };
  }

  for (const file of globSync('deploy/samples/*.yaml', { cwd: REPO }).sort()) {
    it(`takes ${file} as it is, and keeps every field`, async () => {
      for (const sample of (await load(file)) as NodeEni[]) {
        const { spec } = await create(sample);

        const kept = Object.fromEntries(Object.keys(sample.spec).map((field) => [field, spec[field]]));
        assert.deepEqual(kept, sample.spec);
      }
    });
  }

  it('fills in what a user leaves out', async () => {
    const { spec } = await create(nodeEni(GOOD));

    assert.deepEqual(spec, {
      ...GOOD,
      deviceIndex: 1,
      networkCardIndex: 0,
      deleteOnTermination: true,
      sourceDestCheck: true,
      detachPolicy: { type: 'Graceful', timeoutSeconds: 600 },
      updateStrategy: { type: 'RollingUpdate', maxUnavailable: 1 },
    });
  });

  for (const [title, change, field, advice] of REFUSED) {
    it(`refuses ${title}, and names the field and what to do`, async () => {
      await assert.rejects(create(nodeEni({ ...GOOD, ...change })), (error) => {
        assert.ok(error instanceof ApiException);
        const { message } = JSON.parse(String(error.body)) as { message: string };
        assert.match(message, field);
        assert.match(message, advice);
        return true;
      });
    });
  }
});
