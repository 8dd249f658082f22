import { targetOf } from '../../contract/activities.js';
import { reconcileSignal } from '../../contract/messages.js';
import { CliFailure } from '../failure.js';
import { namedPair } from '../pairs/target.js';
import type { Session } from '../session.js';
import { withTemporal } from '../temporal/connect.js';
import { aboutWorkflow } from '../temporal/failures.js';

/** Tells a pair's workflow to look again now, whatever it waits for. @throws CliFailure when it does not run */
export async function retry(session: Session, pairName: string): Promise<void> {
  const { attachment, workflowId, nodeEni, node } = await namedPair(session, pairName);
  if (attachment === null) {
    throw new CliFailure(
      `NodeENI ${nodeEni} has no NodeENIAttachment on node ${node}, so that there is nothing to try again\n` +
        `\`kubectl multi-eni why nodeeni/${nodeEni}\` tells why.`,
    );
  }
  const { name } = attachment;
  const [, clusterName = ''] = workflowId.split(':');
  const missing =
    `the workflow ${workflowId} does not run\n` +
    "The controller's watcher starts it at its next resync (MULTI_ENI_RESYNC_INTERVAL, 10 minutes by default), or when the controller is restarted.";
  await withTemporal(session, async (client) =>
    aboutWorkflow(`signal ${workflowId}`, missing, async () => {
      await client.workflow.getHandle(workflowId).signal(reconcileSignal, targetOf(clusterName, attachment));
    }),
  );
  const done = { workflowId, attachment: name, signal: reconcileSignal.name };
  session.print(
    done,
    () => `${name}: the workflow was told to look again; \`kubectl multi-eni history ${name}\` shows what it does\n`,
  );
}
