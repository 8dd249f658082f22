import { stopSharedWorld } from './support/shared-world.js';

after('take the stack down', async function () {
  this.timeout(60_000);
  await stopSharedWorld();
});
