import { EC2Client } from '@aws-sdk/client-ec2';

import { REGION } from '../stack/ec2.js';
import type { Stack } from '../stack/stack.js';

/** A client that acts as somebody else in the account: without the faults that are on, and without traces in the log. */
export function handClient({ ec2 }: Pick<Stack, 'ec2'>): EC2Client {
  const client = new EC2Client({
    endpoint: ec2.endpoint,
    region: REGION,
    credentials: { accessKeyId: 'hand', secretAccessKey: 'hand' },
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      (args.request as { headers: Record<string, string> }).headers['x-strict-bypass'] = '1';
      return next(args);
    },
    { step: 'build', name: 'bypass' },
  );
  return client;
}
