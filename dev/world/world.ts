import { CreateSecurityGroupCommand, CreateSubnetCommand } from '@aws-sdk/client-ec2';
import { type Controller, type ControllerOptions, startController } from '../stack/controller.js';
import { given, seedVpc, type Vpc } from '../stack/seed.js';
import { type Stack, type StackOptions, startStack } from '../stack/stack.js';
import { Network } from './network.js';
import { Objects } from './objects.js';
import { Pairs } from './pairs.js';

/** How to start a {@link World}. */
export interface WorldOptions extends StackOptions {
  /** The controller's environment, on top of the stack's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the controller goes through a network that can be cut. Default false. */
  readonly network?: boolean;
  /** How the controller runs, and runs again after a kill. */
  readonly controller?: Omit<ControllerOptions, 'env'>;
}

/** The real parts, the controller beside them as a process of its own, and words to speak about them. */
export class World {
  /** The running controller; tests that kill it start the next one. */
  controller!: Controller;
  private extraSubnets = 0;

  private constructor(
    readonly stack: Stack,
    readonly vpc: Vpc,
    readonly objects: Objects,
    readonly pairs: Pairs,
    private readonly defaults: ControllerOptions,
    private readonly cuttable: Network | null,
  ) {}

  /** Starts everything, the controller included. Takes about five seconds. */
  static async start(options: WorldOptions = {}): Promise<World> {
    const { env, controller, network, ...rest } = options;
    const stack = await startStack({ clusterName: 'e2e', ...rest });
    const vpc = await seedVpc(stack.ec2.client, { securityGroups: ['one', 'two'] });
    const objects = new Objects(stack);
    const cuttable = network === true ? await Network.start(stack) : null;
    const defaults = { ...controller, env: { ...cuttable?.env, ...env } };
    const world = new World(stack, vpc, objects, new Pairs(stack, objects), defaults, cuttable);
    await world.startController();
    return world;
  }

  /** The network of the option. @throws Error without it */
  get network(): Network {
    if (this.cuttable === null) throw new Error('this world was started without a network that can be cut');
    return this.cuttable;
  }

  /** Starts the controller and waits until it is ready. */
  async startController(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const { defaults } = this;
    this.controller = await startController(this.stack, { ...defaults, env: { ...defaults.env, ...env } });
    await this.controller.whenReady();
  }

  /** Ends the controller as a crash would. */
  async killController(): Promise<void> {
    await this.controller.process.kill9();
  }

  /** The subnet of a zone. */
  subnet(zone: 'a' | 'b'): string {
    const id = this.vpc.subnetIds[`us-east-1${zone}`];
    if (id === undefined) throw new Error(`no subnet in zone ${zone}`);
    return id;
  }

  /** A security group by name. */
  group(name: 'one' | 'two'): string {
    const id = this.vpc.securityGroupIds[name];
    if (id === undefined) throw new Error(`no security group ${name}`);
    return id;
  }

  /** Another subnet in a zone. */
  async extraSubnet(zone: 'a' | 'b'): Promise<string> {
    this.extraSubnets += 1;
    const { Subnet: subnet } = await this.stack.ec2.client.send(
      new CreateSubnetCommand({
        VpcId: this.vpc.vpcId,
        AvailabilityZone: `us-east-1${zone}`,
        CidrBlock: `10.0.${128 + this.extraSubnets}.0/24`,
      }),
    );
    return given(subnet?.SubnetId, 'CreateSubnet');
  }

  /** Another security group. */
  async extraGroup(name: string): Promise<string> {
    const { GroupId: id } = await this.stack.ec2.client.send(
      new CreateSecurityGroupCommand({ VpcId: this.vpc.vpcId, GroupName: name, Description: name }),
    );
    return given(id, 'CreateSecurityGroup');
  }

  /** Takes everything down. */
  async stop(): Promise<void> {
    await this.controller.process.stop();
    await this.stack.stop();
    await this.cuttable?.stop();
  }
}
