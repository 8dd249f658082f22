import { statSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { World } from '../../../dev/world/world.js';

/** Returns a function that gives what the controller has logged since now, over restarts. */
export function logFromNowOn(world: World): () => string {
  const path = join(world.stack.dir, 'controller.log');
  const from = statSync(path).size;
  return () => readFileSync(path).subarray(from).toString();
}
