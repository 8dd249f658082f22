import type { WorkerOptions } from '@temporalio/worker';

/** What Temporal calls the workers of a cluster, and those of one release among them. */
export interface DeploymentVersion {
  readonly deploymentName: string;
  /** The release; null: workers without a version, as they are by default. */
  readonly buildId: string | null;
}

/**
 * The version of a cluster's workers. Temporal takes a deployment's name without dots and colons, and a cluster's name may
 * have dots: they become `~`, which it cannot have, so that no two clusters share a name.
 */
export function deploymentVersion(clusterName: string, buildId: string | null): DeploymentVersion {
  return { deploymentName: `multi-eni-${clusterName.replaceAll('.', '~')}`, buildId };
}

/**
 * The options of a worker of this version. A pair lives for months, and its old release would have to run as long:
 * workflows go on under the new one at their next task. Without a version there is no behaviour either: Temporal would
 * refuse every workflow task.
 */
export function versioningOptions(version: DeploymentVersion): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  const { deploymentName, buildId } = version;
  if (buildId === null) return {};
  return {
    workerDeploymentOptions: {
      version: { deploymentName, buildId },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
  };
}

/** The command by which an operator has Temporal give this version the tasks. */
export function makeCurrentCommand({ deploymentName, buildId }: DeploymentVersion, namespace: string): string {
  const target = buildId === null ? '--unversioned' : `--build-id ${buildId}`;
  return [
    `temporal worker deployment set-current-version --namespace ${namespace}`,
    `--deployment-name ${deploymentName} ${target}`,
  ].join(' ');
}
