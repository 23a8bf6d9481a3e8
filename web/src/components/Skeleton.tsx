/** What stands where something is being loaded; shows only after a moment. */
export function Skeleton({ lines = 4 }: { lines?: number }): JSX.Element {
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, index) => <i key={index} />)}
    </div>
  );
}
