import { useCallback } from "react";
import { useSearchParams } from "react-router";

export const STATES = ["ready", "checking", "uploading", "refused"];

export const REVIEWS = [
  ["pending", "to review"],
  ["approved", "approved"],
  ["retake", "retake"],
  ["none", "no version yet"],
] as const;

export const SORTS = [
  ["name", "Name, A to Z"],
  ["-name", "Name, Z to A"],
  ["-created", "Newest first"],
  ["created", "Oldest first"],
  ["state", "State"],
  ["-state", "State, reversed"],
  ["-frames", "Most frames first"],
  ["frames", "Fewest frames first"],
] as const;

export type Review = (typeof REVIEWS)[number][0] | "";
export type Sort = (typeof SORTS)[number][0];

/** What of a project's shots is shown, in which order and how; it is in the address, so that it can be sent to somebody. */
export interface Wanted {
  search: string;
  state: string;
  review: Review;
  assignee: string;
  sort: Sort;
  view: "list" | "grid";
}

export const PLAIN: Wanted = { search: "", state: "", review: "", assignee: "", sort: "name", view: "list" };

export function wantedOf(address: URLSearchParams): Wanted {
  const said = (name: string) => address.get(name) ?? "";
  return {
    search: said("search"),
    state: said("state"),
    assignee: said("assignee"),
    review: REVIEWS.find(([review]) => review === said("review"))?.[0] ?? "",
    sort: SORTS.find(([sort]) => sort === said("sort"))?.[0] ?? "name",
    view: said("view") === "grid" ? "grid" : "list",
  };
}

/** Whether some shots may be left out. */
export function isFiltered({ search, state, review, assignee }: Wanted): boolean {
  return [search, state, review, assignee].some((one) => one !== "");
}

export function useWanted(): [Wanted, (part: Partial<Wanted>) => void] {
  const [address, setAddress] = useSearchParams();
  const change = useCallback(
    (part: Partial<Wanted>) =>
      setAddress(
        (now) => {
          for (const [name, value] of Object.entries(part)) {
            if (value === PLAIN[name as keyof Wanted]) now.delete(name);
            else now.set(name, value);
          }
          return now;
        },
        { replace: true },
      ),
    [setAddress],
  );
  return [wantedOf(address), change];
}
