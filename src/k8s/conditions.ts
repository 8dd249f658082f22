/** A condition as the API has it. */
export interface WireCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration: number;
  readonly lastTransitionTime: string;
}

/** Gives conditions their times: a condition whose status stays keeps the time of its last transition. */
export function withTimes(
  conditions: readonly Omit<WireCondition, 'lastTransitionTime'>[],
  before: readonly Partial<WireCondition>[],
  now: string,
): WireCondition[] {
  return conditions.map((condition) => {
    const old = before.find((one) => one.type === condition.type);
    const kept = old?.status === condition.status ? old.lastTransitionTime : undefined;
    return { ...condition, lastTransitionTime: kept ?? now };
  });
}
