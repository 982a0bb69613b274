import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { api, ask } from "../../api/client";

export const RUNNING = ["running", "given"];
export const WAITING = ["waiting"];
export const ENDED = ["done", "failed", "cancelled"];

const KINDS = ["check", "proxy", "segment", "reshape", "export"];
const STATES = ["running", "waiting", ...ENDED];

export interface Filters {
  project: string;
  kind: string;
  state: string;
}

/** What of the queue one wants to see, and the job that is open; kept in the address, so that it can be sent on. */
export function useFilters() {
  const [search, setSearch] = useSearchParams();
  const told = (name: string) => search.get(name) ?? "";
  const change = (name: string, value: string) =>
    setSearch(
      (now) => {
        if (value) now.set(name, value);
        else now.delete(name);
        return now;
      },
      { replace: true },
    );
  const filters: Filters = { project: told("project"), kind: told("kind"), state: told("state") };
  return { filters, open: told("job"), change };
}

/** Of the states that a part of the queue shows, those that are wanted; none hides the part. */
export function wantedStates(states: string[], { state }: Filters): string[] {
  if (state === "") return states;
  return states.includes(state) ? (state === "running" ? RUNNING : [state]) : [];
}

export function FilterBar({ filters, change }: { filters: Filters; change: (name: string, value: string) => void }) {
  const projects = useQuery({ queryKey: ["projects"], queryFn: () => ask(api.GET("/api/v1/projects")) });
  const isAny = filters.project === "" && filters.kind === "" && filters.state === "";
  const named = projects.data?.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  return (
    <div className="ml-auto flex flex-wrap items-center gap-2">
      {!isAny && (
        <button className="button" onClick={() => ["project", "kind", "state"].forEach((name) => change(name, ""))}>
          Show all
        </button>
      )}
      <Choice label="Project" any="all projects" value={filters.project} choices={named} choose={(to) => change("project", to)} />
      <Choice label="Kind" any="any kind" value={filters.kind} choices={plain(KINDS)} choose={(to) => change("kind", to)} />
      <Choice label="State" any="any state" value={filters.state} choices={plain(STATES)} choose={(to) => change("state", to)} />
    </div>
  );
}

function plain(words: string[]) {
  return words.map((word) => ({ value: word, label: word }));
}

interface ChoiceProps {
  label: string;
  any: string;
  value: string;
  choices: { value: string; label: string }[];
  choose: (value: string) => void;
}

function Choice({ label, any, value, choices, choose }: ChoiceProps) {
  return (
    <select aria-label={label} className="field !w-40" value={value} onChange={(event) => choose(event.target.value)}>
      <option value="">{any}</option>
      {choices.map((one) => (
        <option key={one.value} value={one.value}>
          {one.label}
        </option>
      ))}
    </select>
  );
}
