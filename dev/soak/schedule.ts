import {
  EC2_DAMAGE,
  type Damage,
  type Drawn,
  type Field,
  type SoakEvent,
  type TimedEvent,
  type Victim,
} from './events.js';
import { Random } from './random.js';
import { ec2ConfigTrouble, ec2FaultTrouble } from './schedule-ec2.js';

/** What a schedule is drawn for. */
export interface ScheduleOptions {
  readonly seed: number;
  /** How long things happen. */
  readonly seconds: number;
  /** Mean time between two events, in seconds. */
  readonly everySeconds: number;
  readonly nodes: number;
  readonly nodeEnis: number;
  /** Whether ENIs are damaged by hand: only an audit notices. */
  readonly ec2Damage: boolean;
  /** Second after which the controller is not killed any more, so that its memory can be watched. */
  readonly controllerKillsUntil: number;
}

type Draw = (random: Random, options: ScheduleOptions, at: number) => Drawn;

const IN_PLACE: readonly Field[] = ['description', 'securityGroups', 'tags', 'deleteOnTermination', 'sourceDestCheck'];
const IDENTITY: readonly Field[] = ['subnet', 'deviceIndex'];

const DRAWS: readonly (readonly [weight: number, draw: Draw])[] = [
  [16, unlabel],
  [14, (random, { nodeEnis }) => [edit(random, nodeEnis, IN_PLACE)]],
  [3, (random, { nodeEnis }) => [edit(random, nodeEnis, IDENTITY)]],
  [4, pause],
  [2, (random, { nodeEnis }) => [{ kind: 'remakeNodeEni', nodeEni: random.int(0, nodeEnis - 1) }]],
  // Node 0 stays: a foreign ENI is attached to it.
  [6, (random, { nodes }) => [{ kind: 'replaceNode', node: random.int(1, nodes - 1), nodeFirst: random.chance(0.5) }]],
  [3, (random, { nodes }) => [{ kind: 'remakeNode', node: random.int(0, nodes - 1) }]],
  [18, damage],
  [22, ec2FaultTrouble],
  [9, ec2ConfigTrouble],
  [6, kill],
  [5, network],
  [3, (random) => [{ kind: 'clock', seconds: random.pick([5, 60, 300, 4000]) }]],
];

/** Draws what happens in a run, in the order of time. Pure: the same options give the same events. */
export function drawSchedule(options: ScheduleOptions): readonly TimedEvent[] {
  const random = new Random(options.seed);
  const events: TimedEvent[] = [];
  for (let at = 0; ;) {
    at = round(at + random.next() * 2 * options.everySeconds);
    if (at > options.seconds) break;
    const [event, lasts = 0, end] = random.weighted(DRAWS)(random, options, at);
    events.push({ at, event });
    if (end !== undefined) events.push({ at: round(Math.min(at + lasts, options.seconds)), event: end });
  }
  return events.sort((a, b) => a.at - b.at);
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}

/** The label comes back: soon, as when it flaps, or when the pair is long gone. */
function unlabel(random: Random, { nodes, nodeEnis }: ScheduleOptions): Drawn {
  const place = { node: random.int(0, nodes - 1), nodeEni: random.int(0, nodeEnis - 1) };
  const lasts = random.chance(0.3) ? random.tenths(0, 1) : random.int(2, 40);
  return [{ kind: 'label', ...place, on: false }, lasts, { kind: 'label', ...place, on: true }];
}

function edit(random: Random, nodeEnis: number, fields: readonly Field[]): SoakEvent {
  return { kind: 'edit', nodeEni: random.int(0, nodeEnis - 1), field: random.pick(fields), choice: random.int(0, 99) };
}

function pause(random: Random, { nodes, nodeEnis }: ScheduleOptions): Drawn {
  const what = random.pick(['node', 'nodeEni'] as const);
  const index = random.int(0, (what === 'node' ? nodes : nodeEnis) - 1);
  return [{ kind: 'pause', what, index }, random.tenths(2, 8), { kind: 'resume', what, index }];
}

function damage(random: Random, { ec2Damage }: ScheduleOptions): Drawn {
  const elsewhere: readonly Damage[] = ['wipeStatus', 'deleteAttachment', 'terminateWorkflow', 'cancelWorkflow'];
  const what = random.pick(ec2Damage ? [...elsewhere, ...EC2_DAMAGE] : elsewhere);
  return [{ kind: 'damage', what, pick: random.next() }];
}

function network(random: Random): Drawn {
  const peer = random.pick(['temporal', 'kubernetes'] as const);
  const what = random.pick(['reset', 'blackHole', 'refuse'] as const);
  return [{ kind: 'network', peer, what }, random.tenths(1, 10), { kind: 'networkHeals' }];
}

function kill(random: Random, { controllerKillsUntil }: ScheduleOptions, at: number): Drawn {
  const victims: (readonly [number, Victim])[] = [
    [3, 'temporal'],
    [3, 'kubernetes'],
    [1, 'temporalData'],
  ];
  if (at <= controllerKillsUntil) victims.push([4, 'controller'], [1, 'controllerAndTemporal']);
  return [{ kind: 'kill', victim: random.weighted(victims), downSeconds: random.tenths(0, 3) }];
}
