import { targetOf } from '../contract/activities.js';
import type { Attachment } from '../domain/attachment.js';
import { pairWorkflowId } from '../domain/names.js';
import { addUp, type Remainder, runBatch } from './batch.js';
import type { Log, PairWorkflows } from './ports.js';
import { Reminders } from './reminders.js';

/** Calls to Temporal at a time. */
const CONCURRENCY = 20;

/**
 * Tells workflows to look when their Attachment changed in a way that concerns them, and only then: status writes,
 * annotations and reconnects wake nobody.
 */
export class Waker {
  private readonly woken = new Map<string, { key: string; attachment: Attachment }>();
  private readonly lost = new Map<string, Attachment>();
  /** Ids of workflows that run without an Attachment. */
  private readonly strays = new Set<string>();
  private readonly reminders = new Reminders();

  constructor(
    private readonly clusterName: string,
    private readonly workflows: PairWorkflows,
    private readonly log: Log,
  ) {}

  /**
   * Takes for woken what a running workflow has already seen, so that a start of the watcher wakes nobody in vain. A
   * workflow that runs without an Attachment has to hear of it: the Attachment may have been deleted by force while nobody
   * watched.
   */
  async adopt(attachments: readonly Attachment[]): Promise<void> {
    const running = await this.workflows.running();
    this.strays.clear();
    for (const id of running) this.strays.add(id);
    for (const attachment of attachments) {
      const id = this.workflowId(attachment);
      this.strays.delete(id);
      if (!running.has(id)) this.woken.delete(attachment.uid);
      else if (isSettled(attachment)) this.remember(attachment);
      else if (this.reminders.isDue(attachment)) this.woken.delete(attachment.uid);
    }
    this.reminders.retain(attachments);
  }

  /** Wakes those that changed since they were last woken; a batch of them. */
  async wakeChanged(attachments: readonly Attachment[]): Promise<Remainder> {
    this.findLost(attachments);
    const changed = attachments.filter((one) => this.woken.get(one.uid)?.key !== wakeKey(one));
    const failed = (whom: object, error: unknown): void =>
      this.log.warn({ ...whom, error: String(error) }, 'waking a pair workflow failed; trying again');
    const ofAttachment = (error: unknown, { name }: Attachment): void => failed({ attachment: name }, error);
    return addUp([
      await runBatch(CONCURRENCY, changed, (one) => this.wake(one), ofAttachment),
      await runBatch(CONCURRENCY, [...this.lost.values()], (one) => this.wakeLost(one), ofAttachment),
      await runBatch(
        CONCURRENCY,
        [...this.strays],
        (id) => this.wakeStray(id),
        (error, workflowId) => failed({ workflowId }, error),
      ),
    ]);
  }

  /** Starts the workflow of an Attachment, or tells it to look again. */
  async wake(attachment: Attachment): Promise<void> {
    await this.tell(attachment, this.woken.has(attachment.uid));
    this.remember(attachment);
  }

  private async wakeLost(attachment: Attachment): Promise<void> {
    await this.tell(attachment, true);
    this.lost.delete(attachment.uid);
  }

  private async wakeStray(id: string): Promise<void> {
    await this.workflows.lookAgain(id);
    this.strays.delete(id);
  }

  private async tell(attachment: Attachment, known: boolean): Promise<void> {
    await this.workflows.wake(targetOf(this.clusterName, attachment), attachment.spec.instanceId, known);
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
