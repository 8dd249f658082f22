import { codeUnder } from '../../docs/shell-blocks.js';
import type { Desk } from './desk.js';

const INSTALL = ['upgrade', '--install', '--create-namespace'];

/** Installs the release `multi-eni` with the values of docs/install-eks.md, where no earlier test has left it. */
export async function installed(desk: Desk): Promise<void> {
  await definitions(desk);
  await desk.write('my-values.yaml', codeUnder('docs/install-eks.md', '5. The charts', 'yaml'));
  if ((await releases(desk)).includes('multi-eni')) return;
  await desk.helm(...INSTALL, '--values', 'my-values.yaml', 'multi-eni', 'deploy/helm/multi-eni-controller');
}

/** Installs the CustomResourceDefinitions, where no earlier test has left them. */
export async function definitions(desk: Desk): Promise<void> {
  if ((await releases(desk)).includes('multi-eni-crds')) return;
  await desk.helm(...INSTALL, 'multi-eni-crds', 'deploy/helm/multi-eni-crds');
  await desk.kubectl('wait', 'crd', '--all', '--for', 'condition=Established');
}

async function releases(desk: Desk): Promise<string[]> {
  return (await desk.helm('list', '--short')).split('\n');
}
