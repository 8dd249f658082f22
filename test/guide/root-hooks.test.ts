import { clearDesk } from './support/desk.js';

after('take the stack down', async function () {
  this.timeout(60_000);
  await clearDesk();
});
