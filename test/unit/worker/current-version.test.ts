import assert from 'node:assert/strict';
import { mock } from 'node:test';

import { type CurrentVersion, type Routing, watchCurrentVersion } from '../../../src/worker/current-version.js';

/** Temporal, as far as it routes tasks, and what is logged. */
class Desk {
  readonly said: string[] = [];
  asked = 0;
  watch!: CurrentVersion;

  constructor(public answer: Routing | Error) {}

  async begin(buildId: string | null): Promise<void> {
    const note = (fields: object, message: string): void => {
      const { command } = fields as { command?: string };
      this.said.push(command === undefined ? message : `${message}: ${command}`);
    };
    this.watch = watchCurrentVersion({
      version: { deploymentName: 'multi-eni-prod', buildId },
      namespace: 'eni',
      routing: async () => {
        this.asked += 1;
        if (this.answer instanceof Error) throw this.answer;
        return this.answer;
      },
      log: { info: note, warn: note },
    });
    await turn();
  }

  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      mock.timers.tick(1_000);
      await turn();
    }
  }
}

async function turn(): Promise<void> {
  for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
}

const TASKS = 'Temporal gives tasks to this version';
const NO_TASKS =
  'Temporal gives no tasks to this version until it is current: temporal worker deployment set-current-version --namespace eni --deployment-name multi-eni-prod';

describe('the readiness of a worker that has a version', () => {
  let desk: Desk;

  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => {
    desk.watch.stop();
    mock.timers.reset();
  });

  it('is given while its version is the current one', async () => {
    desk = new Desk({ current: '1.1.0' });
    await desk.begin('1.1.0');

    assert.equal(desk.watch.check(), null);
    assert.deepEqual(desk.said, [TASKS]);
  });

  it('is given while its version gets a share of the tasks', async () => {
    desk = new Desk({ current: '1.0.0', ramping: '1.1.0' });
    await desk.begin('1.1.0');

    assert.equal(desk.watch.check(), null);
  });

  for (const [current, named] of [
    ['1.0.0', 'version 1.0.0 is current'],
    [null, 'no version is current'],
  ] as const) {
    it(`is not given while ${named}, and the command that changes it is named once in the log`, async () => {
      desk = new Desk({ current });
      await desk.begin('1.1.0');
      await desk.pass(10);

      const problem = desk.watch.check() ?? '';
      assert.ok(problem.startsWith(`${named}, so that version 1.1.0 gets no tasks; to change it, run: temporal`));
      assert.ok(problem.endsWith('--deployment-name multi-eni-prod --build-id 1.1.0'));
      assert.deepEqual(desk.said, [`${NO_TASKS} --build-id 1.1.0`]);
    });
  }

  it('comes within two seconds of the command, and goes within thirty when another version is made current', async () => {
    desk = new Desk({ current: '1.0.0' });
    await desk.begin('1.1.0');
    desk.answer = { current: '1.1.0' };
    await desk.pass(2);
    const then = desk.watch.check();
    desk.answer = { current: '1.2.0' };
    await desk.pass(30);

    assert.equal(then, null);
    assert.match(desk.watch.check() ?? '', /^version 1\.2\.0 is current/);
    assert.deepEqual(desk.said, [`${NO_TASKS} --build-id 1.1.0`, TASKS, `${NO_TASKS} --build-id 1.1.0`]);
  });

  it('is not given before Temporal has told, and stays as it was when it tells no more', async () => {
    desk = new Desk(new Error('UNAVAILABLE'));
    await desk.begin('1.1.0');
    const before = desk.watch.check();
    desk.answer = { current: '1.1.0' };
    await desk.pass(2);
    desk.answer = new Error('UNAVAILABLE');
    await desk.pass(60);

    assert.match(before ?? '', /does not tell which version is current: Error: UNAVAILABLE/);
    assert.equal(desk.watch.check(), null);
  });

  it('is asked for no more after a stop', async () => {
    desk = new Desk({ current: null });
    await desk.begin('1.1.0');
    desk.watch.stop();
    await desk.pass(10);

    assert.equal(desk.asked, 1);
  });
});

describe('the readiness of a worker without a version', () => {
  let desk: Desk;

  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => {
    desk.watch.stop();
    mock.timers.reset();
  });

  for (const [what, answer] of [
    ['Temporal knows no version', { current: null }],
    ['Temporal knows nothing of versions', new Error('UNIMPLEMENTED')],
  ] as const) {
    it(`is given where ${what}, after one question`, async () => {
      desk = new Desk(answer);
      await desk.begin(null);
      await desk.pass(120);

      assert.equal(desk.watch.check(), null);
      assert.deepEqual([desk.asked, desk.said], [1, []]);
    });
  }

  it('is not given while a version is current that somebody forgot to take back', async () => {
    desk = new Desk({ current: '1.0.0' });
    await desk.begin(null);
    const before = desk.watch.check();
    desk.answer = { current: null };
    await desk.pass(2);

    assert.match(before ?? '', /^version 1\.0\.0 is current, so that workers without a version get no tasks/);
    assert.equal(desk.watch.check(), null);
    assert.deepEqual(desk.said, [`${NO_TASKS} --unversioned`, TASKS]);
  });
});
