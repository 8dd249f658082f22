import { AppsV1Api, CoordinationV1Api, V1MicroTime } from '@kubernetes/client-node';

import type { KubernetesApi } from '../../../dev/stack/kubernetes.js';

/** Makes what shows that the Go controller runs. @returns what takes it away again */
export async function pretendToRun({ config, core }: KubernetesApi): Promise<() => Promise<void>> {
  const [apps, leases] = [config.makeApiClient(AppsV1Api), config.makeApiClient(CoordinationV1Api)];
  const [namespace, name, labels] = ['eni-controller-system', 'eni-controller', { app: 'eni-controller' }];
  const podSpec = { containers: [{ name: 'manager', image: 'none' }] };
  const template = { metadata: { labels }, spec: podSpec };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  await core.createNamespace({ body: { metadata: { name: namespace } } });
  await apps.createNamespacedDeployment({ namespace, body: { metadata: { name, labels }, spec } });
  await core
    .createNamespacedServiceAccount({ namespace, body: { metadata: { name: 'default' } } })
    .catch(() => undefined);
  await core.createNamespacedPod({ namespace, body: { metadata: { name: `${name}-0`, labels }, spec: podSpec } });
  const held = { holderIdentity: 'pod-0', leaseDurationSeconds: 15, renewTime: new V1MicroTime() };
  const lease = 'nodeeni-controller-leader-election';
  await leases.createNamespacedLease({ namespace, body: { metadata: { name: lease }, spec: held } });
  return async () => {
    await apps.deleteNamespacedDeployment({ namespace, name });
    await core.deleteNamespacedPod({ namespace, name: `${name}-0`, gracePeriodSeconds: 0 });
    await leases.deleteNamespacedLease({ namespace, name: lease });
  };
}
