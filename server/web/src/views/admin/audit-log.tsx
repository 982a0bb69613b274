import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, useSearchParams } from "react-router";
import { api, ask } from "../../api/client";
import { Empty, Loading, Wrong } from "../../parts/states";
import { useProjects, useTeams, useUsers } from "./asked-often";
import { AuditRow } from "./audit-row";
import { Options } from "./inputs";
import { SectionHead } from "./sections";
import { Table } from "./table";

const PAGE = 100;

/** How actions begin, and what they are about. */
const SUBJECTS = {
  login: "log-ins",
  user: "users",
  key: "API keys",
  team: "teams",
  project: "projects",
  member: "members",
  invitation: "invitations",
  shot: "shots",
  upload: "uploads",
  job: "jobs",
  version: "versions",
  note: "notes",
  template: "templates",
  webhook: "webhooks",
  trash: "the trash",
};

/** Who did what in the studio. */
export function AuditLog() {
  const people = namesById(useUsers().data ?? []);
  const shows = namesById(useProjects().data ?? []);
  const teams = namesById(useTeams().data ?? []);
  const projectOf = (id: string) => (
    <Link className="hover:underline" to={`/projects/${id}`} title={shows[id]}>
      {shows[id] ?? "a deleted project"}
    </Link>
  );
  return <Entries people={people} names={{ ...people, ...shows, ...teams }} projectOf={projectOf} />;
}

interface Props {
  /** A project's id; without it, the whole studio's entries are shown. */
  project?: string;
  /** Who can be asked for, and names by ids. */
  people: Record<string, string>;
  names: Record<string, string>;
  projectOf?: (id: string) => ReactNode;
}

/** Entries of the audit log, newest first, with what is asked for in the address. */
export function Entries({ project, people, names, projectOf }: Props) {
  const [wanted, setWanted] = useSearchParams();
  const user = wanted.get("user") ?? "";
  const action = wanted.get("action") ?? "";
  const entries = useInfiniteQuery({
    queryKey: ["audit", project, user, action],
    initialPageParam: null as number | null,
    queryFn: ({ pageParam }) => {
      const query = { action, user: user || null, before: pageParam, limit: PAGE };
      return project === undefined
        ? ask(api.GET("/api/v1/audit", { params: { query } }))
        : ask(api.GET("/api/v1/projects/{project_id}/audit", { params: { path: { project_id: project }, query } }));
    },
    getNextPageParam: (page) => (page.length < PAGE ? undefined : page.at(-1)?.id),
    placeholderData: (before) => before,
    staleTime: 0,
  });
  const want = (name: string, value: string) =>
    setWanted((now) => {
      if (value) now.set(name, value);
      else now.delete(name);
      return now;
    });
  const found = entries.data?.pages.flat() ?? [];
  const heads = ["When", "Who", "Did", "To", "Details", ...(projectOf ? ["Project"] : [])];
  return (
    <>
      <SectionHead title="Audit log" about="Who did what, newest first. Nothing in it can be changed.">
        <Filter label="By whom" any="by anybody" options={people} value={user} onValue={(id) => want("user", id)} />
        <Filter
          label="About what"
          any="about anything"
          options={SUBJECTS}
          value={action}
          onValue={(kind) => want("action", kind)}
        />
      </SectionHead>
      {entries.isPending && <Loading what="the audit log" />}
      {entries.isError && <Wrong error={entries.error} retry={() => void entries.refetch()} />}
      {entries.isSuccess && found.length === 0 && <Empty title="Nothing of that kind was done." />}
      {found.length > 0 && (
        <Table label="Audit log" heads={heads} hasActions>
          {found.map((entry) => (
            <AuditRow key={entry.id} entry={entry} names={names} projectOf={projectOf} />
          ))}
        </Table>
      )}
      {entries.hasNextPage && (
        <button className="button mt-4" disabled={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
          Show older ones
        </button>
      )}
    </>
  );
}

interface FilterProps {
  label: string;
  /** The words for no choice. */
  any: string;
  options: Record<string, string>;
  value: string;
  onValue: (value: string) => void;
}

function Filter({ label, any, options, value, onValue }: FilterProps) {
  return (
    <select aria-label={label} className="field !w-48" value={value} onChange={(event) => onValue(event.target.value)}>
      <option value="">{any}</option>
      <Options of={options} />
    </select>
  );
}

/** Names by ids. */
export function namesById(all: { id: string; name: string }[]): Record<string, string> {
  return Object.fromEntries(all.map((one) => [one.id, one.name]));
}
