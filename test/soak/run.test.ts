import assert from 'node:assert/strict';

import { findings } from '../../dev/soak/report.js';
import { soak } from '../../dev/soak/run.js';

/** The same run each time, so that a failure is one of the change that is tested; SOAK_SEED plays another. */
const SEED = Number(process.env['SOAK_SEED'] ?? 20_261_125);

const SECONDS = 20;

/** An ENI that was made and never seen is waited for during five minutes; a run that meets this takes as long. */
const SETTLE_MS = 420_000;

describe('a random run against the real parts', function () {
  this.timeout(900_000);

  it(`keeps every rule at every step and settles when events stop (SOAK_SEED=${SEED} plays it again)`, async () => {
    const lines: string[] = [];

    const result = await soak({
      ...{ seed: SEED, seconds: SECONDS, everySeconds: 1, nodes: 8, nodeEnis: 2 },
      ...{ ec2Damage: true, settleMs: SETTLE_MS, log: (line: string) => lines.push(line) },
    });

    assert.deepEqual(findings(result), [], `SOAK_SEED=${SEED}\n${lines.join('\n')}`);
    assert.ok(result.faults > 0, 'something went wrong in it');
    assert.ok(result.looks > SECONDS / 2, 'the rules were looked at all the time');
  });
});
