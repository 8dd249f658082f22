import type { Target } from '../contract/activities.js';
import type { Attachment } from '../domain/attachment.js';
import { pairWorkflowId } from '../domain/names.js';
import { concurrently } from './concurrently.js';
import type { Log, PairWorkflows } from './ports.js';

/** Calls to Temporal at a time. */
const CONCURRENCY = 20;

/**
 * Tells workflows to look when their Attachment changed in a way that concerns them, and only then: status writes,
 * annotations and reconnects wake nobody.
 */
export class Waker {
  private readonly woken = new Map<string, { key: string; attachment: Attachment }>();

  constructor(
    private readonly clusterName: string,
    private readonly workflows: PairWorkflows,
    private readonly log: Log,
  ) {}

  /** Takes for woken what a running workflow has already seen, so that a start of the watcher wakes nobody in vain. */
  async adopt(attachments: readonly Attachment[]): Promise<void> {
    const running = await this.workflows.running();
    for (const attachment of attachments) {
      if (isSettled(attachment) && running.has(this.workflowId(attachment))) this.remember(attachment);
      else this.woken.delete(attachment.uid);
    }
  }

  /** Wakes those that changed since they were last woken. Returns how many could not be. */
  async wakeChanged(attachments: readonly Attachment[]): Promise<number> {
    const changed = attachments.filter((one) => this.woken.get(one.uid)?.key !== wakeKey(one));
    const failures = await concurrently(CONCURRENCY, [...changed, ...this.vanished(attachments)], (one) =>
      this.wake(one),
    );
    for (const { item, error } of failures) {
      this.log.warn({ attachment: item.name, error: String(error) }, 'waking a pair workflow failed; trying again');
    }
    return failures.length;
  }

  /** Starts the workflow of an Attachment, or tells it to look again. */
  async wake(attachment: Attachment): Promise<void> {
    await this.workflows.wake(this.target(attachment), attachment.spec.instanceId);
    this.remember(attachment);
  }

  /** Attachments that went without being released: somebody took the finalizer off, and the ENI has to go. */
  private vanished(attachments: readonly Attachment[]): Attachment[] {
    const present = new Set(attachments.map((attachment) => attachment.uid));
    const gone = [...this.woken].filter(([uid]) => !present.has(uid));
    for (const [uid] of gone) this.woken.delete(uid);
    return gone.map(([, { attachment }]) => attachment).filter((attachment) => !attachment.deleting);
  }

  private remember(attachment: Attachment): void {
    this.woken.set(attachment.uid, { key: wakeKey(attachment), attachment });
  }

  private target({ name, uid, spec }: Attachment): Target {
    return { clusterName: this.clusterName, nodeEniName: spec.nodeEni.name, nodeName: spec.nodeName, name, uid };
  }

  private workflowId({ spec }: Attachment): string {
    return pairWorkflowId(this.clusterName, spec.nodeEni.name, spec.nodeName);
  }
}

function wakeKey({ generation, deleting }: Attachment): string {
  return `${generation}/${deleting}`;
}

function isSettled({ generation, deleting, status }: Attachment): boolean {
  return !deleting && status.phase === 'Attached' && status.observedGeneration === generation;
}
