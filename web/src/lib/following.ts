/** Closer to the end than this, a reader who moves down is taken to be at the end. */
const nearEnd = 48;

/** Where a reader is in a growing page. */
export interface ReadingPlace {
  /** Whether the end is followed. */
  isFollowing: boolean;
  /** The scroll position at the last event. */
  top: number;
}

/**
 * Decides from a scroll event whether the end is followed.
 *
 * Only a reader who moves up stops it: what arrives below moves the end away without anybody having moved, and the page's
 * own scrolling reports itself by the same event.
 */
export function placeAfterScroll(before: ReadingPlace, top: number, distanceToEnd: number): ReadingPlace {
  if (top < before.top - 1 && distanceToEnd > 1) {
    return { isFollowing: false, top };
  }
  return { isFollowing: before.isFollowing || distanceToEnd < nearEnd, top };
}

/** The first of `count` items in order whose end lies below `edge`, by halving; `count` when there is none. */
export function firstBelow(count: number, edge: number, endOf: (index: number) => number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (endOf(middle) > edge) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/** How many messages are shown at first, and how many more each time the reader comes near the first of them. */
export const pageLength = 60;

/** From which message on a conversation is shown: from the one that was revealed last, else the last page of it. */
export function shownFrom(ids: readonly string[], firstShown: string | null): number {
  const at = firstShown === null ? -1 : ids.indexOf(firstShown);
  return at >= 0 ? at : Math.max(0, ids.length - pageLength);
}
