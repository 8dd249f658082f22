/** The API group of both kinds, and the prefix of the controller's tags, labels, annotations and finalizers. */
export const GROUP = 'networking.k8s.aws';

/** The served version of both kinds. */
export const VERSION = 'v1alpha1';

/** Finalizer on a NodeENI: it goes when no Attachment of its UID is left. */
export const NODE_ENI_FINALIZER = `${GROUP}/attachments`;

/** Finalizer on a NodeENIAttachment: it goes when its ENI is gone from EC2. */
export const ATTACHMENT_FINALIZER = `${GROUP}/eni`;

/** Annotation on a NodeENI or a Node that freezes every change, cleanup included, while its value is not `false`. */
export const PAUSED_ANNOTATION = `${GROUP}/paused`;

/** Annotation that the release of an Attachment sets with the removal of the finalizer: nothing is left in EC2. */
export const RELEASED_ANNOTATION = `${GROUP}/released`;

/** Labels of a NodeENIAttachment, so that `kubectl get enia -l` and a live list by owner are cheap. */
export const ATTACHMENT_LABELS = {
  nodeEniName: `${GROUP}/nodeeni`,
  nodeEniUid: `${GROUP}/nodeeni-uid`,
} as const;

/**
 * The name of a pair's Attachment: `<node>.<card>.<index>`. Injective, since the last two parts are numbers, so that
 * the API server's uniqueness of names is the lock on the slot.
 */
export function attachmentName(nodeName: string, networkCardIndex: number, deviceIndex: number): string {
  return `${nodeName}.${networkCardIndex}.${deviceIndex}`;
}

/** The id of a pair's workflow. `:` cannot occur in the parts, so the id is injective. */
export function pairWorkflowId(clusterName: string, nodeEniName: string, nodeName: string): string {
  return `${pairWorkflowIdPrefix(clusterName)}${nodeEniName}:${nodeName}`;
}

/** What the ids of all pair workflows of a cluster begin with. */
export function pairWorkflowIdPrefix(clusterName: string): string {
  return `eni:${clusterName}:`;
}

/** The id of a cluster's audit: of its Schedule, and what the ids of its workflows begin with. */
export function auditId(clusterName: string): string {
  return `eni-audit:${clusterName}`;
}

/** The task queue of the workflows, reads and status reports of a cluster. */
export function taskQueue(clusterName: string): string {
  return `multi-eni:${clusterName}`;
}

/** The task queue of the calls that change EC2: its server-side rate is the cluster's budget. */
export function ec2TaskQueue(clusterName: string): string {
  return `multi-eni-ec2:${clusterName}`;
}
