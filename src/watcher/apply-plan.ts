import type { AttachmentPlan } from '../domain/pairing/plan-attachments.js';
import { addUp, type Remainder, runBatch } from './batch.js';
import type { FlapGuard } from './flap-guard.js';
import type { KubernetesWrites, Log } from './ports.js';
import type { Waker } from './waker.js';

/** Calls to the API server at a time. */
const CONCURRENCY = 16;

/** What carrying out a plan needs. */
export interface PlanTools {
  readonly writes: KubernetesWrites;
  readonly waker: Waker;
  readonly flapGuard: FlapGuard;
  readonly log: Log;
}

/**
 * Makes the Attachments as planned: removals first, since they free slots; a batch of each kind. What failed or is left
 * is planned again by the next pass.
 */
export async function applyPlan(plan: AttachmentPlan, tools: PlanTools): Promise<Remainder> {
  const { writes, waker, flapGuard, log } = tools;
  const each = async <T>(items: readonly T[], write: (item: T) => Promise<void>): Promise<Remainder> =>
    runBatch(CONCURRENCY, items, write, (error) => {
      log.warn({ error: String(error) }, 'a write to Kubernetes failed; trying again');
    });
  return addUp([
    await each(plan.remove, async ({ attachment, cause }) => {
      if (cause === 'unmatched') flapGuard.hold(attachment);
      await writes.removeAttachment(attachment);
      log.info({ attachment: attachment.name, cause }, 'attachment removed');
    }),
    await each(plan.update, ({ attachment, spec }) => writes.updateAttachment(attachment, spec)),
    await each(plan.addFinalizer, (nodeEni) => writes.addFinalizer(nodeEni)),
    await each(plan.create, async (spec) => {
      const attachment = await writes.createAttachment(spec);
      if (attachment === null) return;
      log.info({ attachment: attachment.name, nodeEni: spec.nodeEni.name, node: spec.nodeName }, 'attachment created');
      await waker.wake(attachment);
    }),
    await each(plan.removeFinalizer, async (nodeEni) => {
      // The cache may lag behind another watcher's create: a consistent read decides.
      if ((await writes.countAttachments(nodeEni.uid)) > 0) return;
      await writes.removeFinalizer(nodeEni);
      log.info({ nodeEni: nodeEni.name }, 'all ENIs are gone; finalizer removed');
    }),
  ]);
}
