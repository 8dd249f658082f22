import type { ActivityDeps } from './deps.js';
import { poll } from './poll.js';

/** Waits until the instance is neither starting nor stopping; also ends when EC2 does not know it. */
export async function awaitInstance(deps: ActivityDeps, instanceId: string): Promise<{ at: number }> {
  return poll(async () => {
    const instance = await deps.ec2.instance(instanceId);
    const state = instance?.state;
    if (state !== 'pending' && state !== 'stopping') return { done: { at: Date.now() } };
    const reason = state === 'pending' ? 'InstancePending' : 'InstanceStopping';
    return { pending: { reason, message: `instance ${instanceId} is ${state}` } };
  });
}
