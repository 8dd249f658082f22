import type { EniResult, Target } from '../contract/activities.js';
import type { CreateIntent } from '../domain/memory.js';
import { clientToken } from '../domain/tags.js';
import type { ActivityDeps } from './deps.js';

/** Makes the ENI of an intent. Every attempt carries the same token and parameters, so EC2 makes one. */
export async function createEni(deps: ActivityDeps, target: Target, intent: CreateIntent): Promise<EniResult> {
  const eni = await deps.ec2.createEni(intent, clientToken(target.uid, intent.ordinal));
  return { at: Date.now(), eni };
}
