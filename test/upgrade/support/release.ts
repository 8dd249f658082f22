import { join } from 'node:path';

import { REPO } from '../../../dev/bootstrap/paths.js';
import { programArgs } from '../../../dev/stack/built.js';
import { eventually } from '../../../dev/stack/eventually.js';
import { freePorts } from '../../../dev/stack/ports.js';
import { ServerProcess } from '../../../dev/stack/process.js';
import type { World } from '../../../dev/world/world.js';

/** Which release of the worker to run. */
export interface ReleaseOptions {
  readonly version: string;
  /** Default off, as it is. */
  readonly versioning?: 'on' | 'off';
  /** Other sources than the repository's own. */
  readonly src?: string;
}

/** The worker of a release, as a process of its own. */
export interface Release {
  readonly process: ServerProcess;
  /** What `/readyz` says, or null while nobody answers. */
  readiness(): Promise<{ readonly ok: boolean; readonly text: string } | null>;
  untilReady(): Promise<void>;
}

/** One that runs from its sources bundles its workflows first. */
const READY_MS = 120_000;

/** Starts the worker of a release; it need not be ready yet. */
export async function startRelease(world: World, options: ReleaseOptions): Promise<Release> {
  const { version, versioning = 'off', src } = options;
  const program = src === undefined ? programArgs('main') : ['--import', 'tsx', join(src, 'main.ts')];
  const [port = 0] = await freePorts(1);
  const process_ = await ServerProcess.spawn({
    name: `release ${version}`,
    command: process.execPath,
    args: [...program, 'run', '--role', 'worker'],
    cwd: REPO,
    env: {
      ...world.stack.env(),
      MULTI_ENI_BUILD_VERSION: version,
      MULTI_ENI_WORKER_VERSIONING: versioning,
      MULTI_ENI_HEALTH_ADDR: `127.0.0.1:${port}`,
      MULTI_ENI_METRICS_ADDR: '',
    },
    logFile: join(world.stack.dir, `release-${version}.log`),
  });
  const readiness: Release['readiness'] = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    return answer === null ? null : { ok: answer.ok, text: await answer.text() };
  };
  return {
    process: process_,
    readiness,
    untilReady: async () => {
      const ready = async (): Promise<boolean> => (await readiness())?.ok === true;
      await process_.whenReady(
        eventually(`release ${version} is ready`, ready, { timeoutMs: READY_MS }),
        READY_MS + 1_000,
      );
    },
  };
}
