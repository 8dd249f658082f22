/**
 * When each unowned, unattached ENI was first seen, in epoch milliseconds by ENI id, by audits that all saw it in a row. EC2
 * does not tell when an ENI was made: its age counts from the first sighting.
 */
export type Sightings = Readonly<Record<string, number>>;

/** Sightings that are kept; more leaks than this are known by their number alone, and come in turn. */
export const SIGHTINGS_LIMIT = 1_000;

/** What the next audit has to know. An ENI that was not seen this time begins anew. */
export function sight(previous: Sightings, eniIds: readonly string[], now: number): Sightings {
  const known = eniIds.filter((eniId) => Object.hasOwn(previous, eniId));
  const fresh = eniIds.filter((eniId) => !Object.hasOwn(previous, eniId));
  const kept = [...known, ...fresh].slice(0, SIGHTINGS_LIMIT);
  return Object.fromEntries(kept.map((eniId) => [eniId, previous[eniId] ?? now]));
}

/** The ENIs that were seen by an earlier audit and are older than the minimum age: leaked. */
export function leaked(previous: Sightings, current: Sightings, minAgeMs: number, now: number): string[] {
  return Object.keys(current).filter((eniId) => {
    const firstSeen = previous[eniId];
    return firstSeen !== undefined && now - firstSeen >= minAgeMs;
  });
}
