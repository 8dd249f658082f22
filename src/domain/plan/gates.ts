import type { Attachment } from '../attachment.js';
import type { InstanceFacts, Observation } from '../observation.js';
import type { Reason } from '../reasons.js';
import type { Step } from '../step.js';

/** Why an ENI cannot be attached now, or what to wait for; null when it can. */
export function attachGate(observation: Observation, attachment: Attachment): Step | null {
  const { instance } = observation;
  const { instanceId } = attachment.spec;
  if (!instance) return block('InstanceNotFound', `EC2 does not know instance ${instanceId}`);
  return stateGate(instance) ?? slotGate(instance, observation, attachment);
}

function stateGate(instance: InstanceFacts): Step | null {
  const { instanceId } = instance;
  switch (instance.state) {
    case 'running':
    case 'stopped':
      return null;
    case 'pending':
      return { type: 'awaitInstance', instanceId, reason: 'InstancePending' };
    case 'stopping':
      return { type: 'awaitInstance', instanceId, reason: 'InstanceStopping' };
    case 'shutting-down':
    case 'terminated':
      return block('InstanceTerminated', `instance ${instanceId} is ${instance.state}`);
  }
}

function slotGate(instance: InstanceFacts, observation: Observation, attachment: Attachment): Step | null {
  const { deviceIndex, networkCardIndex } = attachment.spec;
  const ours = new Set(observation.owned.map((eni) => eni.eniId));
  const onCard = instance.slots.filter((slot) => slot.networkCardIndex === networkCardIndex);
  const holder = onCard.find((slot) => slot.deviceIndex === deviceIndex && !ours.has(slot.eniId));
  if (holder !== undefined) {
    return block('DeviceIndexInUse', `${holder.eniId} holds device index ${deviceIndex} of ${instance.instanceId}`);
  }
  if (instance.limits === null) return null;
  const limit = instance.limits[String(networkCardIndex)];
  if (limit === undefined) {
    return block('NetworkCardNotFound', `${instance.instanceType} has no network card ${networkCardIndex}`);
  }
  if (onCard.filter((slot) => !ours.has(slot.eniId)).length >= limit) {
    return block(
      'AttachmentLimitReached',
      `${instance.instanceType} allows ${limit} interfaces on network card ${networkCardIndex}, all of them in use`,
    );
  }
  return null;
}

function block(reason: Reason, message: string): Step {
  return { type: 'block', reason, message };
}
