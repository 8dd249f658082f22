import type { Ec2Call } from '../../dev/stack/ec2-types.js';

/** How many of these calls were under way at a time, at the most. */
export function mostAtOnce(calls: readonly Ec2Call[]): number {
  return Math.max(...calls.map(({ t }) => calls.filter((each) => each.t <= t && t < ended(each)).length));
}

/** In seconds; a millisecond less than measured, since times are rounded. */
function ended({ t, ms }: Ec2Call): number {
  return t + ((ms ?? 0) - 1) / 1_000;
}
