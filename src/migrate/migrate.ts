import { createEc2Client } from '../aws/client.js';
import { createEc2 } from '../aws/ec2.js';
import { calling, CliFailure, connecting } from '../cli/failure.js';
import type { Config } from '../config/config.js';
import { planMigration } from '../domain/migration/plan-migration.js';
import { connectKubernetes } from '../kubernetes/client.js';
import { apply } from './apply.js';
import { readView, type Sources } from './read-view.js';
import { type Report, reportData, reportText } from './render.js';
import { signsOfLife } from './signs-of-life.js';

/** The options of `multi-eni migrate`. */
export interface MigrateOptions {
  /** False: a dry run, which changes nothing. */
  readonly apply: boolean;
  /** Whether an ENI goes to the NodeENI that wants its slot, even if it was made for another one. */
  readonly bySlot: boolean;
  readonly output: 'table' | 'json';
}

/** Where the words of a run go to. */
export interface MigrateIo {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const MAX_SOCKETS = 8;

/**
 * Hands the Go controller's ENIs over to this controller by tags, or says what it would do. Nothing is made, attached,
 * detached or deleted.
 *
 * @returns the exit code: 0 done, 1 refused, failed, or not all done; what went wrong was said
 */
export async function migrate(
  io: MigrateIo,
  config: Pick<Config, 'kubeconfig' | 'region' | 'ec2Endpoint' | 'clusterName'>,
  options: MigrateOptions,
): Promise<0 | 1> {
  const { region, ec2Endpoint: endpoint } = config;
  const client = createEc2Client({ region, endpoint, maxSockets: MAX_SOCKETS });
  try {
    const { kubeconfig } = config;
    const advice = 'Set KUBECONFIG to the path of a kubeconfig.';
    const kubernetes = connecting(() => connectKubernetes({ kubeconfig }), advice);
    const clusterName =
      config.clusterName ?? (await calling('read the UID of the namespace kube-system', () => kubernetes.clusterUid()));
    const sources = { kubernetes, clusterName, ec2: createEc2({ client, clusterName }) };
    const report = await run(sources, options, io.now());
    io.out(options.output === 'json' ? `${JSON.stringify(reportData(report), null, 2)}\n` : reportText(report));
    if (report.applied === null && options.apply) throw notStopped(report.alive);
    return (report.applied?.changed.length ?? 0) === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    io.err(`error: ${error.message}\n`);
    return 1;
  } finally {
    client.destroy();
  }
}

async function run(sources: Sources, { apply: wanted, bySlot }: MigrateOptions, at: number): Promise<Report> {
  const [view, alive] = await Promise.all([readView(sources, { at, bySlot }), signsOfLife(sources.kubernetes, at)]);
  const plan = planMigration(view);
  const applied = wanted && alive.length === 0 ? await apply(sources, plan) : null;
  return { clusterName: sources.clusterName, plan, alive, applied };
}

function notStopped(alive: readonly string[]): CliFailure {
  const why = 'the Go controller is not stopped, and two controllers must not share ENIs; nothing was changed';
  return new CliFailure([why, ...alive.map((sign) => `  ${sign}`)].join('\n'));
}
