/** A Kubernetes Node, reduced to what decides about its ENIs. */
export interface ClusterNode {
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly providerId: string;
  readonly paused: boolean;
  readonly deleting: boolean;
}

/** What `spec.providerID` says about a Node. */
export type NodeIdentity =
  | { readonly kind: 'ec2'; readonly zone: string; readonly instanceId: string }
  /** The cloud provider has not set it yet: wait. */
  | { readonly kind: 'unknown' }
  /** Fargate, a hybrid node, kind, another cloud: no ENI can be attached. */
  | { readonly kind: 'notEc2' };

/** `aws:///us-east-1a/i-0123`, as the AWS cloud provider and EKS write it; the part between the slashes may be empty. */
const EC2_PROVIDER_ID = /^aws:\/\/[^/]*\/([^/]*)\/(i-[0-9a-f]+)$/;

/** Reads a Node's identity from its providerID alone. */
export function nodeIdentity(providerId: string): NodeIdentity {
  if (providerId === '') return { kind: 'unknown' };
  const match = EC2_PROVIDER_ID.exec(providerId);
  const [, zone, instanceId] = match ?? [];
  if (zone === undefined || instanceId === undefined) return { kind: 'notEc2' };
  return { kind: 'ec2', zone, instanceId };
}

/** The EC2 instances behind these Nodes. */
export function instanceIdsOf(nodes: readonly ClusterNode[]): ReadonlySet<string> {
  const identities = nodes.map(({ providerId }) => nodeIdentity(providerId));
  return new Set(identities.flatMap((identity) => (identity.kind === 'ec2' ? [identity.instanceId] : [])));
}
