/** Where a pair is in its life, as users read it. */
export const PHASES = [
  'Pending',
  'Creating',
  'Attaching',
  'Configuring',
  'Attached',
  'Detaching',
  'Deleting',
  'Blocked',
] as const;

/** One of {@link PHASES}. */
export type Phase = (typeof PHASES)[number];

/** True for a string that names a phase. */
export function isPhase(value: string): value is Phase {
  return (PHASES as readonly string[]).includes(value);
}
