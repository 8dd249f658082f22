import type { NodeEni } from '../domain/node-eni.js';
import type { NodeEniStatus } from '../domain/node-eni-status.js';
import type { KubernetesWrites, Log } from './ports.js';

/** Least time between two status writes of one NodeENI. */
const SPACING_MS = 1_000;

interface Entry {
  written: string;
  pending: { nodeEni: NodeEni; status: NodeEniStatus } | null;
  timer: NodeJS.Timeout | null;
  nextAt: number;
}

/** Writes NodeENI statuses: only changed ones, at most one a second for each, always the latest. */
export class StatusWriter {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly writes: Pick<KubernetesWrites, 'writeNodeEniStatus'>,
    private readonly log: Log,
  ) {}

  /** Takes the status that a NodeENI is to have; writes it at once, or as soon as the spacing allows. */
  offer(nodeEni: NodeEni, status: NodeEniStatus): void {
    const entry = this.entries.get(nodeEni.uid) ?? { written: '', pending: null, timer: null, nextAt: 0 };
    this.entries.set(nodeEni.uid, entry);
    entry.pending = JSON.stringify(status) === entry.written ? null : { nodeEni, status };
    if (entry.pending !== null) this.schedule(entry);
  }

  /** Forgets NodeENIs that are gone. */
  retain(uids: ReadonlySet<string>): void {
    for (const [uid, entry] of this.entries) {
      if (uids.has(uid)) continue;
      if (entry.timer !== null) clearTimeout(entry.timer);
      this.entries.delete(uid);
    }
  }

  /** Drops what is not written yet. */
  stop(): void {
    this.retain(new Set());
  }

  private schedule(entry: Entry): void {
    if (entry.timer !== null) return;
    entry.timer = setTimeout(() => void this.flush(entry), Math.max(0, entry.nextAt - Date.now()));
  }

  private async flush(entry: Entry): Promise<void> {
    const { pending } = entry;
    entry.pending = null;
    entry.nextAt = Date.now() + SPACING_MS;
    if (pending !== null) await this.write(entry, pending);
    entry.timer = null;
    this.resume(entry);
  }

  /** What was offered during a write is written next. */
  private resume(entry: Entry): void {
    if (entry.pending !== null) this.schedule(entry);
  }

  private async write(entry: Entry, pending: NonNullable<Entry['pending']>): Promise<void> {
    try {
      await this.writes.writeNodeEniStatus(pending.nodeEni, pending.status);
      entry.written = JSON.stringify(pending.status);
    } catch (error) {
      this.log.warn({ nodeEni: pending.nodeEni.name, error: String(error) }, 'status write failed; trying again');
      entry.pending ??= pending;
    }
  }
}
