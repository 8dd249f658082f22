import { createEc2Client } from '../../aws/client.js';
import { createEc2, type Ec2 } from '../../aws/ec2.js';
import type { InstanceFacts, NetworkFacts } from '../../domain/observation.js';
import { CliFailure } from '../failure.js';
import type { Session } from '../session.js';
import type { Ec2Picture } from './check.js';
import type { Prediction } from './predict.js';

const MAX_SOCKETS = 8;

/** True when the environment says where EC2 is. */
export function knowsEc2({ io: { env } }: Session): boolean {
  return [env['AWS_REGION'], env['AWS_ENDPOINT_URL_EC2']].some((value) => value !== undefined && value !== '');
}

/** Reads what the predictions depend on, by shared calls that change nothing. @throws CliFailure */
export async function pictureOf(session: Session, predictions: readonly Prediction[]): Promise<Ec2Picture> {
  const { env, now } = session.io;
  const clusterName = await session.clusterName();
  const client = createEc2Client({
    region: env['AWS_REGION'],
    endpoint: env['AWS_ENDPOINT_URL_EC2'],
    maxSockets: MAX_SOCKETS,
  });
  try {
    const ec2 = createEc2({ client, clusterName });
    const read = predictions.map(async (prediction) => [prediction, await facts(ec2, prediction)] as const);
    const found = await Promise.all(read);
    return {
      clusterName,
      at: now(),
      instances: new Map(
        found.flatMap(([{ desired }, one]) =>
          one === null || desired === null ? [] : [[desired.spec.instanceId, one.instance]],
        ),
      ),
      networks: new Map(found.flatMap(([prediction, one]) => (one === null ? [] : [[prediction, one.network]]))),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CliFailure(`cannot check the plan in EC2: ${message}\n--no-ec2 plans without it.`, 1, error);
  } finally {
    client.destroy();
  }
}

interface Facts {
  readonly instance: InstanceFacts | null;
  readonly network: NetworkFacts;
}

async function facts(ec2: Ec2, { action, desired }: Prediction): Promise<Facts | null> {
  if (desired === null || !['create', 'replace', 'change'].includes(action)) return null;
  const { spec } = desired;
  const instance = await ec2.instance(spec.instanceId);
  const vpcId = instance?.vpcId;
  const [subnets, groups] = await Promise.all([
    ec2.subnets({ ids: spec.subnetIds, names: spec.subnetNames, vpcId }),
    ec2.securityGroups({ ids: spec.securityGroupIds, names: spec.securityGroupNames, vpcId }),
  ]);
  return { instance, network: { subnets, groups } };
}
