import type { Ec2Config, Ec2Fault } from '../stack/ec2-types.js';

/** A field of a NodeENI that is edited. The last two make another ENI of every pair, the others change it in place. */
export type Field =
  'description' | 'securityGroups' | 'tags' | 'deleteOnTermination' | 'sourceDestCheck' | 'subnet' | 'deviceIndex';

/** What users and the cluster do. Nodes and NodeENIs are given by number. */
export type Change =
  | { readonly kind: 'label'; readonly node: number; readonly nodeEni: number; readonly on: boolean }
  | { readonly kind: 'edit'; readonly nodeEni: number; readonly field: Field; readonly choice: number }
  | { readonly kind: 'pause' | 'resume'; readonly what: 'node' | 'nodeEni'; readonly index: number }
  /** Deleted, and made again as soon as it is gone. */
  | { readonly kind: 'remakeNodeEni'; readonly nodeEni: number }
  /** Another instance under the same Node name. */
  | { readonly kind: 'replaceNode'; readonly node: number; readonly nodeFirst: boolean }
  /** Another Node object for the same instance. */
  | { readonly kind: 'remakeNode'; readonly node: number };

/** What somebody does by hand, and should not. */
export type Damage =
  | 'wipeStatus'
  | 'deleteAttachment'
  | 'terminateWorkflow'
  | 'cancelWorkflow'
  | 'detachEni'
  | 'deleteEni'
  | 'changeEniGroups'
  | 'changeEniDescription';

/** Damage in EC2 itself, which nothing but an audit can notice. */
export const EC2_DAMAGE = ['detachEni', 'deleteEni', 'changeEniGroups', 'changeEniDescription'] as const;

/** What goes down, and comes back after a while; `temporalData` comes back empty. */
export type Victim = 'controller' | 'temporal' | 'temporalData' | 'kubernetes' | 'controllerAndTemporal';

/** Where the controller's connections go that are cut. */
export type Peer = 'temporal' | 'kubernetes';

/** What goes wrong. */
export type Trouble =
  /** `pick`, from 0 up to 1, chooses among the pairs that are there at that moment. */
  | { readonly kind: 'damage'; readonly what: Damage; readonly pick: number }
  /** `id` is the schedule's own; a fault without an end of its own is ended by `ec2FaultEnds`. */
  | { readonly kind: 'ec2Fault'; readonly id: number; readonly fault: Ec2Fault }
  | { readonly kind: 'ec2Config'; readonly patch: Ec2Config }
  | { readonly kind: 'kill'; readonly victim: Victim; readonly downSeconds: number }
  /** Connections are reset, or swallow everything from now on, or are reset and refused until `networkHeals`. */
  | { readonly kind: 'network'; readonly peer: Peer; readonly what: 'reset' | 'blackHole' | 'refuse' }
  /** Virtual time of EC2 jumps ahead. */
  | { readonly kind: 'clock'; readonly seconds: number };

/** The end of a lasting trouble. */
export type Ending =
  | { readonly kind: 'ec2FaultEnds'; readonly id: number }
  | { readonly kind: 'networkHeals' }
  /** The knobs of this name go back to what they were at first. */
  | { readonly kind: 'ec2ConfigEnds'; readonly knobs: readonly (keyof Ec2Config)[] };

/** One thing that happens in a run. */
export type SoakEvent = Change | Trouble | Ending;

/** An event and, for what lasts, its end: how many seconds later, and how. */
export type Drawn = readonly [event: SoakEvent, lasts?: number, end?: SoakEvent];

/** An event and its time, in seconds from the start. */
export interface TimedEvent {
  readonly at: number;
  readonly event: SoakEvent;
}

/** True for what goes wrong: the faults that the last line of a report counts. */
export function isTrouble(event: SoakEvent): event is Trouble {
  return ['damage', 'ec2Fault', 'ec2Config', 'kill', 'network', 'clock'].includes(event.kind);
}

/** The event in a few words, by which a report counts it. */
export function nameOf(event: SoakEvent): string {
  switch (event.kind) {
    case 'label':
      return event.on ? 'label added' : 'label removed';
    case 'edit':
      return `edit of ${event.field}`;
    case 'pause':
    case 'resume':
      return `${event.kind} of a ${event.what === 'node' ? 'Node' : 'NodeENI'}`;
    case 'damage':
      return `by hand: ${event.what}`;
    case 'ec2Fault':
      return `EC2: ${faultName(event.fault)}`;
    case 'ec2Config':
      return `EC2: ${Object.keys(event.patch).join(', ')}`;
    case 'kill':
      return `kill -9: ${event.victim}`;
    case 'network':
      return `network to ${event.peer}: ${event.what}`;
    case 'networkHeals':
      return 'network: end of a trouble';
    case 'clock':
      return 'EC2: clock jump';
    case 'remakeNodeEni':
      return 'NodeENI deleted and made again';
    case 'replaceNode':
      return 'node replaced by another instance';
    case 'remakeNode':
      return 'Node object made again';
    case 'ec2FaultEnds':
    case 'ec2ConfigEnds':
      return 'EC2: end of a trouble';
  }
}

function faultName({ code, reset, hang, delay_ms: delay }: Ec2Fault): string {
  if (code !== undefined) return code;
  if (reset !== undefined) return `connection reset ${reset} the call`;
  if (hang !== undefined) return `no answer, ${hang} the call`;
  return delay === undefined ? 'fault' : 'slow answer';
}
