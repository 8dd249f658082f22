import { CancellationScope, condition } from '@temporalio/workflow';

/**
 * Runs a step; when it is interrupted, asks it to stop and waits for what became of it. A call under way is not cut: it
 * ends with its result. One that waits for its next attempt ends with a cancellation.
 */
export async function interruptible<T>(work: () => Promise<T>, interrupted: () => boolean): Promise<T> {
  const scope = new CancellationScope();
  const state = { settled: false };
  const running = scope.run(work).finally(() => (state.settled = true));
  running.catch(() => undefined); // awaited below; a rejection before that is not an unhandled one
  await condition(() => state.settled || interrupted());
  if (!state.settled) scope.cancel();
  return running;
}
