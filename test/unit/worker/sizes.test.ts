import assert from 'node:assert/strict';

import { workerSizes } from '../../../src/worker/sizes.js';

const MIB = 1024 ** 2;

describe('the sizes of a worker', () => {
  for (const [heap, cachedWorkflows, tasks] of [
    [4144, 2_000, 100], // a machine of 24 GiB
    [307, 1_646, 100], // a container of 1 GiB, 30 % for each heap
    [156, 640, 100], // of 512 MiB
    [64, 100, 25],
    [16, 100, 25],
  ] as const) {
    it(`are ${cachedWorkflows} workflows and ${tasks} tasks for a heap of ${heap} MiB`, () => {
      assert.deepEqual(workerSizes(heap * MIB), { cachedWorkflows, tasks });
    });
  }
});
