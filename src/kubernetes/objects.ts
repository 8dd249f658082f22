import { setTimeout as sleep } from 'node:timers/promises';

import { type CustomObjectsApi, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { z } from 'zod';

import { GROUP, VERSION } from '../domain/names.js';
import { isConflict, isInvalid, isNotFound } from './errors.js';
import { parseMetadata } from './metadata.js';
import { RecentObjects } from './recent-objects.js';
import { Turns } from './turns.js';

/** An object by name, meant only while it has this UID: one of the same name that was made anew is another. */
export interface ObjectRef {
  readonly name: string;
  readonly uid: string;
}

/** A merge patch without the preconditions. */
export interface Patch {
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** What {@link CustomObjects.modify} writes to. */
export type Part = 'object' | 'status';

const PAGE = 500;
/** Enough for an object that thirty others write at the same time. */
const TRIES = 30;
const LONGEST_PAUSE_MS = 100;
const MERGE_PATCH = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

const listAnswer = z.object({
  metadata: z.object({ continue: z.string().optional() }).default({}),
  items: z.array(z.unknown()),
});

/** One of our kinds in the API server: raw objects in and out. */
export class CustomObjects {
  readonly #api: CustomObjectsApi;
  readonly #kind: { readonly group: string; readonly version: string; readonly plural: string };
  readonly #onWritten: (raw: unknown, part: Part) => void;
  readonly #recent = new RecentObjects();
  readonly #turns = new Turns();

  /** @param onWritten - is given the object as the server answers it to a write of this part */
  constructor(api: CustomObjectsApi, plural: string, onWritten: (raw: unknown, part: Part) => void = () => undefined) {
    this.#api = api;
    this.#kind = { group: GROUP, version: VERSION, plural };
    this.#onWritten = onWritten;
  }

  /** Read live. Null when there is none of this name. */
  async get(name: string): Promise<unknown> {
    try {
      const raw = (await this.#api.getClusterCustomObject({ ...this.#kind, name })) as unknown;
      this.#recent.put(name, raw);
      return raw;
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }

  /** All pages of a list. No resource version is asked for, so that it is consistent. */
  async list(selector: { readonly fieldSelector?: string; readonly labelSelector?: string }): Promise<unknown[]> {
    const items: unknown[] = [];
    let next: string | undefined;
    do {
      const page = next === undefined || next === '' ? {} : { _continue: next };
      const raw: unknown = await this.#api.listClusterCustomObject({
        ...this.#kind,
        ...selector,
        ...page,
        limit: PAGE,
      });
      const answer = listAnswer.parse(raw);
      items.push(...answer.items);
      next = answer.metadata.continue;
    } while (next !== undefined && next !== '');
    return items;
  }

  /** Null when there is one of the name already. */
  async create(body: object): Promise<unknown> {
    try {
      const raw: unknown = await this.#api.createClusterCustomObject({ ...this.#kind, body });
      this.#onWritten(raw, 'object');
      return raw;
    } catch (error) {
      if (isConflict(error)) return null;
      throw error;
    }
  }

  /** Deletes it; no effect when the object of this UID is gone. */
  async delete({ name, uid }: ObjectRef): Promise<void> {
    const body = { preconditions: { uid }, propagationPolicy: 'Background' };
    try {
      const raw: unknown = await this.#api.deleteClusterCustomObject({ ...this.#kind, name, body });
      if (hasUid(raw, uid)) this.#onWritten(raw, 'object');
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  /**
   * Reads, and writes the patch that `build` makes of it, again when the object changed in between.
   * No effect when the object of this UID is gone, or `build` gives null. Modifications of one object wait for each
   * other: they would only run into each other's versions.
   */
  async modify(ref: ObjectRef, build: (raw: unknown) => Patch | null, part: Part): Promise<void> {
    await this.#turns.run(ref.name, () => this.#modify(ref, build, part));
  }

  async #modify(ref: ObjectRef, build: (raw: unknown) => Patch | null, part: Part): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      // The state last seen saves a read; the version as a precondition makes up for its age.
      const seen = attempt === 1 ? this.#recent.get(ref.name) : undefined;
      const raw = hasUid(seen, ref.uid) ? seen : await this.get(ref.name);
      if (!hasUid(raw, ref.uid)) return;
      const patch = build(raw);
      if (patch === null) return;
      try {
        const written = await this.#patch(ref.name, withPreconditions(patch, raw), part);
        this.#recent.put(ref.name, written);
        this.#onWritten(written, part);
        return;
      } catch (error) {
        this.#recent.drop(ref.name);
        if (!mayRetry(error, attempt)) throw error;
        await sleep(Math.random() * LONGEST_PAUSE_MS);
      }
    }
  }

  async #patch(name: string, body: object, part: Part): Promise<unknown> {
    const request = { ...this.#kind, name, body };
    if (part === 'status') {
      return (await this.#api.patchClusterCustomObjectStatus(request, MERGE_PATCH)) as unknown;
    }
    return (await this.#api.patchClusterCustomObject(request, MERGE_PATCH)) as unknown;
  }
}

/**
 * The version read is a precondition too: a patch of the status ignores the UID, so that only the version keeps it from
 * an object of the same name that was made anew in between.
 */
function withPreconditions(patch: Patch, raw: unknown): Patch {
  const { uid, resourceVersion } = parseMetadata(raw);
  return { ...patch, metadata: { ...patch.metadata, uid, resourceVersion } };
}

/** 404, 409 and the 422 of another UID all end at the next read; a 422 for another cause comes again. */
function mayRetry(error: unknown, attempt: number): boolean {
  if (isNotFound(error) || isConflict(error)) return attempt < TRIES;
  return isInvalid(error) && attempt === 1;
}

function hasUid(raw: unknown, uid: string): boolean {
  const parsed = z.object({ metadata: z.object({ uid: z.string() }) }).safeParse(raw);
  return parsed.success && parsed.data.metadata.uid === uid;
}
