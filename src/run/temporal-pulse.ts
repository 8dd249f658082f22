import type { Connection } from '@temporalio/client';
import { type Pulse, startPulse } from '../observability/pulse.js';

/** How long Temporal has to answer whether it is there. */
const PROBE_MS = 3_000;

/** Keeps asking Temporal, by a call that every client may make, whether it is there. */
export function temporalPulse(connection: Pick<Connection, 'withDeadline' | 'workflowService'>): Pulse {
  return startPulse({
    probe: () => connection.withDeadline(Date.now() + PROBE_MS, () => connection.workflowService.getSystemInfo({})),
  });
}
