import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  ApiextensionsV1Api,
  CustomObjectsApi,
  KubernetesObjectApi,
  loadAllYaml,
  PatchStrategy,
  type KubeConfig,
  type V1CustomResourceDefinition,
} from '@kubernetes/client-node';

import { eventually } from './eventually.js';

const FIELD_MANAGER = 'multi-eni-dev';

/**
 * Applies every CustomResourceDefinition of a folder's YAML files and waits until each is served.
 * Those that are there already are brought to the files' state. A folder that does not exist holds none.
 *
 * @returns their names
 */
export async function installCrds(kubeConfig: KubeConfig, dir: string): Promise<string[]> {
  const crds = await readCrds(dir);
  const objects = KubernetesObjectApi.makeApiClient(kubeConfig);
  const { ServerSideApply } = PatchStrategy;
  for (const crd of crds) await objects.patch(crd, undefined, undefined, FIELD_MANAGER, true, ServerSideApply);
  await Promise.all(crds.map((crd) => untilServed(kubeConfig, crd)));
  return crds.map(nameOf);
}

async function readCrds(dir: string): Promise<V1CustomResourceDefinition[]> {
  const names = await readdir(dir).catch(() => []);
  const files = names.filter((name) => name.endsWith('.yaml')).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(dir, file), 'utf8')));
  const documents = texts.flatMap((text) => loadAllYaml(text) as (V1CustomResourceDefinition | undefined)[]);
  return documents.flatMap((crd) => (crd?.kind === 'CustomResourceDefinition' ? [crd] : []));
}

async function untilServed(kubeConfig: KubeConfig, crd: V1CustomResourceDefinition): Promise<void> {
  const definitions = kubeConfig.makeApiClient(ApiextensionsV1Api);
  const name = nameOf(crd);
  await eventually(`CustomResourceDefinition ${name} is established`, async () => {
    const { status } = await definitions.readCustomResourceDefinition({ name });
    const established = status?.conditions?.find(({ type }) => type === 'Established')?.status;
    if (established !== 'True') throw new Error(JSON.stringify(status?.conditions ?? 'no conditions yet'));
    return true;
  });
  // "Established" can come before the path is served.
  const { group, names, versions } = crd.spec;
  const custom = kubeConfig.makeApiClient(CustomObjectsApi);
  for (const { name: version, served } of versions) {
    if (!served) continue;
    await eventually(`${names.plural}.${version}.${group} can be listed`, async () => {
      await custom.listCustomObjectForAllNamespaces({ group, version, resourcePlural: names.plural, limit: 1 });
      return true;
    });
  }
}

function nameOf(crd: V1CustomResourceDefinition): string {
  return crd.metadata?.name ?? '(without a name)';
}
