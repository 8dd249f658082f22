/** What all further values of a label become. */
const REST = 'other';

/**
 * Keeps a label small, whatever is put into it: each value makes a time series that the monitoring keeps.
 *
 * @param most - how many different values are let through; later new ones become `other`. Default 50
 */
export function boundedLabel(most = 50): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= most) return REST;
    known.add(value);
    return value;
  };
}
