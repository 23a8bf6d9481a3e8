/** What went wrong, before anything that could tell of it is loaded. */
export interface Failure {
  error: unknown;
  how: "onerror" | "onunhandledrejection" | "boundary";
  /** Milliseconds since 1970. */
  at: number;
}

/** Failures that wait to be told; more are counted only. */
const limit = 10;

let waiting: Failure[] = [];
let beyond = 0;
let listener: ((failure: Failure) => void) | null = null;

/** Takes note of a failure. Until somebody listens the first few are kept, in memory alone. */
export function noteFailure(error: unknown, how: Failure["how"]): void {
  const failure: Failure = { error, how, at: Date.now() };
  if (listener !== null) {
    listener(failure);
  } else if (waiting.length < limit) {
    waiting.push(failure);
  } else {
    beyond += 1;
  }
}

/** Tells of failures from now on, and of those that waited; returns how many were too many to keep. */
export function followFailures(follow: ((failure: Failure) => void) | null): number {
  listener = follow;
  if (follow === null) {
    return 0;
  }
  const [kept, lost] = [waiting, beyond];
  [waiting, beyond] = [[], 0];
  kept.forEach(follow);
  return lost;
}

/** Follows the failures of a page that nothing catches. */
export function watchPage(page: Pick<Window, "addEventListener">): void {
  page.addEventListener("error", (event) => {
    // A file that did not load is an event of an element, and no error of the program.
    if (event instanceof ErrorEvent) {
      noteFailure(event.error, "onerror");
    }
  });
  page.addEventListener("unhandledrejection", (event) => noteFailure(event.reason, "onunhandledrejection"));
}
