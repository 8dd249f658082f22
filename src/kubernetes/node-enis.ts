import { NODE_ENI_FINALIZER } from '../domain/names.js';
import type { ObjectClientOptions } from './attachments.js';
import { rfc3339 } from './clock.js';
import { readConditions, withTimes, type DraftCondition } from './conditions.js';
import { isDeleting, parseMetadata } from './metadata.js';
import { CustomObjects, type ObjectRef, type Patch } from './objects.js';
import { changesOf, rawStatus } from './status-patch.js';

/** A NodeENI's status as the API has it, but for the times of its conditions. */
export interface StatusWithoutTimes {
  readonly conditions: readonly DraftCondition[];
  readonly [field: string]: unknown;
}

/** The watcher's writes to NodeENIs. None has an effect when the NodeENI of this UID is gone. */
export class NodeEniClient {
  readonly #objects: CustomObjects;
  readonly #now: () => number;

  constructor({ custom, onWritten, now = Date.now }: ObjectClientOptions) {
    this.#objects = new CustomObjects(custom, 'nodeenis', onWritten);
    this.#now = now;
  }

  /** Adds our finalizer, unless it is there or the NodeENI is being deleted: the server would refuse it then. */
  async addFinalizer(target: ObjectRef): Promise<void> {
    await this.#objects.modify(target, additionPatch, 'object');
  }

  /** Takes our finalizer off; others stay. */
  async removeFinalizer(target: ObjectRef): Promise<void> {
    await this.#objects.modify(target, removalPatch, 'object');
  }

  /** Writes the status, with the times of its conditions, when anything in it differs. */
  async writeStatus(target: ObjectRef, status: StatusWithoutTimes): Promise<void> {
    const build = (raw: unknown): Patch | null => {
      const current = rawStatus(raw);
      const conditions = withTimes(status.conditions, readConditions(current), rfc3339(this.#now()));
      const changes = changesOf(current, { ...status, conditions });
      return changes === null ? null : { status: changes };
    };
    await this.#objects.modify(target, build, 'status');
  }
}

function additionPatch(raw: unknown): Patch | null {
  const meta = parseMetadata(raw);
  if (isDeleting(meta) || meta.finalizers.includes(NODE_ENI_FINALIZER)) return null;
  return { metadata: { finalizers: [...meta.finalizers, NODE_ENI_FINALIZER] } };
}

function removalPatch(raw: unknown): Patch | null {
  const { finalizers } = parseMetadata(raw);
  if (!finalizers.includes(NODE_ENI_FINALIZER)) return null;
  return { metadata: { finalizers: finalizers.filter((finalizer) => finalizer !== NODE_ENI_FINALIZER) } };
}
