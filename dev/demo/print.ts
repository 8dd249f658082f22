import Table from 'cli-table3';

const COLOURS = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
const hasColours = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;

/** Text in a colour, when standard output is a terminal. */
export function paint(colour: keyof typeof COLOURS, text: string): string {
  return hasColours ? `\u001b[${COLOURS[colour]}m${text}\u001b[0m` : text;
}

/** A headline with an empty line before it. */
export function headline(text: string): void {
  console.log(`\n${paint('bold', text)}`);
}

/** A line in the way of a shell: what a user would type. */
export function command(text: string): void {
  console.log(`  ${paint('dim', '$')} ${text}`);
}

/** Rows under a head, without lines, indented. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const none = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', mid: '', 'left-mid': '', 'mid-mid': '' };
  const nothing = { bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '', 'right-mid': '', right: '' };
  const made = new Table({
    chars: { ...none, ...nothing, left: '  ', middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: head.map((_, column) => (rows.every((row) => isNumber(row[column])) ? 'right' : 'left')),
  });
  made.push(
    head.map((text) => paint('dim', text)),
    ...rows.map((row) => [...row]),
  );
  const lines = made.toString().split('\n');
  console.log(lines.map((line) => line.trimEnd()).join('\n'));
}

function isNumber(cell: string | number | undefined): boolean {
  return typeof cell === 'number' || /^[-–\d.,]+$/.test(cell ?? '');
}

/** Seconds for people: `1.23 s`. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
