/** Loads every module of src/domain, so that the coverage of the unit tests counts those that no test imports. */
import { globSync } from 'node:fs';
import { join } from 'node:path';

import { REPO } from '../bootstrap/paths.js';

for (const file of globSync(join(REPO, 'src/domain/**/*.ts'))) await import(file);
