import { ATTACHMENT_FINALIZER } from '../../src/domain/names.js';
import { TAG_KEYS } from '../../src/domain/tags.js';
import type { Ec2Eni } from '../stack/ec2-types.js';
import type { AttachmentObject } from '../world/objects.js';
import type { WantedPair } from './wanted.js';

/** What is there: EC2's own books, and what Kubernetes says. */
export interface Found {
  /** ENIs with our cluster's tag. */
  readonly enis: readonly Ec2Eni[];
  readonly attachments: readonly AttachmentObject[];
}

/** What is wrong with a pair, or with what nobody wants. */
export interface Problem {
  /** `<nodeENI>/<node>` */
  readonly pair: string;
  readonly what: string;
}

/**
 * Everything that differs from what should be there once nothing happens any more. Each wanted pair has exactly one
 * ENI, attached and configured as wanted in EC2, and an Attachment that says so; nothing else is ours. Pure.
 */
export function problems(wanted: readonly WantedPair[], found: Found): Problem[] {
  const enis = Map.groupBy(found.enis, ({ tags }) => `${tags[TAG_KEYS.nodeEni] ?? '?'}/${tags[TAG_KEYS.node] ?? '?'}`);
  const attachments = Map.groupBy(found.attachments, ({ spec }) => `${spec.nodeENI.name}/${spec.nodeName}`);
  const keys = new Map(wanted.map((pair) => [`${pair.nodeEni}/${pair.node}`, pair]));
  const all = new Set([...keys.keys(), ...enis.keys(), ...attachments.keys()]);
  return [...all].flatMap((key) =>
    ofPair(keys.get(key), enis.get(key) ?? [], attachments.get(key) ?? []).map((what) => ({ pair: key, what })),
  );
}

function ofPair(
  wanted: WantedPair | undefined,
  enis: readonly Ec2Eni[],
  attachments: readonly AttachmentObject[],
): string[] {
  const ids = enis.map(({ id, attachment }) => `${id} (${attachment?.status ?? 'available'})`).join(', ');
  if (wanted === undefined) {
    const left = attachments.map(({ metadata, status }) => `${metadata.name} ${status?.phase ?? 'without status'}`);
    return [
      ...(enis.length === 0 ? [] : [`nobody wants ${ids}`]),
      ...(left.length === 0 ? [] : [`nobody wants ${left.join()}`]),
    ];
  }
  const [eni, ...moreEnis] = enis;
  const [attachment, ...more] = attachments;
  if (eni === undefined || moreEnis.length > 0) return [`its ENIs: ${ids || 'none'}${said(attachment)}`];
  if (attachment === undefined || more.length > 0) return [`it has ${attachments.length} Attachments`];
  return [...ofEni(wanted, eni, attachment), ...ofStatus(eni, attachment)].map((what) => `${what}${said(attachment)}`);
}

function ofEni({ instanceId, spec }: WantedPair, eni: Ec2Eni, { metadata }: AttachmentObject): string[] {
  const tags = { ...spec.tags, [TAG_KEYS.attachmentUid]: metadata.uid, [TAG_KEYS.cniNoManage]: 'true' };
  return [
    ...differs('status', eni.attachment?.status, 'attached'),
    ...differs('instance', eni.attachment?.instanceId, instanceId),
    ...differs('device index', eni.attachment?.deviceIndex, spec.deviceIndex),
    ...differs('network card', eni.attachment?.networkCardIndex, 0),
    ...differs('deleteOnTermination', eni.attachment?.deleteOnTermination, spec.deleteOnTermination),
    ...differs('subnet', eni.subnetId, spec.subnetID),
    ...differs('groups', eni.groups.toSorted().join(), spec.securityGroupIDs.toSorted().join()),
    ...differs('description', eni.description, spec.description),
    ...differs('sourceDestCheck', eni.sourceDestCheck, spec.sourceDestCheck),
    ...Object.entries(tags).flatMap(([key, value]) => differs(`tag ${key}`, eni.tags[key], value)),
  ];
}

function ofStatus(eni: Ec2Eni, { metadata, status }: AttachmentObject): string[] {
  return [
    ...differs('phase', status?.phase, 'Attached'),
    ...differs('ENI in the status', status?.eniID, eni.id),
    ...(metadata.finalizers?.includes(ATTACHMENT_FINALIZER) === true ? [] : ['the Attachment lacks its finalizer']),
  ];
}

function differs(what: string, is: unknown, wanted: unknown): string[] {
  return is === wanted ? [] : [`${what} is ${String(is)}, not ${String(wanted)}`];
}

function said(attachment: AttachmentObject | undefined): string {
  if (attachment === undefined) return '; no Attachment';
  const { phase = 'without status', reason = '', message } = attachment.status ?? {};
  return `; ${attachment.metadata.name} says ${phase} ${reason} ${typeof message === 'string' ? message : ''}`.trimEnd();
}
