import type { Attachment } from '../domain/attachment.js';

/** Most resyncs between two reminders. */
const LONGEST_WAIT = 64;

interface Reminder {
  /** What the Attachment showed then. */
  readonly shown: string;
  /** Resyncs between the last reminder and the next. */
  readonly wait: number;
  left: number;
}

/**
 * Says at which resyncs the workflow of an Attachment that is not settled is woken once more: it was told of every
 * change already, and signals are not lost. So it is for what nobody foresaw, such as a status that was wiped, and comes
 * ever more rarely: a worker that cannot keep up must not be given more to do.
 */
export class Reminders {
  private readonly last = new Map<string, Reminder>();

  /** Counts a resync for this Attachment. True: wake its workflow. */
  isDue(attachment: Attachment): boolean {
    const shown = shownBy(attachment);
    const last = this.last.get(attachment.uid);
    if (last?.shown !== shown) return this.begin(attachment.uid, { shown, wait: 1, left: 1 });
    last.left -= 1;
    if (last.left > 0) return false;
    const wait = Math.min(LONGEST_WAIT, last.wait * 2);
    return this.begin(attachment.uid, { shown, wait, left: wait });
  }

  /** Forgets those that are gone. */
  retain(attachments: readonly Attachment[]): void {
    const present = new Set(attachments.map(({ uid }) => uid));
    for (const uid of this.last.keys()) if (!present.has(uid)) this.last.delete(uid);
  }

  private begin(uid: string, reminder: Reminder): true {
    this.last.set(uid, reminder);
    return true;
  }
}

function shownBy({ generation, deleting, status: { phase, reason } }: Attachment): string {
  return JSON.stringify([generation, deleting, phase, reason]);
}
