/** What an Attachment tells about its time. */
export interface AttachedFacts {
  readonly uid: string;
  /** RFC 3339. */
  readonly createdAt: string;
  /** `attachedAt` is RFC 3339, and absent while it is not attached. */
  readonly status: { readonly attachedAt?: string | undefined };
}

/**
 * Measures how long it takes from the creation of an Attachment to its first attachment. Attachments that were there
 * before {@link begin} are left out: when they were attached first is not on record.
 */
export class AttachedTimes {
  private readonly known = new Map<string, string>();
  private readonly pending = new Set<string>();
  private live = false;

  /** @param onAttached - is given the seconds, once for each Attachment */
  constructor(private readonly onAttached: (seconds: number) => void) {}

  /** What is seen from now on is new. */
  begin(): void {
    this.live = true;
  }

  /** An Attachment is new, or has changed. */
  changed(name: string, { uid, createdAt, status }: AttachedFacts): void {
    if (this.known.get(name) !== uid) {
      this.known.set(name, uid);
      if (this.live) this.pending.add(name);
      else this.pending.delete(name);
    }
    if (status.attachedAt === undefined || !this.pending.delete(name)) return;
    this.onAttached(Math.max(0, Date.parse(status.attachedAt) - Date.parse(createdAt)) / 1000);
  }

  /** The Attachment of this name is gone. */
  deleted(name: string): void {
    this.known.delete(name);
    this.pending.delete(name);
  }
}
