/** Spaces between two columns, as kubectl has them. */
const GAP = 3;

/**
 * A table as kubectl prints it: no borders, headings in capitals, columns aligned to the left. An empty cell is a dash.
 * Ends with a line break; a table without rows is its headings alone.
 */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings.map((heading) => heading.toUpperCase()), ...rows.map((row) => row.map(orDash))];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => padded(cell, widths[column] ?? 0))
          .join('')
          .trimEnd()}\n`,
    )
    .join('');
}

function padded(cell: string, width: number): string {
  return cell.padEnd(width + GAP);
}

function orDash(cell: string): string {
  return cell === '' ? '-' : cell;
}
