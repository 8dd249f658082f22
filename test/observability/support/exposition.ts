/** A line of a scrape. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A scrape, read. */
export interface Exposition {
  readonly series: readonly Series[];
  /** Types by family, families without any series among them. */
  readonly types: ReadonlyMap<string, string>;
  /** Families that have a text of help. */
  readonly helped: ReadonlySet<string>;
}

/** Reads Prometheus's text format. @throws Error for a line that is none of it, or a family that comes twice */
export function parseExposition(text: string): Exposition {
  const series: Series[] = [];
  const types = new Map<string, string>();
  const helped = new Set<string>();
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const [, kind, family = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === 'HELP') helped.add(family);
    else if (kind === 'TYPE' && !types.has(family)) types.set(family, rest);
    else if (kind === undefined) series.push(parseSeries(line));
    else throw new Error(`the family comes twice: ${line}`);
  }
  return { series, types, helped };
}

function parseSeries(line: string): Series {
  const [, name = '', labels = '', value = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (name === '') throw new Error(`not a line of a scrape: ${line}`);
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
  return {
    name,
    labels: Object.fromEntries(pairs.map(([, label = '', text = '']) => [label, text])),
    value: Number(value.replace('Inf', 'Infinity')),
  };
}
