import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Ec2Launcher, REGION } from './ec2.js';
import type { Ec2Config } from './ec2-types.js';
import { KubernetesApi } from './kubernetes.js';
import { removeWhenWeEnd } from './leash.js';
import { type TemporalOptions, TemporalServer } from './temporal.js';

/** The three things the controller talks to, running on this machine. */
export interface Stack {
  readonly temporal: TemporalServer;
  readonly kubernetes: KubernetesApi;
  readonly ec2: Ec2Launcher;
  /** Databases, kubeconfig and logs. */
  readonly dir: string;
  /** The environment in which the controller finds them. */
  env(): Record<string, string>;
  /** Takes everything down. Resolves when no process is left; the folder goes too, unless the caller named it. */
  stop(): Promise<void>;
}

/** How to start a {@link Stack}. */
export interface StackOptions {
  /** Default: a new temporary folder. A named one may hold the state of an earlier stack, and stays. */
  readonly dir?: string;
  /** The cluster's name in tags and workflow ids. Default `dev`. */
  readonly clusterName?: string;
  /** Temporal namespace. Default `multi-eni`. */
  readonly namespace?: string;
  /** How Temporal differs from the default. */
  readonly temporal?: Pick<TemporalOptions, 'dynamicConfig' | 'searchAttributes'>;
  /** Changes of the EC2 launcher's defaults. */
  readonly ec2?: Ec2Config;
  /** Gets a line for every part that is ready. Default: none. */
  readonly log?: (line: string) => void;
}

interface Part {
  stop(): Promise<void>;
}

/**
 * Starts Temporal, a Kubernetes API with our CustomResourceDefinitions, and the fake EC2, side by side, on free
 * ports of 127.0.0.1. They end with this process at the latest.
 *
 * @throws Error that tells which part failed and what it printed last; the others are down again then
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { dir, release } = folder(options.dir);
  const starting = {
    temporal: timed(
      'Temporal',
      options,
      TemporalServer.start({ dir: sub(dir, 'temporal'), ...namespaceOf(options), ...options.temporal }),
    ),
    kubernetes: timed('Kubernetes', options, KubernetesApi.start({ dir: sub(dir, 'kubernetes') })),
    ec2: timed('EC2', options, Ec2Launcher.start({ dir: sub(dir, 'ec2'), config: options.ec2 ?? {} })),
  };
  try {
    const [temporal, kubernetes, ec2] = await Promise.all([starting.temporal, starting.kubernetes, starting.ec2]);
    return {
      ...{ temporal, kubernetes, ec2, dir },
      env: () => environment({ temporal, kubernetes, ec2 }, options.clusterName ?? 'dev'),
      stop: async () => {
        await stopAll([temporal, kubernetes, ec2]);
        release();
      },
    };
  } catch (error) {
    const settled = await Promise.allSettled<Part>(Object.values(starting));
    await stopAll(settled.flatMap((part) => (part.status === 'fulfilled' ? [part.value] : [])));
    release();
    throw error;
  }
}

/** A temporary folder goes when it is released, or with this process. */
function folder(wanted: string | undefined): { dir: string; release: () => void } {
  if (wanted !== undefined) return { dir: wanted, release: () => undefined };
  const dir = mkdtempSync(join(tmpdir(), 'multi-eni-'));
  const keep = removeWhenWeEnd(dir);
  return {
    dir,
    release: () => {
      keep();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function sub(dir: string, name: string): string {
  const path = join(dir, name);
  mkdirSync(path, { recursive: true });
  return path;
}

function namespaceOf({ namespace }: StackOptions): { namespace?: string } {
  return namespace === undefined ? {} : { namespace };
}

async function timed<T>(name: string, { log }: StackOptions, starting: Promise<T>): Promise<T> {
  const begin = performance.now();
  const part = await starting;
  log?.(`${name} is ready after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  return part;
}

async function stopAll(parts: readonly Part[]): Promise<void> {
  await Promise.all(parts.map((part) => part.stop()));
}

function environment(
  { temporal, kubernetes, ec2 }: Pick<Stack, 'temporal' | 'kubernetes' | 'ec2'>,
  clusterName: string,
): Record<string, string> {
  return {
    MULTI_ENI_CLUSTER_NAME: clusterName,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    KUBECONFIG: kubernetes.kubeconfig,
    AWS_ENDPOINT_URL_EC2: ec2.endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'controller',
    AWS_SECRET_ACCESS_KEY: 'controller',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
