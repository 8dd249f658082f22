import { parser } from '@prometheus-io/lezer-promql';

/** A condition on a label of a series. */
interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

/** Which series a part of a query takes. */
export interface Selector {
  readonly name: string;
  readonly matchers: readonly Matcher[];
}

/** What a query is made of, as far as the tests look at it. */
export interface ParsedQuery {
  readonly selectors: readonly Selector[];
  /** The labels in `by (…)`. */
  readonly groupedBy: readonly string[];
}

/** Reads a query by the grammar of Prometheus's own editor. @throws Error where it is no PromQL */
export function parseQuery(query: string): ParsedQuery {
  const selectors: { name: string; matchers: Matcher[] }[] = [];
  const groupedBy: string[] = [];
  parser.parse(query).iterate({
    enter: ({ name, type, from, to, node }) => {
      const text = query.slice(from, to);
      if (type.isError) throw new Error(`no PromQL at character ${from}: ${query}`);
      if (name === 'VectorSelector') selectors.push({ name: '', matchers: [] });
      if (name === 'Identifier') selectors.at(-1)!.name = text;
      if (name === 'UnquotedLabelMatcher') selectors.at(-1)!.matchers.push(parseMatcher(text));
      if (name === 'LabelName' && node.parent?.name === 'GroupingLabels') groupedBy.push(text);
    },
  });
  return { selectors, groupedBy };
}

/** Whether a series of these labels is taken. */
export function selects({ matchers }: Selector, labels: Readonly<Record<string, string>>): boolean {
  return matchers.every(({ label, operator, value }) => {
    const actual = labels[label] ?? '';
    const matches = operator.endsWith('~') ? new RegExp(`^(?:${value})$`).test(actual) : actual === value;
    return operator.startsWith('!') ? !matches : matches;
  });
}

function parseMatcher(text: string): Matcher {
  const [, label = '', operator = '', value = ''] = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/.exec(text) ?? [];
  return { label, operator, value };
}
