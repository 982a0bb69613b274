import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, ask, type Queued } from "./client";

/** What waits for one's review, the oldest first; of one project, or of all. */
export function useReviewQueue(project = "") {
  return useQuery({
    queryKey: ["review-queue", project],
    queryFn: () => ask(api.GET("/api/v1/review-queue", { params: { query: { project } } })),
    placeholderData: keepPreviousData,
  });
}

/** Where a version of the queue is reviewed; from there one goes on in the queue of the same project, or of all. */
export function addressOf({ project_id, shot_id, number }: Queued, project: string): string {
  const of = project ? `&project=${project}` : "";
  return `/projects/${project_id}/shots/${shot_id}?version=${number}&queue=1${of}`;
}

/** The shot after this one in the queue; after the last, the oldest that was left out. */
export function nextAfter(shot: string, versions: Queued[]): Queued | undefined {
  const at = versions.findIndex((one) => one.shot_id === shot);
  return [...versions.slice(at + 1), ...versions.slice(0, Math.max(at, 0))].find((one) => one.shot_id !== shot);
}
