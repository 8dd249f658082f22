import { type Connection, isGrpcServiceError } from '@temporalio/client';
import type { Log } from '../kubernetes/log.js';
import type { Check } from '../observability/health.js';
import { type DeploymentVersion, makeCurrentCommand } from './deployment.js';

/** How long Temporal has to answer. */
const ANSWER_MS = 3_000;

/** gRPC's code for what there is not. */
const NOT_FOUND = 5;

/** Which versions of a deployment get tasks; null: workers without a version. */
export interface Routing {
  readonly current: string | null;
  /** The version that gets a share of them; absent: none does. */
  readonly ramping?: string | null;
}

/** What {@link watchCurrentVersion} needs. */
export interface CurrentVersionOptions {
  readonly version: DeploymentVersion;
  readonly namespace: string;
  /** Asks Temporal. Must end by itself. */
  readonly routing: () => Promise<Routing>;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/** Knows whether Temporal gives this version's workers any task. */
export interface CurrentVersion {
  /** Fails while it gives them none, and names the command that changes it. */
  readonly check: Check;
  /** Asks no more; harmless when called twice. */
  stop(): void;
}

/** Milliseconds between two looks, while the version gets no tasks and while it does. */
const EVERY_MS = { waiting: 2_000, serving: 30_000 };

/** Asks Temporal which version of a deployment is current; a deployment that it does not know has none. */
export async function readRouting(
  connection: Pick<Connection, 'withDeadline' | 'workflowService'>,
  namespace: string,
  deploymentName: string,
): Promise<Routing> {
  try {
    const { workerDeploymentInfo: info } = await connection.withDeadline(Date.now() + ANSWER_MS, () =>
      connection.workflowService.describeWorkerDeployment({ namespace, deploymentName }),
    );
    return fromTemporal(info?.routingConfig ?? {});
  } catch (error) {
    if (isGrpcServiceError(error) && (error.code as number) === NOT_FOUND) return { current: null };
    throw error;
  }
}

/**
 * Keeps asking whether this version gets tasks. Its workers poll all the same: Temporal makes no version current that
 * nobody polls for. Workers without a version, which are the rule, ask no more once they get tasks.
 */
export function watchCurrentVersion(options: CurrentVersionOptions): CurrentVersion {
  const { version, namespace, routing, log } = options;
  const { buildId } = version;
  const command = makeCurrentCommand(version, namespace);
  let problem = buildId === null ? null : 'Temporal has not told yet which version is current';
  let served: boolean | null = buildId === null ? true : null;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const note = ({ current, ramping }: Routing): void => {
    const serves = [current, ramping].includes(buildId);
    problem = serves ? null : idle(buildId, current, command);
    if (served === serves) return;
    served = serves;
    if (serves) log.info({ ...version }, 'Temporal gives tasks to this version');
    else log.warn({ ...version, current, command }, 'Temporal gives no tasks to this version until it is current');
  };
  const look = async (): Promise<void> => {
    try {
      note(await routing());
    } catch (error) {
      // What was known stays known: whether Temporal is there is another check's business.
      if (served === null) problem = `Temporal does not tell which version is current: ${String(error)}`;
    }
    const settled = buildId === null && served === true;
    if (!stopped && !settled)
      timer = setTimeout(() => void look(), served === true ? EVERY_MS.serving : EVERY_MS.waiting);
  };
  void look();
  return {
    check: () => problem,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function idle(buildId: string | null, current: string | null, command: string): string {
  const others = current === null ? 'no version is current' : `version ${current} is current`;
  const ours = buildId === null ? 'workers without a version get no tasks' : `version ${buildId} gets no tasks`;
  return `${others}, so that ${ours}; to change it, run: ${command}`;
}

/** The part of Temporal's answer that is read. */
interface RoutingConfig {
  readonly currentDeploymentVersion?: { readonly buildId?: string | null } | null;
  readonly rampingDeploymentVersion?: { readonly buildId?: string | null } | null;
  readonly rampingVersionPercentage?: number | null;
}

function fromTemporal(config: RoutingConfig): Routing {
  const current = config.currentDeploymentVersion?.buildId ?? null;
  if ((config.rampingVersionPercentage ?? 0) === 0) return { current };
  return { current, ramping: config.rampingDeploymentVersion?.buildId ?? null };
}
