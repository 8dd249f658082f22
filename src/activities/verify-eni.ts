import type { EniRef, EniResult } from '../contract/activities.js';
import type { EniFacts } from '../domain/observation.js';
import type { EniChanges, VerifyUntil } from '../domain/step.js';
import type { ActivityDeps } from './deps.js';
import { stale } from './map-error.js';
import { elapsedMs, poll, type Pending } from './poll.js';

/** How long an answer that contradicts a change just made is taken for an old picture. */
const SETTLE_MS = 10_000;

/** How long an ENI may stay invisible before the pair looks at all its records again. */
const INVISIBLE_MS = { known: 30_000, new: 300_000 };

type VerifyRef = EniRef & { until: VerifyUntil; expect?: EniChanges };

/** Waits until EC2 shows the ENI as wanted, or so that another decision is needed. */
export async function verifyEni(deps: ActivityDeps, ref: VerifyRef): Promise<EniResult> {
  return poll(async () => {
    const eni = await deps.ec2.eni(ref.eniId);
    const pending = eni === null ? absent(ref) : unfinished(eni, ref);
    return pending === null ? { done: { at: Date.now(), eni } } : { pending };
  });
}

function absent(ref: VerifyRef): Pending | null {
  if (ref.until === 'gone') return null;
  const limit = ref.until === 'visible' ? INVISIBLE_MS.new : INVISIBLE_MS.known;
  const message = `${ref.eniId} is not visible in EC2`;
  if (elapsedMs() > limit) throw stale('NotVisibleYet', message);
  return { reason: 'NotVisibleYet', message };
}

function unfinished(eni: EniFacts, ref: VerifyRef): Pending | null {
  switch (ref.until) {
    case 'visible':
      return null;
    case 'gone':
      return { reason: 'NotVisibleYet', message: `${eni.eniId} is still there` };
    case 'detached':
      return eni.attachment?.status === 'detaching' ? busy(eni) : null;
    case 'attached':
      return unattached(eni, ref.expect);
  }
}

function unattached(eni: EniFacts, expect: EniChanges | undefined): Pending | null {
  if (eni.attachment?.status === 'attaching') return busy(eni);
  if (elapsedMs() > SETTLE_MS) return null;
  if (eni.attachment === null) return { reason: 'NotVisibleYet', message: `${eni.eniId} is not shown as attached yet` };
  if (!shows(eni, expect))
    return { reason: 'NotVisibleYet', message: `${eni.eniId} does not show its new attributes yet` };
  return null;
}

function shows(eni: EniFacts, expect: EniChanges | undefined): boolean {
  if (expect === undefined) return true;
  const groups = [...(expect.securityGroupIds ?? eni.securityGroupIds)].sort().join();
  return (
    groups === [...eni.securityGroupIds].sort().join() &&
    (expect.description ?? eni.description) === eni.description &&
    (expect.sourceDestCheck ?? eni.sourceDestCheck) === eni.sourceDestCheck &&
    expect.deleteOnTermination === eni.attachment?.deleteOnTermination
  );
}

function busy(eni: EniFacts): Pending {
  return { reason: 'NotVisibleYet', message: `${eni.eniId} is ${eni.attachment?.status ?? 'busy'}` };
}
