import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type {
  KubernetesObject,
  V1ClusterRole,
  V1ConfigMap,
  V1Deployment,
  V1PodDisruptionBudget,
  V1Role,
} from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';

import { REPO } from '../../dev/bootstrap/paths.js';
import { kustomizeBuild, run } from './tools.js';

/** What can be applied with `kubectl apply -k`. */
export const OVERLAYS = ['deploy/base', 'deploy/overlays/dev', 'deploy/overlays/prod'] as const;

/** The kinds that the tests look into. */
interface Kinds {
  ClusterRole: V1ClusterRole;
  ConfigMap: V1ConfigMap;
  Deployment: V1Deployment;
  PodDisruptionBudget: V1PodDisruptionBudget;
  Role: V1Role;
}

/** A kustomization's objects as YAML, in the order in which they are to be applied. */
export async function renderYaml(folder: string): Promise<string> {
  return await run(await kustomizeBuild(), [folder]);
}

/** The same as plain objects. Not to be sent by client-node's typed APIs: those drop `x-kubernetes-…` of plain objects. */
export async function render(folder: string): Promise<KubernetesObject[]> {
  return objectsIn(await renderYaml(folder));
}

/** The objects of a file in the repository. */
export async function load(file: string): Promise<KubernetesObject[]> {
  return objectsIn(await readFile(join(REPO, file), 'utf8'));
}

function objectsIn(yaml: string): KubernetesObject[] {
  return parseAllDocuments(yaml).map((document) => document.toJS() as KubernetesObject);
}

/** Those of one kind. */
export function ofKind<K extends keyof Kinds>(objects: readonly KubernetesObject[], kind: K): Kinds[K][] {
  return objects.filter((object) => object.kind === kind);
}

/** The version in package.json. */
export async function packageVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(REPO, 'package.json'), 'utf8')) as { version: string };
  return version;
}
