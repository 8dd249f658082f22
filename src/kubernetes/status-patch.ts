import { isDeepStrictEqual } from 'node:util';

import { z } from 'zod';

import type { DesiredStatus } from '../domain/attachment-status.js';
import { readConditions, withTimes, type DraftCondition } from './conditions.js';
import { statusFieldsToWire } from './manifest.js';
import type { Patch } from './objects.js';

const withStatus = z.object({ status: z.record(z.string(), z.unknown()).nullish() });

/** The raw status of a raw object; empty when there is none. */
export function rawStatus(raw: unknown): Readonly<Record<string, unknown>> {
  return withStatus.parse(raw).status ?? {};
}

/**
 * The merge patch that brings an Attachment's status to the desired one; null when it is that already, times aside.
 *
 * @param raw - the Attachment as it is
 * @param now - RFC 3339
 */
export function statusPatch(raw: unknown, desired: DesiredStatus, now: string): Patch | null {
  const current = rawStatus(raw);
  const fields = { ...statusFieldsToWire(desired), attachedAt: attachedAt(current, desired, now) };
  const earlier = readConditions(current);
  const others = earlier.filter(({ type }) => type !== 'Ready');
  const conditions = [...others, ...withTimes([ready(desired)], earlier, now)];
  const changes = changesOf(current, { ...fields, conditions });
  return changes === null ? null : { status: { ...changes, lastUpdated: now } };
}

/**
 * The merge patch between two statuses: null for what is to go. Null when nothing changes.
 * A key that is undefined is to be absent; `lastUpdated` is left alone.
 */
export function changesOf(
  current: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): Record<string, unknown> | null {
  const changed = Object.entries(wanted).filter(([key, value]) => {
    return key !== 'lastUpdated' && !isDeepStrictEqual(asJson(value), asJson(current[key]));
  });
  if (changed.length === 0) return null;
  return Object.fromEntries(changed.map(([key, value]) => [key, value ?? null]));
}

/** Since when this attachment is there, whatever holds the pair up meanwhile, such as a pause. */
function attachedAt(current: Readonly<Record<string, unknown>>, desired: DesiredStatus, now: string): unknown {
  const { phase, attachmentId } = desired;
  const same = current['attachmentID'] === attachmentId && (attachmentId !== undefined || current['phase'] === phase);
  return (same ? current['attachedAt'] : undefined) ?? (phase === 'Attached' ? now : undefined);
}

function ready({ phase, reason, message, observedGeneration }: DesiredStatus): DraftCondition {
  const isReady = phase === 'Attached';
  return {
    type: 'Ready',
    status: isReady ? 'True' : 'False',
    reason: reason ?? phase,
    message: message ?? '',
    observedGeneration,
  };
}

/** As it is once it has been on the wire: without undefined members. */
function asJson(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
