import { targetOf } from '../contract/activities.js';
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
  private readonly lost = new Map<string, Attachment>();

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
    this.findLost(attachments);
    const changed = attachments.filter((one) => this.woken.get(one.uid)?.key !== wakeKey(one));
    const failures = [
      ...(await concurrently(CONCURRENCY, changed, (one) => this.wake(one))),
      ...(await concurrently(CONCURRENCY, [...this.lost.values()], (one) => this.wakeLost(one))),
    ];
    for (const { item, error } of failures) {
      this.log.warn({ attachment: item.name, error: String(error) }, 'waking a pair workflow failed; trying again');
    }
    return failures.length;
  }

  /** Starts the workflow of an Attachment, or tells it to look again. */
  async wake(attachment: Attachment): Promise<void> {
    await this.workflows.wake(targetOf(this.clusterName, attachment), attachment.spec.instanceId);
    this.remember(attachment);
  }

  private async wakeLost(attachment: Attachment): Promise<void> {
    await this.workflows.wake(targetOf(this.clusterName, attachment), attachment.spec.instanceId);
    this.lost.delete(attachment.uid);
  }

  /** Attachments that went without being released: somebody took the finalizer off, and the ENI has to go. */
  private findLost(attachments: readonly Attachment[]): void {
    const present = new Set(attachments.map((attachment) => attachment.uid));
    for (const [uid, { attachment }] of this.woken) {
      if (present.has(uid)) continue;
      this.woken.delete(uid);
      if (!attachment.deleting) this.lost.set(uid, attachment);
    }
  }

  private remember(attachment: Attachment): void {
    this.woken.set(attachment.uid, { key: wakeKey(attachment), attachment });
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
