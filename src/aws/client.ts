import { globalAgent } from 'node:https';

import { EC2Client } from '@aws-sdk/client-ec2';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** How to reach EC2. */
export interface Ec2ClientOptions {
  /** Undefined: the SDK's own chain, from AWS_REGION on. */
  readonly region?: string | undefined;
  /** Undefined: the SDK's own chain, from AWS_ENDPOINT_URL_EC2 on, and EC2's public endpoint at last. */
  readonly endpoint?: string | undefined;
  /** Connections at a time: as many as calls that may run at a time, else calls queue for a socket. */
  readonly maxSockets: number;
  /** Longest that a call may take, the wait for a socket included. Default 15,000, so that retries stay below 20 s. */
  readonly requestTimeoutMs?: number;
  /** Longest that a connection may take, the wait for a socket included. Default 3,000: three SYNs at Linux' spacing of 1 and 2 s. */
  readonly connectionTimeoutMs?: number;
}

/**
 * The one client of the process. It never retries: every retry is Temporal's, so that two layers of them do not multiply.
 * Credentials come from the SDK's default chain, and are refreshed by it. With NODE_USE_ENV_PROXY=1 it goes through the
 * proxy of HTTPS_PROXY, but for the hosts of NO_PROXY, as Node.js' own requests do. End it with `destroy()`.
 */
export function createEc2Client(options: Ec2ClientOptions): EC2Client {
  const { region, endpoint, maxSockets, requestTimeoutMs = 15_000, connectionTimeoutMs = 3_000 } = options;
  const { proxyEnv } = globalAgent.options; // an agent of one's own is not told by Node.js
  const agent = { keepAlive: true, maxSockets, ...(proxyEnv === undefined ? {} : { proxyEnv }) };
  return new EC2Client({
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      httpAgent: agent,
      httpsAgent: agent,
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      // Without it the SDK only logs that the time is over.
      throwOnRequestTimeout: true,
      // The request's timeout ends with the headers of the reply; this one ends a body that stalls.
      socketTimeout: requestTimeoutMs,
    }),
  });
}
