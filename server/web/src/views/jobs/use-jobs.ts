import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import { type Filters, wantedStates } from "./filters";

/** A part of the queue, such as what runs; it is asked again whenever a job changes. */
export function useJobs(part: string, states: string[], filters: Filters, limit: number, offset = 0) {
  const state = wantedStates(states, filters);
  const query = { project: filters.project, kind: filters.kind, state, limit, offset };
  return useQuery({
    queryKey: ["jobs", part, query],
    queryFn: () => ask(api.GET("/api/v1/jobs", { params: { query } })),
    placeholderData: keepPreviousData,
    enabled: state.length > 0,
  });
}
