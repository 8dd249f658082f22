/** What happens to a pair, in the order in which quiet pairs go through it. */
export const PHASES = ['make', 'replace', 'adopt', 'change', 'release', 'sweep'] as const;

/**
 * One of {@link PHASES}: a pair is made; its NodeENI wants another subnet and device index; Attachment and workflow were
 * lost, and a new Attachment takes the ENI over; it is changed in place; it is released; all but the ENI was lost, which
 * hangs on nothing, and the audit deletes it.
 */
export type Phase = (typeof PHASES)[number];

/** True for a phase after which nothing of the pair is left. */
export function isLast(phase: Phase): boolean {
  return phase === 'release' || phase === 'sweep';
}

/** Where in a call the process or the answer dies, in the order of the table's columns. */
export const STAGES = ['before', 'after', 'lost'] as const;

/** One of {@link STAGES}: killed before the call is executed, killed before its answer arrives, or the answer is lost. */
export type Stage = (typeof STAGES)[number];

/** A request of the controller, as far as it is known from outside. */
export interface Call {
  readonly service: 'EC2' | 'Kubernetes';
  /** The kind of call, such as `DescribeNetworkInterfaces by id` or `Attachment status: Attached`. */
  readonly what: string;
  /** A read may come again at any moment; a write has its place in the order of the life. */
  readonly isWrite: boolean;
  /** Names and ids in it, by which its pair is found. */
  readonly tokens: readonly string[];
}

/** A call at its place in a pair's life. */
export interface LifeCall {
  readonly phase: Phase;
  readonly service: Call['service'];
  readonly what: string;
  readonly isWrite: boolean;
  /** Unique within the phase: a write by its number, a read by the write before it. */
  readonly key: string;
  /** How far it is: the writes of its phase that come before it. */
  readonly writesBefore: number;
}

/** A place at which a pair is struck. */
export interface Boundary {
  readonly call: LifeCall;
  readonly stage: Stage;
}

/** A boundary in one line. */
export function nameOf({ call, stage }: Boundary): string {
  return `${call.phase}: ${call.service} ${call.key}: ${stage}`;
}
