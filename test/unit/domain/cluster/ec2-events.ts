import { CloudFailure } from '../../../support/builders-ec2.js';
import { eni, inSlot } from '../../../support/builders.js';
import { choose, pick, type Events } from './event.js';

const CALLS = ['createEni', 'attachEni', 'configureEni', 'detachEni', 'deleteEni'] as const;

/** How a call fails: the request is lost, the answer is lost, or EC2 refuses. */
const FAULTS = [
  { when: 'before', failure: new CloudFailure('transient', 'Ec2Unavailable', false) },
  { when: 'after', failure: new CloudFailure('transient', 'Ec2Unavailable', false) },
  { when: 'before', failure: new CloudFailure('refused', 'QuotaReached', true) },
] as const;

/** What happens in EC2 behind the controller's back, and to its calls. */
export const EC2_EVENTS: Events = {
  'ENI is detached by hand': (cluster, which) =>
    cluster.ec2.byHand(choose(cluster.enis, which)?.eniId ?? '', { attachment: null }),
  'ENI is deleted by hand': (cluster, which) => void cluster.ec2.enis.delete(choose(cluster.enis, which)?.eniId ?? ''),
  'ENI is changed by hand': (cluster, which) =>
    cluster.ec2.byHand(choose(cluster.enis, which)?.eniId ?? '', { description: 'by hand', securityGroupIds: [] }),
  'ENI is moved by hand': (cluster, which) => {
    const one = choose(cluster.enis, which);
    if (one?.attachment) cluster.ec2.byHand(one.eniId, { attachment: { ...one.attachment, deviceIndex: 5 + which } });
  },
  'call fails': ({ ec2 }, which, how) => {
    const { when, failure } = pick(FAULTS, how);
    ec2.fail(pick(CALLS, which), when, failure);
  },
  'attaching takes for ever, or no longer': ({ ec2 }) => {
    ec2.looksToAttach = ec2.looksToAttach === 1 ? Infinity : 1;
  },
  'instance stops or starts': ({ ec2 }, which) => {
    const one = choose(ec2.instances.values(), which);
    if (one === undefined) return;
    ec2.instances.set(one.instanceId, { ...one, state: one.state === 'running' ? 'stopping' : 'running' });
  },
  'another takes a slot': ({ ec2 }, which, how) => {
    const instanceId = choose(ec2.instances.keys(), which) ?? '';
    const deviceIndex = 1 + (how % 2);
    const name = `foreign-${instanceId}-${deviceIndex}`;
    const taken = [...ec2.enis.values()].some(({ attachment }) => {
      return attachment?.instanceId === instanceId && attachment.deviceIndex === deviceIndex;
    });
    if (taken) return;
    ec2.enis.set(
      name,
      eni({ eniId: name, tags: {}, attachment: inSlot({ attachmentId: name, instanceId, deviceIndex }) }),
    );
  },
};
