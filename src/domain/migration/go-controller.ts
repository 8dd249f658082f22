import type { NodeEni } from '../node-eni.js';

/** The tags that the Go controller puts on each ENI; none of them names a cluster. docs/migration.md has the sources. */
export const GO_TAGS = {
  managedBy: 'kubernetes.io/cluster/managed-by',
  nodeEni: 'NodeENI',
  node: 'Node',
} as const;

/** The value of {@link GO_TAGS}.managedBy. */
export const GO_MANAGER = 'nodeeni-controller';

/** The Go controller's finalizer on a NodeENI. */
export const GO_FINALIZER = 'nodeeni.networking.k8s.aws/finalizer';

/** A NodeENI as the Go controller left it. */
export interface GoNodeEni {
  /** As this controller understands the spec. */
  readonly nodeEni: NodeEni;
  readonly hasGoFinalizer: boolean;
  /** `spec.subnetName`, which this controller's CRD does not have; null when it is not set. */
  readonly subnetName: string | null;
  /** The ENIs that `status.attachments` names. */
  readonly entries: readonly GoEntry[];
}

/** A row of the Go controller's `status.attachments`. */
export interface GoEntry {
  readonly node: string;
  readonly eniId: string;
}

/** True when the tags say that the Go controller made the ENI, and for which pair. */
export function isOfGoController(tags: Readonly<Record<string, string>>): boolean {
  return (
    tags[GO_TAGS.managedBy] === GO_MANAGER && tags[GO_TAGS.nodeEni] !== undefined && tags[GO_TAGS.node] !== undefined
  );
}
