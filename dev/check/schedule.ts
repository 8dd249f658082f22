import type { RunningStep, StepResult } from './run-step.js';
import type { Step } from './steps.js';

const AT_ONCE = 2;

/**
 * Runs the steps in their order: two side by side, but one that wants to be alone waits until the others have ended,
 * and the ones behind it wait for it.
 *
 * @param start starts a step
 * @returns the results in the order of `steps`
 */
export async function runInOrder(
  steps: readonly Step[],
  start: (step: Step) => RunningStep,
): Promise<readonly StepResult[]> {
  const results: Promise<StepResult>[] = [];
  const running = new Set<Promise<unknown>>();
  const untilAtMost = async (count: number): Promise<void> => {
    while (running.size > count) await Promise.race(running);
  };
  for (const step of steps) {
    await untilAtMost(step.alone === true ? 0 : AT_ONCE - 1);
    const { result } = start(step);
    results.push(result);
    const ended = result.finally(() => running.delete(ended));
    running.add(ended);
    if (step.alone === true) await untilAtMost(0);
  }
  return await Promise.all(results);
}
