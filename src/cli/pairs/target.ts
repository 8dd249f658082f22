import type { Attachment } from '../../domain/attachment.js';
import { pairWorkflowId } from '../../domain/names.js';
import { AttachmentClient } from '../../kubernetes/attachments.js';
import { calling, CliFailure } from '../failure.js';
import type { Session } from '../session.js';

/** A pair that a user has named. */
export interface NamedPair {
  readonly nodeEni: string;
  readonly node: string;
  /** Null: the pair has none now; only its past is left. */
  readonly attachment: Attachment | null;
  readonly workflowId: string;
}

/**
 * Finds the pair that is meant by `NODEENI/NODE`, or by the name of its Attachment.
 *
 * @throws CliFailure when there is no Attachment of the name
 */
export async function namedPair(session: Session, name: string): Promise<NamedPair> {
  const [nodeEni = '', node] = name.split('/');
  return node === undefined ? byAttachment(session, name) : byNames(session, nodeEni, node);
}

/** The id of an Attachment's workflow: as its status has it, since it knows the controller's name for the cluster. */
export function workflowIdOf({ spec, status }: Attachment, clusterName: string): string {
  return status.workflowId ?? pairWorkflowId(clusterName, spec.nodeEni.name, spec.nodeName);
}

async function byAttachment(session: Session, name: string): Promise<NamedPair> {
  const attachments = new AttachmentClient({ custom: session.kubernetes.custom });
  const attachment = await calling(`read NodeENIAttachment ${name}`, async () => attachments.get(name));
  if (attachment === null) {
    throw new CliFailure(
      `there is no NodeENIAttachment ${name}\n` +
        'Give its name as `kubectl get nodeeniattachments` shows it, or NODEENI/NODE, which also works for one that is gone.',
    );
  }
  return paired(session, attachment);
}

async function byNames(session: Session, nodeEni: string, node: string): Promise<NamedPair> {
  const attachments = new AttachmentClient({ custom: session.kubernetes.custom });
  const ofNode = await calling(`list the NodeENIAttachments of ${node}`, async () => attachments.listByNode(node));
  const attachment = ofNode.find(({ spec }) => spec.nodeEni.name === nodeEni);
  if (attachment !== undefined) return paired(session, attachment);
  const workflowId = pairWorkflowId(await session.clusterName(), nodeEni, node);
  return { nodeEni, node, attachment: null, workflowId };
}

async function paired(session: Session, attachment: Attachment): Promise<NamedPair> {
  const { nodeEni, nodeName } = attachment.spec;
  const clusterName = attachment.status.workflowId === undefined ? await session.clusterName() : '';
  return { nodeEni: nodeEni.name, node: nodeName, attachment, workflowId: workflowIdOf(attachment, clusterName) };
}
