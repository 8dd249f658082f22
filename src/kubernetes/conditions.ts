import { z } from 'zod';

import { timestamp } from './metadata.js';

/** A condition before its time is known. */
export interface DraftCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number | undefined;
}

/** A condition as the API has it. */
export interface WireCondition extends DraftCondition {
  readonly lastTransitionTime: string;
}

const statusWithConditions = z.object({
  conditions: z
    .array(z.looseObject({ type: z.string(), status: z.string(), lastTransitionTime: timestamp }))
    .catch([])
    .default([]),
});

/** The conditions in a raw status, of whatever types. */
export function readConditions(
  status: unknown,
): readonly { type: string; status: string; lastTransitionTime: string }[] {
  return statusWithConditions.parse(status ?? {}).conditions;
}

/** Gives conditions their times: that of the earlier one of the type while the status stays, else `now`. */
export function withTimes(
  drafts: readonly DraftCondition[],
  current: ReturnType<typeof readConditions>,
  now: string,
): WireCondition[] {
  return drafts.map((draft) => {
    const earlier = current.find(({ type, status }) => type === draft.type && status === draft.status);
    return { ...draft, lastTransitionTime: earlier?.lastTransitionTime ?? now };
  });
}
