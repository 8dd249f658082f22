import { type Batch, batches } from './boundaries.js';
import { type Boundary, type LifeCall, nameOf } from './calls.js';
import { Lab, type LabOptions } from './lab.js';
import { quietLife } from './quiet-life.js';
import { runBatch } from './run-batch.js';
import { Subjects } from './subjects.js';
import { complaint, converged, isHealthy, type Verdict } from './verdict.js';

/** How to run a matrix. */
export interface MatrixOptions extends LabOptions {
  /** Which boundaries of the recorded life. */
  readonly choose: (calls: readonly LifeCall[]) => readonly Boundary[];
  /** Gets a line for each batch, and one for each pair that did not heal. */
  readonly log: (line: string) => void;
}

/** What a matrix has found. */
export interface Matrix {
  /** The recorded life. */
  readonly calls: readonly LifeCall[];
  readonly verdicts: readonly Verdict[];
}

type Run = (batch: Batch) => Promise<Verdict[]>;

type Log = MatrixOptions['log'];

/** Records a quiet life on a stack of its own, then strikes pairs at the chosen boundaries, batch by batch. */
export async function runMatrix({ choose, log, ...options }: MatrixOptions): Promise<Matrix> {
  const lab = await Lab.start(options);
  try {
    const subjects = new Subjects(lab);
    const calls = await quietLife(lab, subjects);
    const all = batches(choose(calls));
    const run: Run = async (batch) => runBatch(lab, subjects, batch);
    log(`a quiet life has ${calls.length} calls; ${all.length} batches`);
    const verdicts: Verdict[] = [];
    for (const [index, batch] of all.entries()) {
      verdicts.push(...(await logged(`${index + 1}/${all.length}`, batch, run, log)));
    }
    return { calls, verdicts: await struckAgain(verdicts, run, log) };
  } finally {
    await lab.stop();
  }
}

/**
 * On a busy machine a pair may come to its boundary too late, and is well: its boundary gets other pairs, in small
 * batches. Once: what was not reached then stays so.
 */
async function struckAgain(verdicts: readonly Verdict[], run: Run, log: Log): Promise<Verdict[]> {
  const missed = verdicts.filter((one) => !one.reached && isHealthy(one));
  const again: Verdict[] = [];
  for (const batch of batches(
    missed.map(({ boundary }) => boundary),
    { kill: 4, lost: 4 },
  )) {
    again.push(...(await logged('again', batch, run, log)));
  }
  return [...verdicts.filter((one) => !missed.includes(one)), ...again];
}

async function logged(label: string, batch: Batch, run: Run, log: Log): Promise<Verdict[]> {
  const begun = performance.now();
  const found = await run(batch);
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  const how = batch.kind === 'kill' ? 'kill -9' : 'reply lost';
  log(`${label} ${how}: ${found.filter(converged).length} of ${found.length} converged in ${seconds} s`);
  for (const one of found.filter((each) => !converged(each))) log(`  ${nameOf(one.boundary)}: ${complaint(one)}`);
  return found;
}
