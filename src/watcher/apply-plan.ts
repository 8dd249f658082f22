import type { AttachmentPlan } from '../domain/pairing/plan-attachments.js';
import { concurrently } from './concurrently.js';
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
 * Makes the Attachments as planned: removals first, since they free slots. Returns how many writes failed; they are
 * planned again by the next pass.
 */
export async function applyPlan(plan: AttachmentPlan, tools: PlanTools): Promise<number> {
  const { writes, waker, flapGuard, log } = tools;
  const failed = [
    ...(await concurrently(CONCURRENCY, plan.remove, async ({ attachment, cause }) => {
      if (cause === 'unmatched') flapGuard.hold(attachment);
      await writes.removeAttachment(attachment);
      log.info({ attachment: attachment.name, cause }, 'attachment removed');
    })),
    ...(await concurrently(CONCURRENCY, plan.update, ({ attachment, spec }) =>
      writes.updateAttachment(attachment, spec),
    )),
    ...(await concurrently(CONCURRENCY, plan.addFinalizer, (nodeEni) => writes.addFinalizer(nodeEni))),
    ...(await concurrently(CONCURRENCY, plan.create, async (spec) => {
      const attachment = await writes.createAttachment(spec);
      if (attachment === null) return;
      log.info({ attachment: attachment.name, nodeEni: spec.nodeEni.name, node: spec.nodeName }, 'attachment created');
      await waker.wake(attachment);
    })),
    ...(await concurrently(CONCURRENCY, plan.removeFinalizer, async (nodeEni) => {
      // The cache may lag behind another watcher's create: a consistent read decides.
      if ((await writes.countAttachments(nodeEni.uid)) > 0) return;
      await writes.removeFinalizer(nodeEni);
      log.info({ nodeEni: nodeEni.name }, 'all ENIs are gone; finalizer removed');
    })),
  ];
  for (const { error } of failed) log.warn({ error: String(error) }, 'a write to Kubernetes failed; trying again');
  return failed.length;
}
