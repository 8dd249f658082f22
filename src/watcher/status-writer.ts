import type { NodeEni } from '../domain/node-eni.js';
import type { NodeEniStatus } from '../domain/node-eni-status.js';
import type { KubernetesWrites, Log } from './ports.js';

/** Least time between two status writes of one NodeENI. */
const SPACING_MS = 1_000;

interface Wanted {
  readonly nodeEni: NodeEni;
  readonly status: NodeEniStatus;
  /** The status in one comparable word. */
  readonly key: string;
}

interface Entry {
  wanted: Wanted;
  /** Key of what was written last. */
  written: string;
  busy: boolean;
  timer: NodeJS.Timeout | null;
  nextAt: number;
  dropped: boolean;
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
    const wanted = { nodeEni, status, key: JSON.stringify(status) };
    const entry = this.entries.get(nodeEni.uid) ?? newEntry(wanted);
    this.entries.set(nodeEni.uid, entry);
    entry.wanted = wanted;
    this.schedule(entry);
  }

  /** Forgets NodeENIs that are gone. */
  retain(uids: ReadonlySet<string>): void {
    for (const [uid, entry] of this.entries) {
      if (uids.has(uid)) continue;
      if (entry.timer !== null) clearTimeout(entry.timer);
      entry.dropped = true;
      this.entries.delete(uid);
    }
  }

  /** Drops what is not written yet. */
  stop(): void {
    this.retain(new Set());
  }

  private schedule(entry: Entry): void {
    if (entry.dropped || entry.busy || entry.timer !== null || entry.wanted.key === entry.written) return;
    entry.timer = setTimeout(() => void this.flush(entry), Math.max(0, entry.nextAt - Date.now()));
  }

  private async flush(entry: Entry): Promise<void> {
    entry.timer = null;
    if (entry.wanted.key === entry.written) return;
    entry.busy = true;
    entry.nextAt = Date.now() + SPACING_MS;
    await this.write(entry, entry.wanted);
    entry.busy = false;
    this.schedule(entry);
  }

  private async write(entry: Entry, { nodeEni, status, key }: Wanted): Promise<void> {
    try {
      await this.writes.writeNodeEniStatus(nodeEni, status);
      entry.written = key;
    } catch (error) {
      this.log.warn({ nodeEni: nodeEni.name, error: String(error) }, 'status write failed; trying again');
    }
  }
}

function newEntry(wanted: Wanted): Entry {
  return { wanted, written: '', busy: false, timer: null, nextAt: 0, dropped: false };
}
