import type { Ec2Config, Ec2Fault } from '../stack/ec2-types.js';
import type { Drawn } from './events.js';
import type { Random } from './random.js';

/** The calls that the controller makes. RunInstances is not among them: the run itself needs it. */
const ACTIONS = [
  'CreateNetworkInterface',
  'AttachNetworkInterface',
  'DetachNetworkInterface',
  'DeleteNetworkInterface',
  'ModifyNetworkInterfaceAttribute',
  'CreateTags',
  'DescribeNetworkInterfaces',
  'DescribeInstances',
  'DescribeSubnets',
  'DescribeSecurityGroups',
  '*NetworkInterface*',
];

const REFUSABLE = ACTIONS.filter((action) => !action.startsWith('Describe') && !action.startsWith('*'));

const FAULTS: readonly (readonly [weight: number, draw: (random: Random) => Ec2Fault])[] = [
  [4, (random) => ({ code: 'RequestLimitExceeded', status: 503, times: random.int(1, 20) })],
  [3, (random) => ({ code: 'InternalError', status: 500, times: random.int(1, 8) })],
  [2, (random) => ({ code: 'ServiceUnavailable', status: 503, times: random.int(1, 8) })],
  [2, (random) => ({ reset: 'before', times: random.int(1, 4) })],
  [4, (random) => ({ reset: 'after', times: random.int(1, 4) })],
  [3, (random) => ({ delay_ms: random.int(500, 4000), times: random.int(1, 5) })],
  [1, (random) => ({ hang: 'before', times: random.int(1, 2) })],
  [2, (random) => ({ hang: 'after', times: random.int(1, 2) })],
];

/** Refusals that last: the account's quota is used up, the subnet is full. */
const LASTING: readonly Ec2Fault[] = [
  { action: 'CreateNetworkInterface', code: 'NetworkInterfaceLimitExceeded', times: null },
  { action: 'CreateNetworkInterface', code: 'InsufficientFreeAddressesInSubnet', times: null },
];

const KNOBS: readonly ((random: Random) => Ec2Config)[] = [
  (random) => ({ stale_s: random.tenths(0.5, 3) }),
  (random) => ({ visible_s: random.tenths(0.5, 3) }),
  (random) => ({ attach_s: random.int(2, 6) }),
  (random) => ({ detach_s: random.int(2, 6) }),
  (random) => ({ latency_ms: random.int(50, 200) }),
  (random) => ({ page_max: random.int(2, 5), empty_pages: true }),
  (random) => ({ shutting_down_s: random.int(1, 4) }),
  () => ({ in_use_code: 'InvalidNetworkInterface.InUse' }),
  (random) => ({ denied_actions: [random.pick(REFUSABLE)] }),
];

/** A fault of EC2: most strike some calls and are spent, some last for seconds. */
export function ec2FaultTrouble(random: Random): Drawn {
  const id = random.int(1, 2 ** 31);
  if (random.chance(0.15)) {
    const lasting = random.pick(LASTING);
    return [{ kind: 'ec2Fault', id, fault: lasting }, random.int(2, 8), { kind: 'ec2FaultEnds', id }];
  }
  const fault = { action: random.pick(ACTIONS), ...random.weighted(FAULTS)(random) };
  // What was not spent would strike at any later time: every fault ends, so that a short run replays.
  return [{ kind: 'ec2Fault', id, fault }, random.int(5, 15), { kind: 'ec2FaultEnds', id }];
}

/** EC2 behaves otherwise for some seconds. */
export function ec2ConfigTrouble(random: Random): Drawn {
  const patch = random.pick(KNOBS)(random);
  const knobs = Object.keys(patch) as (keyof Ec2Config)[];
  return [{ kind: 'ec2Config', patch }, random.int(3, 10), { kind: 'ec2ConfigEnds', knobs }];
}
