import { planAttachments, type AttachmentPlan } from '../domain/pairing/plan-attachments.js';
import { factsByNodeEni } from '../domain/node-eni-facts.js';
import { nodeEniStatus } from '../domain/node-eni-status.js';
import type { Recorder } from '../kubernetes/events.js';
import { applyPlan } from './apply-plan.js';
import { addUp, type Remainder } from './batch.js';
import { FlapGuard } from './flap-guard.js';
import type { Caches, KubernetesWrites, Log, PairWorkflows } from './ports.js';
import { StatusWriter } from './status-writer.js';
import { Waker } from './waker.js';

/** How long changes are collected before a pass: a burst of events costs one plan. */
const DEBOUNCE_MS = 10;

/** Passes that follow each other take at most a fifth of the time, up to this pause: a large cluster is no busy loop. */
const LONGEST_DEBOUNCE_MS = 1_000;

/** The first and the longest delay after a pass in which something failed. */
const RETRY_MS = { first: 500, longest: 15_000 };

/** What a watcher is made of. */
export interface WatcherDeps {
  readonly clusterName: string;
  readonly caches: Caches;
  readonly writes: KubernetesWrites;
  readonly workflows: PairWorkflows;
  readonly recorder: Recorder;
  readonly log: Log;
  /** Milliseconds between two passes that look at everything again. */
  readonly resyncMs: number;
  /** Whether this watcher works, or another does; asked before every pass. Default: it works. */
  readonly leads?: () => boolean;
  /** Hears of every pass and how long it took; `failed` when anything has to be tried again. Must not throw. */
  readonly onPass?: (result: 'ok' | 'failed', ms: number) => void;
}

/** Turns Nodes and NodeENIs into the Attachments that should exist, and wakes the workflows of those that changed. */
export class Watcher {
  private readonly waker: Waker;
  private readonly statuses: StatusWriter;
  private readonly flapGuard = new FlapGuard();
  private timer: NodeJS.Timeout | null = null;
  private timerAt = Infinity;
  private running: Promise<void> | null = null;
  private again = false;
  private adopted = false;
  private failures = 0;
  private debounceMs = DEBOUNCE_MS;
  private stopped = false;
  private resync: NodeJS.Timeout | null = null;

  constructor(private readonly deps: WatcherDeps) {
    this.waker = new Waker(deps.clusterName, deps.workflows, deps.log);
    this.statuses = new StatusWriter(deps.writes, deps.log);
  }

  /** Begins the periodic resync. Passes run from the first {@link trigger}. */
  start(): void {
    this.resync = setInterval(() => this.takeOver(), this.deps.resyncMs);
    this.trigger();
  }

  /** Says that this watcher leads from now on: it looks at everything, and which workflows run, anew. */
  takeOver(): void {
    this.adopted = false;
    this.trigger();
  }

  /** Says that something changed; cheap, and safe to call from any callback. */
  trigger(): void {
    this.schedule(this.debounceMs);
  }

  /** Ends after the pass under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    if (this.resync !== null) clearInterval(this.resync);
    this.statuses.stop();
    await this.running;
  }

  private schedule(delayMs: number): void {
    if (this.stopped) return;
    if (this.running !== null && delayMs <= this.debounceMs) {
      this.again = true;
      return;
    }
    const at = Date.now() + delayMs;
    if (this.timer !== null && this.timerAt <= at) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timerAt = at;
    this.timer = setTimeout(() => this.run(), delayMs);
  }

  private run(): void {
    this.timer = null;
    this.timerAt = Infinity;
    if (this.running !== null) {
      this.again = true;
      return;
    }
    this.again = false;
    this.running = this.pass().finally(() => {
      this.running = null;
      if (this.again) this.schedule(this.debounceMs);
    });
  }

  private async pass(): Promise<void> {
    const { log } = this.deps;
    if (!this.mayDecide()) return;
    const startedAt = performance.now();
    const { failed, left } = await this.reconcile().catch((error: unknown) => {
      log.warn({ error: String(error) }, 'a pass failed; trying again');
      return { failed: 1, left: 0 };
    });
    this.failures = failed === 0 ? 0 : this.failures + 1;
    this.deps.onPass?.(failed === 0 ? 'ok' : 'failed', performance.now() - startedAt);
    if (failed > 0) this.schedule(left > 0 ? RETRY_MS.first : retryMs(this.failures));
    else if (left > 0) this.again = true;
  }

  /** Nothing is decided by one that does not lead, or on a cache that is not complete. */
  private mayDecide(): boolean {
    const { caches, leads } = this.deps;
    return leads?.() !== false && caches.nodes.synced && caches.nodeEnis.synced && caches.attachments.synced;
  }

  private async reconcile(): Promise<Remainder> {
    const { caches, writes, log } = this.deps;
    const now = Date.now();
    this.flapGuard.prune(now);
    const plan = this.plan(now);
    this.report(plan);
    const planningMs = Date.now() - now;
    this.debounceMs = Math.min(LONGEST_DEBOUNCE_MS, Math.max(DEBOUNCE_MS, planningMs * 4));
    if (plan.lookAgainAt !== null) this.schedule(Math.max(LONGEST_DEBOUNCE_MS + 1, plan.lookAgainAt - now));
    if (!this.adopted) {
      await this.waker.adopt(caches.attachments.values());
      this.adopted = true;
    }
    const unwoken = await this.waker.wakeChanged(caches.attachments.values());
    const { waker, flapGuard } = this;
    return addUp([unwoken, await applyPlan(plan, { writes, waker, flapGuard, log })]);
  }

  private plan(now: number): AttachmentPlan {
    const { caches } = this.deps;
    return planAttachments({
      nodes: caches.nodes.values(),
      nodeEnis: caches.nodeEnis.values(),
      attachments: caches.attachments.values(),
      unreadable: { nodes: caches.nodes.unreadable, nodeEnis: caches.nodeEnis.unreadable },
      now,
      heldUntil: this.flapGuard.holds,
    });
  }

  private report(plan: AttachmentPlan): void {
    const { caches, recorder } = this.deps;
    const nodeEnis = caches.nodeEnis.values();
    this.statuses.retain(new Set(nodeEnis.map((nodeEni) => nodeEni.uid)));
    for (const facts of factsByNodeEni(nodeEnis, caches.attachments.values(), plan)) {
      this.statuses.offer(facts.nodeEni, nodeEniStatus(facts));
    }
    for (const { node, nodeEni, why } of plan.skipped) {
      if (why !== 'notEc2') continue;
      const message = `NodeENI ${nodeEni.name} selects this node, but providerID "${node.providerId}" is not an EC2 instance`;
      const { name, uid } = node;
      recorder.record({ kind: 'Node', name, uid, type: 'Warning', reason: 'NotAnEC2Instance', message });
    }
  }
}

function retryMs(failures: number): number {
  return Math.min(RETRY_MS.longest, RETRY_MS.first * 2 ** Math.min(failures - 1, 10));
}
