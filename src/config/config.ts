import { z } from 'zod';
import { parseDuration } from './duration.js';

function duration(fallback: string, least: string): z.ZodType<number> {
  return z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const value = parseDuration(text);
      if (value !== null && value >= (parseDuration(least) ?? 0)) return value;
      context.addIssue({
        code: 'custom',
        message: `"${text}" is not a duration of ${least} or more, such as ${fallback}`,
      });
      return z.NEVER;
    });
}

function address(fallback: string): z.ZodType<string> {
  return z.string().default(fallback).refine(isAddress, 'is not HOST:PORT (empty switches it off)');
}

function isAddress(text: string): boolean {
  const [, port] = /^[^:\s]*:(\d{1,5})$/.exec(text) ?? [];
  return text === '' || (port !== undefined && Number(port) <= 65_535);
}

/** What a program calls itself when nobody told it what it is: run from the sources, and in an image built without VERSION. */
const NO_RELEASES = ['development', '0.0.0'];

/** What Temporal takes for a version, and what needs no quotes in a shell. */
const BUILD_ID = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$/;

/** Every variable of the controller's own, with its default. The README's table is checked against this list. */
const ENVIRONMENT = z.object({
  KUBECONFIG: z.string().optional(),
  AWS_REGION: z.string().optional(),
  AWS_ENDPOINT_URL_EC2: z.url('is not a URL').optional(),
  MULTI_ENI_BUILD_VERSION: z.string().default('development'),
  POD_NAME: z.string().optional(),
  MULTI_ENI_CLUSTER_NAME: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'is not 1 to 100 letters, digits, dots, dashes or underscores')
    .optional(),
  MULTI_ENI_LEASE_NAMESPACE: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'is not the name of a namespace')
    .optional(),
  MULTI_ENI_RESYNC_INTERVAL: duration('10m', '1s'),
  MULTI_ENI_AUDIT_INTERVAL: duration('5m', '5s'),
  MULTI_ENI_ORPHAN_MODE: z.enum(['report', 'delete'], 'is neither report nor delete').default('report'),
  MULTI_ENI_ORPHAN_MIN_AGE: duration('15m', '1s'),
  MULTI_ENI_BLOCKED_RETRY_MAX: duration('5m', '1s'),
  MULTI_ENI_EC2_RATE: z.coerce.number('is not a number').positive('is not above 0').default(100),
  MULTI_ENI_WORKER_VERSIONING: z.enum(['on', 'off'], 'is neither on nor off').default('off'),
  MULTI_ENI_METRICS_ADDR: address('127.0.0.1:9090'),
  MULTI_ENI_HEALTH_ADDR: address('127.0.0.1:8081'),
  MULTI_ENI_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error'], 'is not one of trace, debug, info, warn, error')
    .default('info'),
  MULTI_ENI_LOG_FORMAT: z.enum(['json', 'pretty'], 'is neither json nor pretty').default('json'),
});

/** The controller's configuration, as read from the environment once at start. */
export interface Config {
  readonly kubeconfig: string | undefined;
  readonly region: string | undefined;
  readonly ec2Endpoint: string | undefined;
  /** Undefined: the UID of the kube-system namespace. */
  readonly clusterName: string | undefined;
  /** The version that the image was built from. */
  readonly version: string;
  /** What this process calls itself in Temporal. */
  readonly identity: string;
  /** Where the Lease of the leading watcher is; undefined: in the Pod's namespace, outside of a Pod nowhere. */
  readonly leaseNamespace: string | undefined;
  readonly resyncMs: number;
  readonly auditMs: number;
  readonly orphanMode: 'report' | 'delete';
  readonly orphanMinAgeMs: number;
  readonly blockedRetryMaxMs: number;
  /** EC2 changes a second for the whole cluster. */
  readonly ec2Rate: number;
  /** Whether the workers tell Temporal their version, and get tasks only while it is the current one. */
  readonly workerVersioning: boolean;
  /** `HOST:PORT`, or empty for none. */
  readonly metricsAddress: string;
  readonly healthAddress: string;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  readonly logFormat: 'json' | 'pretty';
}

/** Reads the configuration, or says everything that is wrong with it. */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
): { readonly config: Config } | { readonly errors: readonly string[] } {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const empties = {
    MULTI_ENI_METRICS_ADDR: environment['MULTI_ENI_METRICS_ADDR'],
    MULTI_ENI_HEALTH_ADDR: environment['MULTI_ENI_HEALTH_ADDR'],
  };
  const parsed = ENVIRONMENT.safeParse({ ...given, ...empties });
  const unknown = Object.keys(given).filter((name) => name.startsWith('MULTI_ENI_') && !(name in ENVIRONMENT.shape));
  const errors = [
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)),
    ...(parsed.success ? versionErrors(parsed.data) : []),
    ...unknown.map((name) => `${name} is not a variable of this program`),
  ];
  if (!parsed.success || errors.length > 0) return { errors };
  return { config: toConfig(parsed.data) };
}

/** Temporal takes two builds of one name for the same code, so that versioning needs a name for each. */
function versionErrors(env: z.infer<typeof ENVIRONMENT>): string[] {
  const { MULTI_ENI_WORKER_VERSIONING: versioning, MULTI_ENI_BUILD_VERSION: version } = env;
  if (versioning === 'off') return [];
  if (NO_RELEASES.includes(version)) {
    return [
      `MULTI_ENI_BUILD_VERSION is "${version}", which is no release; MULTI_ENI_WORKER_VERSIONING=on needs the image of one (docker build --build-arg VERSION=...)`,
    ];
  }
  if (BUILD_ID.test(version)) return [];
  return [
    `MULTI_ENI_BUILD_VERSION "${version}" is not 1 to 100 letters, digits, dots, dashes, underscores or plus signs, as MULTI_ENI_WORKER_VERSIONING=on needs it`,
  ];
}

function toConfig(env: z.infer<typeof ENVIRONMENT>): Config {
  return {
    kubeconfig: env.KUBECONFIG,
    region: env.AWS_REGION,
    ec2Endpoint: env.AWS_ENDPOINT_URL_EC2,
    clusterName: env.MULTI_ENI_CLUSTER_NAME,
    version: env.MULTI_ENI_BUILD_VERSION,
    identity: env.POD_NAME ?? `multi-eni@${process.pid}`,
    leaseNamespace: env.MULTI_ENI_LEASE_NAMESPACE,
    resyncMs: env.MULTI_ENI_RESYNC_INTERVAL,
    auditMs: env.MULTI_ENI_AUDIT_INTERVAL,
    orphanMode: env.MULTI_ENI_ORPHAN_MODE,
    orphanMinAgeMs: env.MULTI_ENI_ORPHAN_MIN_AGE,
    blockedRetryMaxMs: env.MULTI_ENI_BLOCKED_RETRY_MAX,
    ec2Rate: env.MULTI_ENI_EC2_RATE,
    workerVersioning: env.MULTI_ENI_WORKER_VERSIONING === 'on',
    metricsAddress: env.MULTI_ENI_METRICS_ADDR,
    healthAddress: env.MULTI_ENI_HEALTH_ADDR,
    logLevel: env.MULTI_ENI_LOG_LEVEL,
    logFormat: env.MULTI_ENI_LOG_FORMAT,
  };
}
