import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NodeEnis } from '../demo/node-enis.js';
import { Ec2Launcher } from '../stack/ec2.js';
import { KubernetesApi } from '../stack/kubernetes.js';
import { removeWhenWeEnd } from '../stack/leash.js';
import { seedVpc, type Vpc } from '../stack/seed.js';
import { installAsTheImage, type Install } from './install.js';
import { Postgres } from './postgres.js';
import { ProductionTemporal } from './temporal.js';

interface Part {
  stop(): Promise<void>;
}

/**
 * What docker-compose.yml starts, as far as it goes without Docker: PostgreSQL, Temporal on it, a Kubernetes API, the
 * fake EC2, and the content of the controller's image. It ends with this process at the latest.
 */
export class ProductionWorld {
  private constructor(
    readonly install: Install,
    readonly postgres: Postgres,
    readonly temporal: ProductionTemporal,
    readonly kubernetes: KubernetesApi,
    readonly ec2: Ec2Launcher,
    readonly vpc: Vpc,
    readonly nodeEnis: NodeEnis,
    private readonly clean: () => Promise<void>,
  ) {}

  /** Starts everything but the controller. @throws Error that tells what failed; nothing is left running then */
  static async start(): Promise<ProductionWorld> {
    const dir = await mkdtemp(join(tmpdir(), 'multi-eni-servers-'));
    await chmod(dir, 0o755); // PostgreSQL's user is somebody else than we
    const letGo = removeWhenWeEnd(dir);
    const clean = async (): Promise<void> => {
      letGo();
      await rm(dir, { recursive: true, force: true });
    };
    const started: Part[] = [];
    const keep = async <T extends Part>(starting: Promise<T>): Promise<T> => {
      const part = await starting;
      started.unshift(part);
      return part;
    };
    const sub = async (name: string): Promise<string> => {
      await mkdir(join(dir, name));
      return join(dir, name);
    };
    const starting = [
      installAsTheImage(),
      keep(Postgres.start(await sub('postgres'))).then(async (postgres) => {
        return [postgres, await keep(ProductionTemporal.start(await sub('temporal'), postgres))] as const;
      }),
      keep(KubernetesApi.start({ dir: await sub('kubernetes') })),
      keep(Ec2Launcher.start({ dir: await sub('ec2'), config: {} })),
    ] as const;
    try {
      const [install, [postgres, temporal], kubernetes, ec2] = await Promise.all(starting);
      const vpc = await seedVpc(ec2.client);
      const nodeEnis = new NodeEnis({ kubernetes });
      return new ProductionWorld(install, postgres, temporal, kubernetes, ec2, vpc, nodeEnis, clean);
    } catch (error) {
      await Promise.allSettled(starting);
      for (const part of started) await part.stop();
      await clean();
      await starting[0].then((install) => install.remove()).catch(() => undefined);
      throw error;
    }
  }

  /** Takes everything down, and removes the install and the servers' data. */
  async stop(): Promise<void> {
    await Promise.all([this.temporal.stop(), this.kubernetes.stop(), this.ec2.stop()]);
    await this.postgres.stop();
    await this.clean();
    await this.install.remove();
  }
}
