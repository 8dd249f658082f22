import type { Attachment } from '../domain/attachment.js';
import { pairKey } from '../domain/pairing/desired.js';

/** At most one EC2 life cycle of a flapping pair in this time. */
const LIFE_CYCLE_MS = 30_000;

/** The API server cuts the time of creation to whole seconds. */
const CUT_MS = 1_000;

/** Remembers for how long the next life of a pair that stopped matching is held back. In memory only: a damper. */
export class FlapGuard {
  private readonly until = new Map<string, number>();

  /** The holds, by NodeENI and node UID: another node under the name is no flapping. */
  get holds(): ReadonlyMap<string, number> {
    return this.until;
  }

  /** Notes that a pair's Attachment is removed since the node no longer matches. */
  hold({ spec, createdAt }: Attachment): void {
    this.until.set(pairKey(spec.nodeEni.uid, spec.nodeUid), Date.parse(createdAt) + CUT_MS + LIFE_CYCLE_MS);
  }

  /** Forgets holds that are over. */
  prune(now: number): void {
    for (const [key, until] of this.until) if (until <= now) this.until.delete(key);
  }
}
