import { useInfiniteQuery } from "@tanstack/react-query";
import { api, ask, type Shot } from "../../api/client";
import type { Wanted } from "./address";

const PAGE = 200;
const LARGEST_PAGE = 500;

/** The shots that are wanted, page after page as one scrolls. */
export function useFound(project: string, wanted: Wanted) {
  const { view: _, ...query } = wanted;
  return useInfiniteQuery({
    queryKey: ["shots", project, query],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => readPage(project, wanted, pageParam, PAGE, signal),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
  });
}

/** All of them at once, for what is done to all. */
export async function readAll(project: string, wanted: Wanted): Promise<Shot[]> {
  const found: Shot[] = [];
  for (let after: string | null = ""; after !== null; ) {
    const page: Awaited<ReturnType<typeof readPage>> = await readPage(project, wanted, after, LARGEST_PAGE);
    found.push(...page.shots);
    after = page.next;
  }
  return found;
}

/** A page of them, from after the place that the page before told. */
export function readPage(project: string, wanted: Wanted, after: string, limit: number, signal?: AbortSignal) {
  const { view: _, ...query } = wanted;
  const params = { path: { project_id: project }, query: { ...query, after, limit } };
  return ask(api.GET("/api/v1/projects/{project_id}/shots", { params, signal }));
}
