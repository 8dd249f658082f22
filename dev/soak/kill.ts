import { setTimeout as sleep } from 'node:timers/promises';

import type { World } from '../world/world.js';
import type { Network } from '../world/network.js';
import type { Peer, Victim } from './events.js';

/** Kills as a crash would, and brings back after a while. Resolves when everything is ready again. */
export async function kill(world: World, victim: Victim, downSeconds: number): Promise<void> {
  const { temporal, kubernetes } = world.stack;
  const down = async (): Promise<void> => {
    await sleep(downSeconds * 1000);
    world.network.heal(); // else what comes back would wait for an event that comes after it
  };
  switch (victim) {
    case 'controller':
      await world.killController();
      await down();
      return world.startController();
    case 'temporal':
      await temporal.kill9();
      await down();
      return temporal.restart();
    case 'temporalData':
      await temporal.kill9();
      await down();
      return temporal.wipe();
    case 'kubernetes':
      await kubernetes.kill9();
      await down();
      return kubernetes.restart();
    case 'controllerAndTemporal':
      await Promise.all([world.killController(), temporal.kill9()]);
      await down();
      await temporal.restart();
      return world.startController();
  }
}

/** Does something to the controller's connections. Returns whose. */
export function cut(network: Network, peer: Peer, what: 'reset' | 'blackHole' | 'refuse'): string {
  const proxy = network[peer];
  if (what === 'blackHole') proxy.blackHole();
  else proxy.reset();
  if (what === 'refuse') proxy.refuse(true);
  return peer;
}
