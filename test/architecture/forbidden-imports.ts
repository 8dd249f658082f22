/** A line of code in a folder of src, and whether the rules must let it pass. */
export interface ImportCase {
  readonly folder: string;
  readonly code: string;
  readonly allowed: boolean;
}

/** The table "Who may import what" of docs/architecture.md, by example. */
export const IMPORT_CASES: readonly ImportCase[] = [
  ...cases('domain', {
    allowed: ["import { x } from './own.js'", "import { x } from '../own.js'"],
    forbidden: [
      "import { readFileSync } from 'node:fs'",
      "import { z } from 'zod'",
      "import { x } from '../contract/own.js'",
      "import type { x } from '../aws/own.js'",
    ],
  }),
  ...cases('contract', {
    allowed: [
      "import { x } from '../domain/own.js'",
      "import { defineSignal } from '@temporalio/workflow'",
      "import { defineSearchAttributeKey } from '@temporalio/common'",
    ],
    forbidden: [
      "import type { EC2Client } from '@aws-sdk/client-ec2'",
      "import { x } from '../activities/own.js'",
      "import { hostname } from 'node:os'",
    ],
  }),
  ...cases('workflows', {
    allowed: [
      "import { sleep } from '@temporalio/workflow'",
      "import { x } from '../contract/own.js'",
      "import type { x } from '../activities/own.js'",
    ],
    forbidden: [
      "import { x } from '../activities/own.js'",
      "import { x } from '../config/own.js'",
      "import { EC2Client } from '@aws-sdk/client-ec2'",
      "import { z } from 'zod'",
      "import { setTimeout } from 'node:timers/promises'",
    ],
  }),
  ...cases('activities', {
    allowed: [
      "import { x } from '../aws/own.js'",
      "import { x } from '../kubernetes/own.js'",
      "import { Context } from '@temporalio/activity'",
    ],
    forbidden: [
      "import { x } from '../workflows/own.js'",
      "import { x } from '../watcher/own.js'",
      "import { x } from '../config/own.js'",
      "import { Client } from '@temporalio/client'",
      "import { EC2Client } from '@aws-sdk/client-ec2'",
    ],
  }),
  ...cases('aws', {
    allowed: ["import { EC2Client } from '@aws-sdk/client-ec2'", "import { x } from '../domain/own.js'"],
    forbidden: [
      "import { Context } from '@temporalio/activity'",
      "import { KubeConfig } from '@kubernetes/client-node'",
      "import { x } from '../kubernetes/own.js'",
    ],
  }),
  ...cases('kubernetes', {
    allowed: ["import { KubeConfig } from '@kubernetes/client-node'", "import { z } from 'zod'"],
    forbidden: [
      "import { ApplicationFailure } from '@temporalio/common'",
      "import { EC2Client } from '@aws-sdk/client-ec2'",
      "import { x } from '../aws/own.js'",
    ],
  }),
  ...cases('watcher', {
    allowed: [
      "import { Client } from '@temporalio/client'",
      "import { x } from '../kubernetes/own.js'",
      "import type { x } from '../workflows/own.js'",
    ],
    forbidden: [
      "import { x } from '../aws/own.js'",
      "import { x } from '../activities/own.js'",
      "import { x } from '../workflows/own.js'",
      "import { Worker } from '@temporalio/worker'",
    ],
  }),
  ...cases('worker', {
    allowed: ["import { Worker } from '@temporalio/worker'", "import { x } from '../activities/own.js'"],
    forbidden: ["import { x } from '../watcher/own.js'", "import { x } from '../workflows/own.js'"],
  }),
  ...cases('run', {
    allowed: ["import { x } from '../watcher/own.js'", "import { x } from '../worker/own.js'"],
    forbidden: ["import { x } from '../workflows/own.js'", "import { EC2Client } from '@aws-sdk/client-ec2'"],
  }),
  ...cases('config', {
    allowed: ["import { z } from 'zod'"],
    forbidden: ["import { x } from '../watcher/own.js'", "import { EC2Client } from '@aws-sdk/client-ec2'"],
  }),
  ...cases('observability', {
    allowed: ["import { pino } from 'pino'"],
    forbidden: ["import { x } from '../domain/own.js'", "import { x } from '../aws/own.js'"],
  }),
];

function cases(folder: string, { allowed, forbidden }: Record<'allowed' | 'forbidden', string[]>): ImportCase[] {
  return [
    ...allowed.map((code) => ({ folder, code, allowed: true })),
    ...forbidden.map((code) => ({ folder, code, allowed: false })),
  ];
}
