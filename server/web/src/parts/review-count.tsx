import { useReviewQueue } from "../api/review-queue";

/** How many versions wait for one's review, beside the way to them. */
export function ReviewCount() {
  const total = useReviewQueue().data?.total ?? 0;
  if (total === 0) return null;
  return (
    <span className="ml-1.5 rounded bg-wait px-1.5 text-black tabular-nums">
      {total}
      <span className="sr-only"> waiting</span>
    </span>
  );
}
