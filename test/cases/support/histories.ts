import type { World } from '../../../dev/world/world.js';

/** How many signals the running workflows of a NodeENI have got so far. */
export async function signalsOf(world: World, nodeEni: string): Promise<number> {
  const running = await world.pairs.workflows(nodeEni, 'Running');
  return world.pairs.temporal(async (client) => {
    const histories = await Promise.all(
      running.map(({ workflowId }) => client.workflow.getHandle(workflowId).fetchHistory()),
    );
    return histories
      .flatMap(({ events }) => events ?? [])
      .filter(({ workflowExecutionSignaledEventAttributes: signalled }) => Boolean(signalled)).length;
  });
}
