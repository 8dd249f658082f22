import type { EniChanges, Step } from '../domain/step.js';

/** A step in one line, for the time line of the Web UI. */
export function stepSummary(step: Step): string {
  switch (step.type) {
    case 'create':
      return `create an ENI in ${step.intent.subnetId}`;
    case 'adopt':
      return `adopt ${step.eniId}`;
    case 'attach':
      return `attach ${step.eniId} to ${step.instanceId} as device ${step.deviceIndex}`;
    case 'configure':
      return `set ${changedFields(step.changes)} of ${step.eniId}`;
    case 'verify':
      return `wait until ${step.eniId} is ${step.until}`;
    case 'awaitInstance':
      return `wait for ${step.instanceId}`;
    case 'detach':
      return `${step.force ? 'force-detach' : 'detach'} ${step.eniId}`;
    case 'delete':
      return `delete ${step.eniId}`;
    case 'release':
      return 'take the finalizer off';
    case 'idle':
      return 'as wanted';
    case 'done':
      return 'gone';
    case 'block':
      return `blocked: ${step.reason}`;
  }
}

function changedFields(changes: EniChanges): string {
  return Object.keys(changes).join(', ');
}
