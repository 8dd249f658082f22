import { readFile } from 'node:fs/promises';

import type { NodeEni } from '../../domain/node-eni.js';
import { readCluster } from '../cluster/cluster.js';
import { CliFailure } from '../failure.js';
import { check } from '../plan/check.js';
import { dryRun } from '../plan/dry-run.js';
import { knowsEc2, pictureOf } from '../plan/ec2.js';
import { readManifests } from '../plan/manifests.js';
import { predict, type Prediction } from '../plan/predict.js';
import { planText, type Checked } from '../plan/render.js';
import type { Session } from '../session.js';

/** The options of `plan`. */
export interface PlanOptions {
  /** A path, or `-` for standard input. */
  readonly filename: string;
  /** Whether to ask EC2; undefined: when the environment says where it is. */
  readonly ec2: boolean | undefined;
}

/**
 * Prints what applying a file would do to each node. Changes nothing.
 *
 * @throws CliFailure when the file cannot be read, or the API server refuses what is in it
 */
export async function plan(session: Session, options: PlanOptions): Promise<void> {
  const file = options.filename === '-' ? 'standard input' : options.filename;
  const { nodeEnis: manifests, others } = readManifests(await textOf(session, options.filename), file);
  const cluster = await readCluster(session.kubernetes);
  const nodeEnis: NodeEni[] = [];
  for (const manifest of manifests) nodeEnis.push(await dryRun(session.kubernetes, manifest));
  const predictions = predict(cluster, nodeEnis, session.io.now());
  const asks = options.ec2 ?? knowsEc2(session);
  const checks = asks ? check(predictions, await pictureOf(session, predictions)) : null;
  const rows = predictions.map((prediction) => ({ prediction, check: checks?.get(prediction) ?? null }));
  session.print({ pairs: rows.map(data), ec2: asks, others }, () =>
    [
      planText(rows, session.options.output === 'wide'),
      asks ? '' : 'EC2 was not asked: subnets, limits and free addresses are not checked (--ec2).\n',
      nodeEnis.map(unhandled).join(''),
      others.length === 0 ? '' : `Left out, since they are no NodeENIs: ${others.join(', ')}\n`,
    ].join(''),
  );
}

async function textOf({ io }: Session, filename: string): Promise<string> {
  if (filename === '-') return io.stdin();
  try {
    return await readFile(filename, 'utf8');
  } catch (error) {
    throw new CliFailure(
      `cannot read ${filename}: ${error instanceof Error ? error.message : String(error)}`,
      1,
      error,
    );
  }
}

function unhandled({ name, unhandledFields }: NodeEni): string {
  if (unhandledFields.length === 0) return '';
  const fields = unhandledFields.map((field) => `spec.${field}`).join(', ');
  return `NodeENI ${name}: accepted, but nothing is done with ${fields}\n`;
}

function data({ prediction, check: found }: Checked): object {
  const { node, nodeEni, action, detail, desired, attachment }: Prediction = prediction;
  const { instanceId, zone, deviceIndex, networkCardIndex } = desired?.spec ?? {};
  const base = { node, nodeEni, action, detail, attachment: attachment?.name ?? null };
  return { ...base, instanceId, zone, deviceIndex, networkCardIndex, check: found };
}
