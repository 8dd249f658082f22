import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parse } from 'yaml';

import { REPO } from '../bootstrap/paths.js';

/** A service of docker-compose.yml, as far as it is run here without Docker. */
export interface ComposeService {
  readonly environment: Readonly<Record<string, string>>;
  /** The program with its arguments; empty where it is the image's own. Paths in a mounted folder are the repository's. */
  readonly entrypoint: readonly string[];
  /** The command of the health check, without its CMD; a CMD-SHELL is `sh -c …`. Empty when there is none. */
  readonly healthcheck: readonly string[];
  /** Milliseconds between SIGTERM and SIGKILL. Docker's default is ten seconds. */
  readonly stopGraceMs: number;
}

interface RawService {
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly entrypoint?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly stop_grace_period?: string;
  readonly volumes?: readonly string[];
}

/** The variables of .env, which Docker Compose reads. */
export async function composeVariables(): Promise<Record<string, string>> {
  const lines = (await readFile(join(REPO, '.env'), 'utf8')).matchAll(/^([A-Z_]+)=(.*)$/gm);
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
}

/**
 * Reads a service of docker-compose.yml with the variables of .env, as Docker Compose does.
 * @throws Error when there is no such service, or .env lacks a variable
 */
export async function composeService(name: string): Promise<ComposeService> {
  const variables = await composeVariables();
  const text = (await readFile(join(REPO, 'docker-compose.yml'), 'utf8'))
    .replaceAll(/\$\{([A-Z_]+):\?\}/g, (_, variable: string) => {
      const value = variables[variable];
      if (value === undefined) throw new Error(`docker-compose.yml uses ${variable}, and .env does not set it`);
      return value;
    })
    .replaceAll('$$', '$');
  const { services } = parse(text, { merge: true }) as { services: Readonly<Record<string, RawService>> };
  const service = services[name];
  if (service === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  const ours = (value: string): string => onThisMachine(value, service.volumes ?? []);
  return {
    environment: Object.fromEntries(
      Object.entries(service.environment ?? {}).map(([variable, value]) => [variable, ours(String(value))]),
    ),
    entrypoint: (service.entrypoint ?? []).map(ours),
    healthcheck: commandOf(service.healthcheck?.test ?? []),
    stopGraceMs: Number.parseInt(service.stop_grace_period ?? '10s', 10) * 1000,
  };
}

/** Paths in a folder that is mounted from the repository, such as `./deploy/temporal:/deploy/temporal:ro`. */
function onThisMachine(value: string, volumes: readonly string[]): string {
  for (const volume of volumes) {
    const [source = '', target = ''] = volume.split(':');
    if (source.startsWith('./') && value.startsWith(`${target}/`)) {
      return join(REPO, source, value.slice(target.length));
    }
  }
  return value;
}

function commandOf([kind, ...command]: readonly string[]): string[] {
  return kind === 'CMD-SHELL' ? ['sh', '-c', ...command] : command;
}
