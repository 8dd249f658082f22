import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { KubernetesObject } from '@kubernetes/client-node';
import { parse, parseAllDocuments } from 'yaml';

import { REPO } from '../../dev/bootstrap/paths.js';

/** The charts, by their folders. */
export const CONTROLLER = 'deploy/helm/multi-eni-controller';
export const CRDS = 'deploy/helm/multi-eni-crds';

/** With this name and namespace every object is called as in the kustomize base. */
export const RELEASE = 'multi-eni';
export const NAMESPACE = 'multi-eni-system';

/** What a user sets; merged into the chart's values.yaml. */
export type Values = Readonly<Record<string, unknown>>;

const execute = promisify(execFile);
let binary: Promise<string> | undefined;

/**
 * Runs helm in the repository's folder, in the version of dev/helm; it is built where `make setup` has not.
 * @returns what it wrote to standard output
 * @throws Error with what it wrote to standard error
 */
export async function helm(...args: readonly string[]): Promise<string> {
  binary ??= execute('sh', [join(REPO, 'dev/helm/bring.sh')]).then(({ stdout }) => stdout.trim());
  const { stdout } = await execute(await binary, [...args], { cwd: REPO, maxBuffer: 64 << 20 });
  return stdout;
}

/** Arguments that set these values. */
export function settings(values: Values): string[] {
  return Object.keys(values).length === 0 ? [] : ['--set-json', JSON.stringify(values)];
}

/** The objects of a chart as YAML, as `helm template` renders them. @throws Error when the chart refuses the values */
export async function renderChartYaml(chart: string, values: Values = {}, release = RELEASE): Promise<string> {
  return await helm('template', release, chart, '--namespace', NAMESPACE, ...settings(values));
}

/** The same as plain objects. */
export async function renderChart(chart: string, values: Values = {}, release = RELEASE): Promise<KubernetesObject[]> {
  return objectsIn(await renderChartYaml(chart, values, release));
}

/** The objects of a YAML text; empty documents are left out. */
export function objectsIn(yaml: string): KubernetesObject[] {
  return parseAllDocuments(yaml, { merge: true })
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
}

/** A YAML or JSON file of the repository. */
export async function readYaml(file: string): Promise<unknown> {
  return parse(await readFile(join(REPO, file), 'utf8'), { merge: true });
}

/** `Kind name` of each object, sorted. */
export function namesOf(objects: readonly KubernetesObject[]): string[] {
  return objects.map(({ kind, metadata }) => `${kind ?? ''} ${metadata?.name ?? ''}`).sort();
}
