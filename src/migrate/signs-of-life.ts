import { z } from 'zod';

import { list } from '../cli/cluster/list.js';
import { calling } from '../cli/failure.js';
import type { Kubernetes } from '../kubernetes/client.js';

/** What the Go controller's manifests and its chart call its Deployment and Pods. docs/migration.md has the sources. */
const SELECTOR = 'app=eni-controller';
const LEASE = 'nodeeni-controller-leader-election';

const metadata = z.object({ name: z.string(), namespace: z.string() });

const deployment = z.object({
  metadata,
  spec: z.object({ replicas: z.number().default(1) }),
  status: z.object({ replicas: z.number().default(0) }).default({ replicas: 0 }),
});

const pod = z.object({
  metadata,
  status: z.object({ phase: z.string().default('Unknown') }).default({ phase: 'Unknown' }),
});

const lease = z.object({
  metadata,
  spec: z
    .object({
      holderIdentity: z.string().default(''),
      leaseDurationSeconds: z.number().default(0),
      renewTime: z.string().default(''),
    })
    .default({ holderIdentity: '', leaseDurationSeconds: 0, renewTime: '' }),
});

/**
 * What shows that the Go controller runs, or will: each a sentence with what to do. Empty when nothing does.
 *
 * @param now - milliseconds since 1970
 * @throws CliFailure when it cannot be told
 */
export async function signsOfLife(kubernetes: Kubernetes, now: number): Promise<string[]> {
  const [deployments, pods, leases] = await Promise.all([
    calling('list the Deployments', async () =>
      list(kubernetes, '/apis/apps/v1/deployments', { labelSelector: SELECTOR }),
    ),
    calling('list the Pods', async () => list(kubernetes, '/api/v1/pods', { labelSelector: SELECTOR })),
    calling('list the Leases', async () =>
      list(kubernetes, '/apis/coordination.k8s.io/v1/leases', { fieldSelector: `metadata.name=${LEASE}` }),
    ),
  ]);
  return [
    ...deployments.flatMap((raw) => ofDeployment(deployment.parse(raw))),
    ...pods.flatMap((raw) => ofPod(pod.parse(raw))),
    ...leases.flatMap((raw) => ofLease(lease.parse(raw), now)),
  ];
}

function ofDeployment({ metadata: { namespace, name }, spec, status }: z.infer<typeof deployment>): string[] {
  if (spec.replicas === 0 && status.replicas === 0) return [];
  const counts = `wants ${spec.replicas} and has ${status.replicas} replicas`;
  const stop = `kubectl --namespace ${namespace} scale deployment ${name} --replicas=0`;
  return [`Deployment ${namespace}/${name} ${counts}: ${stop}`];
}

function ofPod({ metadata: { namespace, name }, status: { phase } }: z.infer<typeof pod>): string[] {
  if (phase === 'Succeeded' || phase === 'Failed') return [];
  return [`Pod ${namespace}/${name} is ${phase}: wait until it is gone`];
}

function ofLease({ metadata: { namespace, name }, spec }: z.infer<typeof lease>, now: number): string[] {
  const until = Date.parse(spec.renewTime) + spec.leaseDurationSeconds * 1_000;
  if (spec.holderIdentity === '' || !(until > now)) return [];
  return [`Lease ${namespace}/${name} is held by ${spec.holderIdentity}: wait until ${new Date(until).toISOString()}`];
}
