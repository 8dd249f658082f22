import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { readTemporalConfig } from '../config/temporal.js';
import { connectKubernetes, type Kubernetes } from '../kubernetes/client.js';
import { calling, connecting } from './failure.js';

/** Where a command's words come from and go to; made by the entry point. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
  /** Writes to standard output. */
  readonly out: (text: string) => void;
  /** Writes to standard error. */
  readonly err: (text: string) => void;
  /** All of standard input. */
  readonly stdin: () => Promise<string>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The options that every command has. */
export interface GlobalOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly clusterName?: string;
  readonly uiUrl?: string;
  readonly output?: 'wide' | 'json';
}

/** What a command works with: the options and the environment, and Kubernetes as they say. */
export class Session {
  #kubernetes: Kubernetes | undefined;

  constructor(
    readonly io: Io,
    readonly options: GlobalOptions,
  ) {}

  /** The clients of the cluster; made at the first use. @throws CliFailure without a usable kubeconfig */
  get kubernetes(): Kubernetes {
    this.#kubernetes ??= connect(this.io, this.options);
    return this.#kubernetes;
  }

  /** The cluster's name as the controller has it: given, else the UID of the namespace kube-system. @throws CliFailure */
  async clusterName(): Promise<string> {
    const given = this.options.clusterName ?? this.io.env['MULTI_ENI_CLUSTER_NAME'] ?? '';
    if (given !== '') return given;
    return calling('read the UID of the namespace kube-system', async () => this.kubernetes.clusterUid());
  }

  /** The page of a workflow in Temporal's Web UI; null when its address is not known. */
  webUi(workflowId: string): string | null {
    const base = this.options.uiUrl ?? this.io.env['MULTI_ENI_UI_URL'] ?? '';
    if (base === '') return null;
    const temporal = readTemporalConfig(this.io.env);
    const namespace = ('connect' in temporal ? temporal.connect.namespace : undefined) ?? 'default';
    return `${base.replace(/\/+$/, '')}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId).replaceAll('%3A', ':')}`;
  }

  /** Prints the data as JSON when that is asked for, else the text. */
  print(data: unknown, text: () => string): void {
    this.io.out(this.options.output === 'json' ? `${JSON.stringify(data, null, 2)}\n` : text());
  }
}

function connect(io: Io, { kubeconfig, context }: GlobalOptions): Kubernetes {
  return connecting(() => {
    const kubernetes = connectKubernetes({ kubeconfig: kubeconfigOf(io, kubeconfig), context });
    const current = kubernetes.kubeConfig.getCurrentContext();
    if (context !== undefined && current !== context) throw new Error(`the context is ${current}, not ${context}`);
    return kubernetes;
  }, 'Check KUBECONFIG, --kubeconfig and --context.');
}

/** As kubectl: the option, KUBECONFIG, the home folder, and within a Pod its service account. */
function kubeconfigOf({ env, home }: Io, option: string | undefined): string | undefined {
  const given = option ?? env['KUBECONFIG'] ?? '';
  if (given !== '') return given;
  const file = join(home, '.kube', 'config');
  return existsSync(file) || (env['KUBERNETES_SERVICE_HOST'] ?? '') === '' ? file : undefined;
}
