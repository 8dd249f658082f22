import { maxUnavailable, type NodeEni } from './node-eni.js';

/** How far the ENIs of a NodeENI follow its spec. */
export interface RollOut {
  readonly nodeEni: NodeEni;
  /** ENIs that there should be, conflicts aside. */
  readonly desired: number;
  /** Those that are as the spec wants them. */
  readonly updated: number;
  readonly unavailable: number;
}

/** A roll-out in the words of `kubectl rollout status`. */
export function rollOutWords({ nodeEni, desired, updated, unavailable }: RollOut): string {
  const progress = `${updated} out of ${desired} ENIs have been updated`;
  const { updateStrategy } = nodeEni.spec;
  if (updateStrategy.type === 'OnDelete') {
    return `${progress}; delete the NodeENIAttachments of the others to update them`;
  }
  const most = maxUnavailable(updateStrategy, desired);
  if (unavailable < most) return `waiting for the roll-out to finish: ${progress}`;
  return `waiting for the roll-out to finish: ${progress}, ${unavailable} unavailable (maxUnavailable ${most}); it goes on when they are attached`;
}
