/**
 * Attaches many pairs of one NodeENI with an EC2 that answers at once, restarts the controller, deletes the NodeENI, and
 * kills the controller when half of the ENIs are gone. Prints what each of it took. About three minutes for 1,000 pairs.
 *
 *   node --import tsx dev/bench/size.ts [--pairs 1000] [--rate 100] [--from dist|src]
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { headline, table } from '../demo/print.js';
import { buildWhenNeeded } from './build.js';
import { total } from './kube-writes.js';
import { runSize, type Stretch } from './size-run.js';

const { values: options } = parseArgs({
  options: {
    pairs: { type: 'string', default: '1000' },
    rate: { type: 'string', default: '100' },
    from: { type: 'string', default: 'dist' },
  },
});

const READS = /^Describe/;

function mutating({ counts }: Stretch): number {
  return total(Object.fromEntries(Object.entries(counts.ec2).filter(([action]) => !READS.test(action))));
}

function signals({ counts }: Stretch): number {
  return total(Object.fromEntries(Object.entries(counts.temporal).filter(([name]) => name.startsWith('Signal'))));
}

function print(stretches: readonly Stretch[]): void {
  headline(`${options.pairs} pairs of one NodeENI, ${cpus().length} cores for all processes together`);
  table(
    [
      '',
      'SECONDS',
      'EC2 CHANGES',
      'EC2 READS',
      'SIGNALS',
      'STARTS',
      'ATTACHMENT WRITES',
      'STATUS WRITES',
      'FINALIZER',
      'MIB',
    ],
    stretches.map((stretch) => {
      const { name, seconds, counts, mib } = stretch;
      const { kubernetes, temporal, ec2 } = counts;
      const ofAttachments = Object.entries(kubernetes).filter(([key]) => key.includes('nodeeniattachments'));
      return [
        ...[name, seconds.toFixed(1), mutating(stretch), total(ec2) - mutating(stretch)],
        ...[signals(stretch), temporal['StartWorkflowExecution'] ?? 0],
        ...[total(Object.fromEntries(ofAttachments)), kubernetes['PATCH nodeenis/status'] ?? 0],
        ...[kubernetes['PATCH nodeenis'] ?? 0, mib === 0 ? '–' : Math.round(mib)],
      ];
    }),
  );
}

function verdict(stretches: readonly Stretch[]): string {
  const restart = stretches.find(({ name }) => name === 'restart')!;
  const quiet = mutating(restart) === 0 && signals(restart) === 0;
  if (!quiet) throw new Error(`the restart was not quiet: ${JSON.stringify(restart.counts)}`);
  return `size: ${options.pairs} pairs; the restart changed nothing and signalled nobody; 0 ENIs left after a kill at half`;
}

async function run(): Promise<void> {
  const [pairs, ec2Rate] = [Number(options.pairs), Number(options.rate)];
  if (!(pairs > 0 && ec2Rate > 0)) throw new Error('--pairs and --rate are numbers above 0');
  const from = options.from === 'src' ? 'src' : 'dist';
  if (from === 'dist' && buildWhenNeeded()) console.log('built dist/');
  const stretches = await runSize({ pairs, ec2Rate, from }, (line) => console.log(`  ${line}`));
  print(stretches);
  console.log(`\n${verdict(stretches)}`);
}

await run().catch((error: unknown) => {
  console.error(`\nsize: failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
process.exit(); // a wait for what has ended meanwhile may still be polling
