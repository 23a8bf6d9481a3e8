/** A list with one element at another place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, index) => index !== from);
  const element = list[from];
  return element === undefined ? [...list] : [...rest.slice(0, to), element, ...rest.slice(to)];
}

/** The place in a list that a pointer is at, by the middles of its rows: it changes once a row's middle is passed. */
export function placeAt(y: number, rows: readonly { top: number; height: number }[], from: number): number {
  const own = rows[from];
  if (own === undefined) {
    return from;
  }
  const middle = ({ top, height }: { top: number; height: number }) => top + height / 2;
  let to = from;
  rows.forEach((row, index) => {
    if (index < from && y < middle(row)) {
      to = Math.min(to, index);
    } else if (index > from && y > middle(row)) {
      to = Math.max(to, index);
    }
  });
  return to;
}
