import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { CustomObjectsApi } from '@kubernetes/client-node';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import type { RequestOptions } from 'node:https';

import { auditId } from '../../src/domain/names.js';
import { ApiGate } from '../stack/api-gate.js';
import { type Controller, type ControllerOptions, startController } from '../stack/controller.js';
import type { Ec2Config, Ec2Eni } from '../stack/ec2-types.js';
import { eventually } from '../stack/eventually.js';
import type { KubernetesApi } from '../stack/kubernetes.js';
import { seedVpc, type Vpc } from '../stack/seed.js';
import { type Stack, startStack } from '../stack/stack.js';
import { type AttachmentObject, type NodeEniObject, Objects } from '../world/objects.js';
import { Pairs } from '../world/pairs.js';
import { Tapes } from './tapes.js';

/** How to start a {@link Lab}. */
export interface LabOptions extends Pick<ControllerOptions, 'from'> {
  /** Default: no delays. */
  readonly ec2?: Ec2Config;
}

/** All that exists at one moment, by the name of the NodeENI. */
export interface Picture {
  readonly nodeEnis: ReadonlyMap<string, NodeEniObject>;
  readonly attachments: ReadonlyMap<string, readonly AttachmentObject[]>;
  readonly enis: ReadonlyMap<string, readonly Ec2Eni[]>;
}

/** The cluster's name in workflow ids and tags. */
export const CLUSTER = 'matrix';

/** Audits come when we ask for them, and not by the clock; they delete what two of them have seen. */
const AUDIT = { MULTI_ENI_AUDIT_INTERVAL: '24h', MULTI_ENI_ORPHAN_MODE: 'delete', MULTI_ENI_ORPHAN_MIN_AGE: '1s' };

const KIND = { group: 'networking.k8s.aws', version: 'v1alpha1' } as const;

/** The real parts, with a gate in front of EC2 and one in front of Kubernetes, and the controller behind them. */
export class Lab {
  readonly objects: Objects;
  readonly pairs: Pairs;
  readonly #custom: CustomObjectsApi;
  #controller: Controller | null = null;

  private constructor(
    readonly stack: Stack,
    readonly vpc: Vpc,
    readonly tapes: Tapes,
    private readonly gates: { readonly ec2: ApiGate; readonly kubernetes: ApiGate },
    private readonly program: Pick<ControllerOptions, 'from'>,
  ) {
    this.objects = new Objects(stack);
    this.pairs = new Pairs(stack, this.objects);
    this.#custom = stack.kubernetes.config.makeApiClient(CustomObjectsApi);
  }

  /** Starts everything, the controller included. */
  static async start({ ec2 = {}, ...program }: LabOptions = {}): Promise<Lab> {
    const stack = await startStack({ clusterName: CLUSTER, ec2 });
    const tapes = new Tapes();
    const gates = {
      ec2: await ApiGate.start({ upstream: stack.ec2.endpoint, judge: tapes.ec2 }),
      kubernetes: await ApiGate.start({
        upstream: stack.kubernetes.url,
        tls: await adminOf(stack.kubernetes),
        judge: tapes.kubernetes,
      }),
    };
    const lab = new Lab(stack, await seedVpc(stack.ec2.client), tapes, gates, program);
    writeFileSync(lab.#kubeconfig, JSON.stringify(throughGate(gates.kubernetes.url)));
    await lab.startController();
    return lab;
  }

  /** Starts the controller behind the gates, and waits until it is ready. */
  async startController(): Promise<void> {
    const env = { ...AUDIT, KUBECONFIG: this.#kubeconfig, AWS_ENDPOINT_URL_EC2: this.gates.ec2.url };
    this.#controller = await startController(this.stack, { ...this.program, env });
    await this.#controller.whenReady();
  }

  /** Ends the controller as a crash would; what the gates hold is dropped, and never executed if it was not yet. */
  async killController(): Promise<void> {
    await this.#controller?.process.kill9();
    for (const gate of Object.values(this.gates)) gate.drop();
  }

  /** Ends the controller as a deployment does, with nothing under way. */
  async stopController(): Promise<void> {
    await this.#controller?.process.stop();
  }

  /** Has the Schedule start an audit, after the one under way. It need not be over yet. */
  async audit(): Promise<void> {
    await this.pairs.temporal(async (client) => {
      const trigger = async (): Promise<boolean> => {
        await client.schedule.getHandle(auditId(CLUSTER)).trigger(ScheduleOverlapPolicy.BUFFER_ONE);
        return true;
      };
      // A controller makes the Schedule soon after it is ready.
      await eventually('the audit has a Schedule', trigger);
    });
  }

  /** Everything of now. */
  async picture(): Promise<Picture> {
    const [nodeEnis, attachments, enis] = await Promise.all([
      this.#list<NodeEniObject>('nodeenis'),
      this.#list<AttachmentObject>('nodeeniattachments'),
      this.stack.ec2.control.enis(),
    ]);
    return {
      nodeEnis: new Map(nodeEnis.map((one) => [one.metadata.name, one])),
      attachments: Map.groupBy(attachments, ({ spec }) => spec.nodeENI.name),
      enis: Map.groupBy(enis, ({ tags }) => tags['networking.k8s.aws/nodeeni'] ?? ''),
    };
  }

  /** Takes everything down. */
  async stop(): Promise<void> {
    await this.#controller?.process.kill9();
    for (const gate of Object.values(this.gates)) await gate.stop();
    await this.stack.stop();
  }

  get #kubeconfig(): string {
    return join(this.stack.dir, 'kubeconfig-gate.json');
  }

  async #list<T>(plural: string): Promise<T[]> {
    const { items } = (await this.#custom.listClusterCustomObject({ ...KIND, plural })) as { items: T[] };
    return items;
  }
}

async function adminOf({ config }: KubernetesApi): Promise<Pick<RequestOptions, 'ca' | 'cert' | 'key'>> {
  const options: RequestOptions = { agent: false };
  await config.applyToHTTPSOptions(options);
  const { ca, cert, key } = options;
  return { ca, cert, key };
}

/** Plain HTTP to this machine, which client-node allows only with this flag. */
function throughGate(url: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'gate', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'nobody', user: {} }],
    contexts: [{ name: 'gate', context: { cluster: 'gate', user: 'nobody' } }],
    'current-context': 'gate',
  };
}
