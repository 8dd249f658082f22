import { readFile } from 'node:fs/promises';

import { KubeConfig, type DispatcherOptions, type RequestContext } from '@kubernetes/client-node';
import { z } from 'zod';

/** How long connections of one pool are used: after it, a changed CA or client certificate counts. */
const POOL_MS = 10 * 60_000;

/** Longest time of a call that has no signal of its own; without it a dead connection holds a call for five minutes. */
const CALL_MS = 30_000;

/** HTTP/2 would put all calls and watches on one connection, and aborting a call would not close a dead one. */
const HTTP1 = { allowH2: false };

const withTokenFile = z.object({ config: z.object({ tokenFile: z.string() }) });

type Dispatcher = Parameters<RequestContext['setDispatcher']>[0];

/**
 * client-node's KubeConfig, which opens a new connection for every single request: this one shares a pool, limits the
 * time of calls, and reads a token file for every request, as it may be rotated at any moment.
 */
export class ClusterConfig extends KubeConfig {
  #pool: { readonly dispatcher: Dispatcher; readonly until: number } | undefined;

  override createDispatcherOptions(...input: Parameters<KubeConfig['createDispatcherOptions']>): DispatcherOptions {
    const options = super.createDispatcherOptions(...input);
    return options.type === 'agent' ? { ...options, connect: { ...options.connect, ...HTTP1 } } : options;
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context);
    const fresh = context.getDispatcher();
    if (fresh !== undefined) context.setDispatcher(this.#pooled(fresh));
    if (context.getSignal() === undefined) context.setSignal(AbortSignal.timeout(CALL_MS));
    const tokenFile = this.#tokenFile();
    if (tokenFile === undefined) return;
    context.setHeaderParam('Authorization', `Bearer ${(await readFile(tokenFile, 'utf8')).trim()}`);
  }

  /** A dispatcher that is dropped here has opened no connection yet. */
  #pooled(fresh: Dispatcher): Dispatcher {
    const now = performance.now();
    if (this.#pool === undefined || this.#pool.until < now) this.#pool = { dispatcher: fresh, until: now + POOL_MS };
    return this.#pool.dispatcher;
  }

  #tokenFile(): string | undefined {
    const provider = withTokenFile.safeParse(this.getCurrentUser()?.authProvider);
    return provider.success ? provider.data.config.tokenFile : undefined;
  }
}
