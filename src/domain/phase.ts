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
