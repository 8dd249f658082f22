import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  AttachNetworkInterfaceCommand,
  CreateNetworkInterfaceCommand,
  CreateSubnetCommand,
  EC2Client,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import {
  ApiextensionsV1Api,
  CustomObjectsApi,
  loadYaml,
  PatchStrategy,
  setHeaderOptions,
  type V1CustomResourceDefinition,
} from '@kubernetes/client-node';

import { REPO } from '../../../dev/bootstrap/paths.js';
import { installCrds } from '../../../dev/stack/crds.js';
import { REGION } from '../../../dev/stack/ec2.js';
import type { Ec2Eni, Ec2Policy } from '../../../dev/stack/ec2-types.js';
import { eventually } from '../../../dev/stack/eventually.js';
import type { SeededNode } from '../../../dev/stack/nodes.js';
import { given, seedVpc, type Vpc } from '../../../dev/stack/seed.js';
import { type Stack, startStack } from '../../../dev/stack/stack.js';
import { Objects } from '../../../dev/world/objects.js';
import { Pairs } from '../../../dev/world/pairs.js';
import { GO_FINALIZER } from '../../../src/domain/migration/go-controller.js';
import { migrate, type MigrateOptions } from '../../../src/migrate/migrate.js';

const KIND = { group: 'networking.k8s.aws', version: 'v1alpha1', plural: 'nodeenis' } as const;
const MERGE_PATCH = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
const CLUSTER = 'migrated';
/** Whom the policy of the operator binds. */
const OPERATOR = 'operator';

/** An ENI of the Go controller, by the pair that it made it for. */
export interface GoEni {
  readonly nodeEni: string;
  readonly node: SeededNode;
  readonly subnetId: string;
  /** Null: attached to nothing. */
  readonly deviceIndex: number | null;
}

/** What a run of the command printed. */
export interface MigrationRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A cluster as the Go controller leaves it: its CRD, its objects and its ENIs; ours is not there yet. */
export class GoWorld {
  readonly objects: Objects;
  readonly pairs: Pairs;
  private readonly custom: CustomObjectsApi;

  private constructor(
    readonly stack: Stack,
    readonly vpc: Vpc,
  ) {
    this.objects = new Objects(stack);
    this.pairs = new Pairs(stack, this.objects);
    this.custom = stack.kubernetes.config.makeApiClient(CustomObjectsApi);
  }

  /** Starts the servers, and puts the Go controller's CRD in the place of ours. Takes about five seconds. */
  static async start(): Promise<GoWorld> {
    const stack = await startStack({ clusterName: CLUSTER });
    const vpc = await seedVpc(stack.ec2.client);
    const definitions = stack.kubernetes.config.makeApiClient(ApiextensionsV1Api);
    for (const plural of ['nodeenis', 'nodeeniattachments']) {
      await definitions.deleteCustomResourceDefinition({ name: `${plural}.networking.k8s.aws` });
    }
    await eventually(
      'our CRDs are gone',
      async () => {
        const { items } = await definitions.listCustomResourceDefinition();
        return items.length === 0;
      },
      { timeoutMs: 30_000 },
    );
    const text = await readFile(join(REPO, 'test/migration/fixtures/go-crd.yaml'), 'utf8');
    // Not by installCrds, whose fields are its own: as Helm installs it, they belong to somebody else.
    await definitions.createCustomResourceDefinition({ body: loadYaml<V1CustomResourceDefinition>(text) });
    const policy = await readFile(join(REPO, 'deploy/iam/migration-policy.json'), 'utf8');
    await stack.ec2.control.policy(OPERATOR, JSON.parse(policy.replaceAll('CLUSTER_NAME', CLUSTER)) as Ec2Policy);
    const world = new GoWorld(stack, vpc);
    await eventually(
      "the Go controller's CRD is served",
      async () => {
        await world.custom.listClusterCustomObject(KIND);
        return true;
      },
      { timeoutMs: 30_000 },
    );
    return world;
  }

  /** The subnet of zone a. */
  get subnetId(): string {
    return given(this.vpc.subnetIds['us-east-1a'], 'CreateSubnet');
  }

  /** Another one in zone a. */
  async secondSubnet(): Promise<string> {
    const { Subnet: subnet } = await this.stack.ec2.client.send(
      new CreateSubnetCommand({ VpcId: this.vpc.vpcId, AvailabilityZone: 'us-east-1a', CidrBlock: '10.0.128.0/24' }),
    );
    return given(subnet?.SubnetId, 'CreateSubnet');
  }

  /** Puts our CRDs in the place of the Go controller's, as `kubectl apply -k deploy/crds` does. */
  async installOurs(): Promise<void> {
    await installCrds(this.stack.kubernetes.config, join(REPO, 'deploy/crds'));
  }

