import { makeContinueAsNewFunc, setHandler, workflowInfo } from '@temporalio/workflow';
import { reconcileSignal, stateQuery, type PairInput } from '../contract/messages.js';
import { PairLoop } from './pair-loop.js';

/**
 * Looks after one NodeENIAttachment for as long as it lives: makes EC2 match its spec, and its status say what is
 * there. Completes when the Attachment and its ENI are gone.
 */
export async function eniAttachment(input: PairInput): Promise<void> {
  const pair = new PairLoop(input, workflowInfo().workflowId);
  setHandler(reconcileSignal, (target) => pair.wake(target), {
    description: 'Look at the Attachment again; sent when its inputs changed, or by hand to retry at once.',
  });
  setHandler(stateQuery, () => pair.view(), {
    description: 'The pair as this workflow sees it: status, memory, and when it looks again.',
  });
  const next = await pair.run();
  if (next !== null) await makeContinueAsNewFunc<typeof eniAttachment>()(next);
}
