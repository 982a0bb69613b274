import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, ask } from "./client";

/** What waits for one's review, the oldest first; of one project, or of all. */
export function useReviewQueue(project = "") {
  return useQuery({
    queryKey: ["review-queue", project],
    queryFn: () => ask(api.GET("/api/v1/review-queue", { params: { query: { project } } })),
    placeholderData: keepPreviousData,
  });
}
