import type { Attachment } from '../attachment.js';
import type { EniFacts, GroupFacts, Observation } from '../observation.js';
import type { EniChanges, Step } from '../step.js';
import { eniTags, missingTags } from '../tags.js';
import { ownerOf } from './owner.js';

/** The security groups of the spec as ids, or why they cannot be used. */
export interface ResolvedGroups {
  readonly ids: readonly string[];
  readonly block: Extract<Step, { type: 'block' }> | null;
}

/**
 * Resolves the spec's security groups to ids, in the spec's order. A name is looked up in the instance's VPC by the
 * observation; two groups of one name, or a missing one, block.
 */
export function resolvedGroups(observation: Observation, attachment: Attachment): ResolvedGroups {
  const { securityGroupIds, securityGroupNames } = attachment.spec;
  const groups = observation.network?.groups ?? [];
  const missing = securityGroupIds.filter((id) => !groups.some((group) => group.groupId === id));
  if (missing.length > 0) return blocked('SecurityGroupNotFound', `EC2 does not know ${missing.join(', ')}`);
  const ids = new Set(securityGroupIds);
  for (const name of securityGroupNames) {
    const named = groups.filter((group) => group.foundByName === name);
    if (named.length === 0) return blocked('SecurityGroupNotFound', `no security group is named "${name}" in the VPC`);
    if (named.length > 1) return blocked('SecurityGroupAmbiguous', ambiguity(name, named));
    for (const group of named) ids.add(group.groupId);
  }
  return { ids: [...ids], block: null };
}

function ambiguity(name: string, groups: readonly GroupFacts[]): string {
  return `"${name}" is the name of ${groups.map((group) => group.groupId).join(' and ')}`;
}

function blocked(reason: 'SecurityGroupNotFound' | 'SecurityGroupAmbiguous', message: string): ResolvedGroups {
  return { ids: [], block: { type: 'block', reason, message } };
}

/** What has to be changed in place for the ENI to be as the spec wants it. */
export function changesOf(
  eni: EniFacts,
  observation: Pick<Observation, 'clusterName'>,
  attachment: Attachment,
  groupIds: readonly string[],
): EniChanges {
  const { spec } = attachment;
  const tags = missingTags(eni.tags, eniTags(ownerOf(observation, attachment), spec.tags));
  return {
    ...(sameSet(eni.securityGroupIds, groupIds) ? {} : { securityGroupIds: groupIds }),
    ...(eni.description === spec.description ? {} : { description: spec.description }),
    ...(eni.sourceDestCheck === spec.sourceDestCheck ? {} : { sourceDestCheck: spec.sourceDestCheck }),
    ...(eni.attachment === null || eni.attachment.deleteOnTermination === spec.deleteOnTermination
      ? {}
      : { deleteOnTermination: spec.deleteOnTermination }),
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
  };
}

/** True when nothing has to be changed. */
export function isEmpty(changes: EniChanges): boolean {
  return Object.keys(changes).length === 0;
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value) => b.includes(value));
}
