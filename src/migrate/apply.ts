import { setTimeout as sleep } from 'node:timers/promises';

import { CliFailure } from '../cli/failure.js';
import { GO_FINALIZER, isOfGoController } from '../domain/migration/go-controller.js';
import type { FinalizerChange, MigrationPlan, MigrationRow } from '../domain/migration/plan-migration.js';
import { NODE_ENI_FINALIZER } from '../domain/names.js';
import type { EniFacts } from '../domain/observation.js';
import { TAG_KEYS } from '../domain/tags.js';
import { Ec2Error } from '../aws/errors.js';
import { describeError } from '../kubernetes/errors.js';
import { isDeleting, parseMetadata } from '../kubernetes/metadata.js';
import { CustomObjects, type Patch } from '../kubernetes/objects.js';
import type { Sources } from './read-view.js';

/** What was done. */
export interface Applied {
  /** ENIs. */
  readonly tagged: readonly string[];
  /** ENIs that were no longer as planned. */
  readonly changed: readonly string[];
  /** NodeENIs whose finalizer was replaced. */
  readonly finalizers: readonly string[];
}

/** ENIs that are looked at once more in one call, right before they are tagged. */
const BATCH = 50;
const TRIES = 6;
const PAUSE_MS = 1_000;

type TakeOver = MigrationRow & { eni: EniFacts; verdict: { kind: 'takeOver'; tags: Readonly<Record<string, string>> } };

/**
 * Carries a plan out: first the tags, ENI by ENI, then the finalizers. What is done stays done when it is ended at any
 * moment, and the next plan goes on from there.
 *
 * @throws CliFailure when a call fails for good
 */
export async function apply(sources: Sources, plan: MigrationPlan): Promise<Applied> {
  const rows = plan.rows.filter((row): row is TakeOver => row.verdict.kind === 'takeOver' && row.eni !== null);
  const tagged: TakeOver[] = [];
  const changed: TakeOver[] = [];
  for (let start = 0; start < rows.length; start += BATCH) {
    const batch = rows.slice(start, start + BATCH);
    const fresh = await Promise.all(batch.map(({ eni }) => told(eni.eniId, tagged, () => sources.ec2.eni(eni.eniId))));
    for (const [place, row] of batch.entries()) {
      if (isAsPlanned(row, fresh[place] ?? null)) {
        const { eniId } = row.eni;
        await told(eniId, tagged, () => sources.ec2.configureEni(eniId, '', { tags: row.verdict.tags }));
        tagged.push(row);
      } else changed.push(row);
    }
  }
  const unfinished = new Set(changed.map(({ nodeEni }) => nodeEni));
  const due = plan.finalizers.filter(({ name, action }) => action === 'replace' && !unfinished.has(name));
  for (const change of due) await replaceFinalizer(sources, change);
  return { tagged: tagged.map(idOf), changed: changed.map(idOf), finalizers: due.map(({ name }) => name) };
}

/** Still the Go controller's, of no cluster, and in its place. */
function isAsPlanned({ eni: planned }: TakeOver, eni: EniFacts | null): boolean {
  if (eni === null || !isOfGoController(eni.tags) || eni.tags[TAG_KEYS.cluster] !== undefined) return false;
  return placeOf(eni) === placeOf(planned);
}

function placeOf({ attachment }: EniFacts): string {
  return JSON.stringify([
    attachment?.attachmentId,
    attachment?.instanceId,
    attachment?.deviceIndex,
    attachment?.status,
  ]);
}

/** Calls EC2, again while it is only busy, and says at which ENI it failed. */
async function told<T>(eniId: string, done: readonly TakeOver[], call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const again = error instanceof Ec2Error && error.kind === 'transient' && attempt < TRIES;
      if (!again) {
        const state = `${done.length} ENIs were tagged before; run it again to go on.`;
        const rights = 'It needs the rights of deploy/iam/migration-policy.json.';
        throw new CliFailure(`cannot tag ${eniId}: ${describeError(error)}\n${rights} ${state}`, 1, error);
      }
      await sleep(error.retryAfterMs ?? PAUSE_MS * attempt);
    }
  }
}

/** In one write, so that there is no moment at which the NodeENI could go without its ENIs. */
async function replaceFinalizer({ kubernetes }: Sources, { name, uid }: FinalizerChange): Promise<void> {
  try {
    await new CustomObjects(kubernetes.custom, 'nodeenis').modify({ name, uid }, replacement, 'object');
  } catch (error) {
    const hint = 'All ENIs of the plan are tagged; see to the right to patch NodeENIs, and run it again.';
    throw new CliFailure(`cannot replace the finalizer of NodeENI ${name}: ${describeError(error)}\n${hint}`, 1, error);
  }
}

function replacement(raw: unknown): Patch | null {
  const meta = parseMetadata(raw);
  if (isDeleting(meta) || !meta.finalizers.includes(GO_FINALIZER)) return null;
  const others = meta.finalizers.filter((one) => one !== GO_FINALIZER && one !== NODE_ENI_FINALIZER);
  return { metadata: { finalizers: [...others, NODE_ENI_FINALIZER] } };
}

function idOf({ eni }: TakeOver): string {
  return eni.eniId;
}
