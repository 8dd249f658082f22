import { log, setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Target } from '../contract/activities.js';
import { SEARCHABLE_MEMO, SEARCH_ATTRIBUTES } from '../contract/search-attributes.js';
import type { DesiredStatus, Trouble } from '../domain/attachment-status.js';
import type { Observation } from '../domain/observation.js';
import type { Step } from '../domain/step.js';
import { local, reliably } from './activities.js';
import { details } from './details.js';

/** Shows a pair to people: the Attachment's status, the Web UI's details, and the search attributes. */
export class Presentation {
  /** The status as it was last written or tried. */
  status: DesiredStatus | null = null;
  private written = '';
  private indexed = '';

  constructor(private readonly target: Target) {}

  /** Shows what is done next, and writes the status when the step is one that readers can see. */
  async show(observation: Observation, step: Step, status: DesiredStatus): Promise<void> {
    this.status = status;
    setCurrentDetails(details(this.target, status, step));
    if (PASSING.has(step.type)) return;
    if (!isOnTheWay(step)) this.index(status, observation.attachment?.spec.instanceId);
    const key = JSON.stringify(status);
    if (key === this.written || observation.attachment === null) return;
    await this.write(status);
    this.written = key;
  }

  /** After a fresh look the status may be another than the one written last: somebody may have wiped it. */
  refresh(): void {
    this.written = '';
  }

  /** Shows that the pair could not even be looked at. */
  trouble(trouble: Trouble): void {
    setCurrentDetails(`### Waiting\n\n**${trouble.reason}**: ${trouble.message}\n`);
  }

  private async write(status: DesiredStatus): Promise<void> {
    try {
      await local.reportStatus(this.target, status);
    } catch (error) {
      log.warn('status report is slow', { error: String(error) });
      await reliably.reportStatus(this.target, status);
    }
  }

  private index(status: DesiredStatus, instanceId: string | undefined): void {
    if (workflowInfo().memo?.[SEARCHABLE_MEMO] !== true) return;
    const key = `${status.phase} ${status.eniId ?? ''} ${instanceId ?? ''}`;
    if (key === this.indexed) return;
    this.indexed = key;
    upsertSearchAttributes([
      { key: SEARCH_ATTRIBUTES.phase, value: status.phase },
      { key: SEARCH_ATTRIBUTES.eniId, value: status.eniId ?? null },
      { key: SEARCH_ATTRIBUTES.instanceId, value: instanceId ?? null },
    ]);
  }
}

/** On the way to its ENI a pair stays `Pending` in the index, which follows where it comes to rest: two updates less. */
function isOnTheWay(step: Step): boolean {
  return step.type === 'create' || (step.type === 'verify' && step.until === 'attached');
}

/** Steps that pass in one call: the next one's status follows at once, so theirs is not worth a write. */
const PASSING: ReadonlySet<Step['type']> = new Set(['attach', 'adopt', 'configure', 'release', 'done']);
