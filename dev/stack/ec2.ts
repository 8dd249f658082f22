import { join } from 'node:path';

import { EC2Client } from '@aws-sdk/client-ec2';

import { EC2_LAUNCHER_DIR, PYTHON } from '../bootstrap/paths.js';
import { Ec2Control } from './ec2-control.js';
import type { Ec2Config } from './ec2-types.js';
import { ServerProcess } from './process.js';

/** How to start an {@link Ec2Launcher}. */
export interface Ec2Options {
  /** A folder, which exists, for its log. */
  readonly dir: string;
  /** Changes of the launcher's defaults: latency, delays, throttling. */
  readonly config?: Ec2Config;
}

/** The Region in which the fake EC2 is used. */
export const REGION = 'us-east-1';

const READY_MS = 60_000;

/** The fake EC2 on 127.0.0.1: moto's data model under EC2's own rules. It keeps its state in memory alone. */
export class Ec2Launcher {
  readonly endpoint: string;
  /** A client for the tests' own calls. */
  readonly client: EC2Client;
  /** Faults, clock, log and counts. */
  readonly control: Ec2Control;
  readonly #process: ServerProcess;

  private constructor(process: ServerProcess, port: number) {
    this.endpoint = `http://127.0.0.1:${port}`;
    this.client = new EC2Client({
      endpoint: this.endpoint,
      region: REGION,
      credentials: { accessKeyId: 'seed', secretAccessKey: 'seed' },
    });
    this.control = new Ec2Control(this.endpoint);
    this.#process = process;
  }

  /** @throws Error with the launcher's last output when it ends early or is not ready within a minute */
  static async start(options: Ec2Options): Promise<Ec2Launcher> {
    const config = JSON.stringify(options.config ?? {});
    const process = await ServerProcess.spawn({
      name: 'the EC2 launcher',
      command: PYTHON,
      args: ['-m', 'ec2_launcher', '--port', '0', '--config', config, '--exit-on-stdin-eof'],
      cwd: EC2_LAUNCHER_DIR,
      env: { PYTHONUNBUFFERED: '1' },
      logFile: join(options.dir, 'ec2.log'),
    });
    const port = await process.whenReady(process.output.firstMatch(readyPort), READY_MS);
    return new Ec2Launcher(process, port);
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Stops it, and its state is gone; harmless when it does not run. */
  async stop(): Promise<void> {
    this.client.destroy();
    await this.#process.stop();
  }
}

function readyPort(line: string): number | undefined {
  if (!line.startsWith('{"ready"')) return undefined;
  return (JSON.parse(line) as { port: number }).port;
}