  /** Makes an ENI as the Go controller does: its tags, its description, deleteOnTermination after the attach. */
  async eni({ nodeEni, node, subnetId, deviceIndex }: GoEni): Promise<string> {
    const { client } = this.stack.ec2;
    const tags = {
      Name: `nodeeni-${nodeEni}-${node.name}-${subnetId.slice(-8)}`,
      NodeENI: nodeEni,
      Node: node.name,
      SubnetID: subnetId,
      'kubernetes.io/cluster/managed-by': 'nodeeni-controller',
      'node.k8s.amazonaws.com/no_manage': 'true',
    };
    const made = await client.send(
      new CreateNetworkInterfaceCommand({
        SubnetId: subnetId,
        Groups: Object.values(this.vpc.securityGroupIds),
        Description: `ENI created by nodeeni-controller for node ${node.name}`,
        TagSpecifications: [
          {
            ResourceType: 'network-interface',
            Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
          },
        ],
      }),
    );
    const eniId = given(made.NetworkInterface?.NetworkInterfaceId, 'CreateNetworkInterface');
    if (deviceIndex !== null) await this.attach(eniId, node.instanceId, deviceIndex);
    return eniId;
  }

  private async attach(eniId: string, instanceId: string, deviceIndex: number): Promise<void> {
    const { client } = this.stack.ec2;
    const { AttachmentId } = await client.send(
      new AttachNetworkInterfaceCommand({
        NetworkInterfaceId: eniId,
        InstanceId: instanceId,
        DeviceIndex: deviceIndex,
      }),
    );
    const change = { AttachmentId, DeleteOnTermination: true };
    await client.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: eniId, Attachment: change }));
  }

  /** Makes a NodeENI with the Go controller's finalizer, and its status as the Go controller writes it. */
  async nodeEni(name: string, spec: object, enis: readonly string[]): Promise<void> {
    const metadata = { name, finalizers: [GO_FINALIZER] };
    const body = { apiVersion: 'networking.k8s.aws/v1alpha1', kind: 'NodeENI', metadata, spec };
    await this.custom.createClusterCustomObject({ ...KIND, body });
    const known = await this.stack.ec2.control.enis();
    const attachments = enis.map((id) =>
      entry(
        given(
          known.find((eni) => eni.id === id),
          id,
        ),
      ),
    );
    await this.custom.patchClusterCustomObjectStatus({ ...KIND, name, body: { status: { attachments } } }, MERGE_PATCH);
  }

  /** A NodeENI as the API server has it, whatever its CRD. */
  async raw(name: string): Promise<RawNodeEni> {
    return (await this.custom.getClusterCustomObject({ ...KIND, name })) as RawNodeEni;
  }

  /** An ENI as EC2 has it. */
  async seen(eniId: string): Promise<Ec2Eni> {
    return given(
      (await this.stack.ec2.control.enis()).find(({ id }) => id === eniId),
      eniId,
    );
  }

  /** A client with the operator's rights. */
  operator(): EC2Client {
    const { endpoint } = this.stack.ec2;
    const credentials = { accessKeyId: OPERATOR, secretAccessKey: OPERATOR };
    return new EC2Client({ endpoint, region: REGION, credentials, maxAttempts: 1 });
  }

  /** The environment of the operator, whose rights are those of deploy/iam/migration-policy.json. */
  operatorEnv(): Record<string, string> {
    return { ...this.stack.env(), AWS_ACCESS_KEY_ID: OPERATOR, AWS_SECRET_ACCESS_KEY: OPERATOR };
  }

  /** Runs the command within this process, with the operator's rights. */
  async migrate(options: Partial<MigrateOptions> = {}): Promise<MigrationRun> {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...env } = this.operatorEnv();
    Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
    const said = { out: '', err: '' };
    const io = {
      out: (text: string) => void (said.out += text),
      err: (text: string) => void (said.err += text),
      now: Date.now,
    };
    const config = {
      kubeconfig: env['KUBECONFIG'],
      region: env['AWS_REGION'],
      ec2Endpoint: env['AWS_ENDPOINT_URL_EC2'],
      clusterName: CLUSTER,
    };
    const code = await migrate(io, config, { apply: false, bySlot: false, output: 'json', ...options });
    return { code, ...said };
  }
}

/** A NodeENI as far as these tests read it. */
export interface RawNodeEni {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly uid: string;
    readonly finalizers?: readonly string[];
  };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: { readonly attachments?: readonly Readonly<Record<string, unknown>>[] };
}

function entry({ id, subnetId, tags, attachment }: Ec2Eni): object {
  return {
    nodeID: tags['Node'],
    instanceID: attachment?.instanceId ?? 'i-0',
    eniID: id,
    attachmentID: attachment?.id ?? 'eni-attach-0',
    subnetID: subnetId,
    subnetCIDR: '10.0.0.0/20',
    mtu: 9001,
    deviceIndex: attachment?.deviceIndex ?? 0,
    status: 'attached',
    lastUpdated: '2026-01-01T00:00:00Z',
  };
}
