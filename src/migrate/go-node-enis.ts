import { z } from 'zod';

import { CliFailure } from '../cli/failure.js';
import { GO_FINALIZER, type GoNodeEni } from '../domain/migration/go-controller.js';
import { describeError } from '../kubernetes/errors.js';
import { parseMetadata } from '../kubernetes/metadata.js';
import { parseNodeEni } from '../kubernetes/schema.js';

const text = z.string().nullish().catch(null);

/** What only the Go controller's objects have. What is not understood counts as absent: the ENIs' tags say it too. */
const extras = z.object({
  spec: z.object({ subnetName: text }),
  status: z
    .object({
      attachments: z.array(z.object({ nodeID: text, eniID: text })).catch([]),
    })
    .catch({ attachments: [] }),
});

/** Reads a NodeENI as the Go controller left it. @throws CliFailure for one that this controller could not read */
export function parseGoNodeEni(raw: unknown): GoNodeEni {
  const { name, finalizers } = parseMetadata(raw);
  try {
    const { spec, status } = extras.parse(raw);
    return {
      nodeEni: parseNodeEni(raw),
      hasGoFinalizer: finalizers.includes(GO_FINALIZER),
      subnetName: spec.subnetName ?? null,
      entries: status.attachments.flatMap(({ nodeID, eniID }) => {
        return typeof nodeID === 'string' && typeof eniID === 'string' ? [{ node: nodeID, eniId: eniID }] : [];
      }),
    };
  } catch (error) {
    const message = `cannot understand NodeENI ${name}: ${describeError(error)}\nCorrect its spec, then plan again.`;
    throw new CliFailure(message, 1, error);
  }
}
