import { get, type RequestOptions } from 'node:https';

import type { Stack } from '../stack/stack.js';

/** Writing requests by `VERB resource/subresource`, as kube-apiserver counts them. */
export type Writes = Readonly<Record<string, number>>;

const COUNTER = /^apiserver_request_total\{(.*)\} (\S+)$/;
const WRITING = new Set(['POST', 'PUT', 'PATCH', 'APPLY', 'DELETE']);

/** All writes since kube-apiserver started, leases left out. */
export async function kubeWrites({ kubernetes }: Pick<Stack, 'kubernetes'>): Promise<Writes> {
  const options: RequestOptions = {};
  await kubernetes.config.applyToHTTPSOptions(options);
  const counts: Record<string, number> = {};
  for (const line of (await text(`${kubernetes.url}/metrics`, options)).split('\n')) {
    const [, labels = '', value = ''] = COUNTER.exec(line) ?? [];
    const {
      verb = '',
      resource = '',
      subresource = '',
    } = Object.fromEntries(
      [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, content]) => [name, content]),
    ) as Record<string, string | undefined>;
    if (!WRITING.has(verb) || resource === 'leases') continue;
    const key = `${verb} ${resource}${subresource === '' ? '' : `/${subresource}`}`;
    counts[key] = (counts[key] ?? 0) + Number(value);
  }
  return counts;
}

async function text(url: string, options: RequestOptions): Promise<string> {
  return await new Promise((resolve, reject) => {
    get(url, options, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (part: string) => (body += part));
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(body);
        else reject(new Error(`${url} answers ${answer.statusCode ?? 'nothing'}: ${body.slice(0, 200)}`));
      });
    }).on('error', reject);
  });
}

/** The sum of all values. */
export function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
