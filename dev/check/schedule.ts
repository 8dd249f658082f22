import type { RunningStep, StepResult } from './run-step.js';
import type { Step } from './steps.js';

/** Jobs at a time. Most steps wait for servers more than they work: four keep two cores busy without making them late. */
const JOBS = 4;

/**
 * Runs the steps in their order, as many side by side as there are jobs for.
 *
 * @param start starts a step
 * @returns the results in the order of `steps`
 */
export async function runInOrder(
  steps: readonly Step[],
  start: (step: Step) => RunningStep,
): Promise<readonly StepResult[]> {
  const results: Promise<StepResult>[] = [];
  const running = new Map<Promise<unknown>, number>();
  const jobs = (): number => [...running.values()].reduce((sum, each) => sum + each, 0);
  for (const step of steps) {
    const needed = Math.min(step.jobs ?? 1, JOBS);
    while (jobs() + needed > JOBS) await Promise.race(running.keys());
    const { result } = start(step);
    results.push(result);
    const ended: Promise<unknown> = result.finally(() => running.delete(ended));
    running.set(ended, needed);
  }
  return await Promise.all(results);
}
