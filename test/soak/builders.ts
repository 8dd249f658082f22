import { TAG_KEYS } from '../../src/domain/tags.js';
import type { Ec2Eni, Ec2Event } from '../../dev/stack/ec2-types.js';
import type { AttachmentObject } from '../../dev/world/objects.js';
import type { SoakResult } from '../../dev/soak/run.js';
import { firstSpec, type WantedPair } from '../../dev/soak/wanted.js';

/** The tags of an ENI that the controller made for the Attachment `uid` of soak-0 on node-1. */
export function tagsOf(uid: string): Record<string, string> {
  return {
    [TAG_KEYS.name]: 'soak-0/node-1',
    [TAG_KEYS.cluster]: 'soak',
    [TAG_KEYS.nodeEni]: 'soak-0',
    [TAG_KEYS.nodeEniUid]: 'uid-of-soak-0',
    [TAG_KEYS.attachmentUid]: uid,
    [TAG_KEYS.node]: 'node-1',
    [TAG_KEYS.cniNoManage]: 'true',
  };
}

/** An event before it is in a journal. Its name is any: the launcher's types lack some. */
export type Happening = Readonly<Record<string, unknown>> & { readonly event: string; readonly eniId: string };

/** A journal: each event gets the next number. */
export function journal(...events: readonly Happening[]): Ec2Event[] {
  return events.map((event, index) => ({ ...event, seq: index + 1, t: 1000 + index }) as Ec2Event);
}

/** The pair soak-0/node-1. */
export function wantedPair(part: Partial<WantedPair> = {}): WantedPair {
  const spec = firstSpec(0, { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] });
  return { nodeEni: 'soak-0', node: 'node-1', instanceId: 'i-1', spec, ...part };
}

/** Its ENI, as {@link wantedPair} wants it. */
export function eniOf(pair: WantedPair, part: Partial<Ec2Eni> = {}): Ec2Eni {
  const { spec } = pair;
  return {
    id: 'eni-1',
    region: 'us-east-1',
    subnetId: spec.subnetID,
    vpcId: 'vpc-1',
    availabilityZone: 'us-east-1a',
    groups: spec.securityGroupIDs,
    description: spec.description,
    tags: { ...tagsOf('uid-1'), ...spec.tags },
    status: 'in-use',
    primary: false,
    attachment: {
      id: 'eni-attach-1',
      instanceId: pair.instanceId,
      deviceIndex: spec.deviceIndex,
      networkCardIndex: 0,
      status: 'attached',
      deleteOnTermination: spec.deleteOnTermination,
    },
    sourceDestCheck: spec.sourceDestCheck,
    privateIp: '10.0.0.4',
    privateIps: ['10.0.0.4'],
    mac: '02:00:00:00:00:01',
    ...part,
  };
}

/** Its Attachment, which says that it is attached. */
export function attachmentOf(pair: WantedPair): AttachmentObject {
  return {
    metadata: { name: 'node-1.0.1', uid: 'uid-1', finalizers: ['networking.k8s.aws/eni'] },
    spec: { nodeENI: { name: pair.nodeEni }, nodeName: pair.node, instanceID: pair.instanceId },
    status: { phase: 'Attached', eniID: 'eni-1' },
  };
}

/** The result of a run in which nothing was found. */
export function result(part: Partial<SoakResult> = {}): SoakResult {
  const histories = { running: 8, meanEvents: 40, mostEvents: 60, failed: [], begunAnew: 0 };
  return {
    ...{ seed: 7, seconds: 1800, pairs: 200, events: { 'kill -9: temporal': 3 }, faults: 3, violations: [] },
    ...{ problems: [], settledAfterSeconds: 12, idleChanges: 0, leaked: [], looks: 1800 },
    ...{
      memory: { seconds: 900, quarters: [200, 210, 205, 210], most: 240 },
      histories: { first: histories, last: histories },
    },
    ...part,
  };
}
