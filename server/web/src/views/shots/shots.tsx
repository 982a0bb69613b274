import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { Link, useParams } from "react-router";
import { api, ask, type Shot } from "../../api/client";
import { useIs } from "../../api/people";
import { counted } from "../../parts/counted";
import { isElsewhere } from "../../parts/list-keys";
import { Empty, Loading, Wrong } from "../../parts/states";
import { useAct } from "../../parts/toasts";
import { isFiltered, useWanted } from "./address";
import { BulkBar } from "./bulk-bar";
import { DropZone } from "./drop-zone";
import { readAll, useFound } from "./found";
import { Grid } from "./grid";
import { List } from "./list";
import { all, NOTHING, ranged, renewed, toggled } from "./selection";
import { Toolbar } from "./toolbar";

/** A project's shots: a list or a wall of pictures that holds ten thousand, and takes plates that are dropped on it. */
export function Shots() {
  const { projectId = "" } = useParams();
  const isArtist = useIs("artist", projectId);
  return (
    <DropZone project={projectId} canAdd={isArtist}>
      <Found key={projectId} project={projectId} canWork={isArtist} />
    </DropZone>
  );
}

function Found({ project, canWork }: { project: string; canWork: boolean }) {
  const [wanted, setWanted] = useWanted();
  const found = useFound(project, wanted);
  const canAssign = useIs("supervisor", project);
  const act = useAct("shots");
  const searchBox = useRef<HTMLInputElement>(null);
  const [selection, setSelection] = useState(NOTHING);
  const shots = useMemo(() => found.data?.pages.flatMap((page) => page.shots) ?? [], [found.data]);
  useEffect(() => setSelection((now) => renewed(now, shots)), [shots]);
  const { search, state, review, assignee } = wanted;
  useEffect(() => setSelection(NOTHING), [search, state, review, assignee]);
  const selectAll = () => act(async () => setSelection(all(await readAll(project, wanted)))).then(() => undefined);
  useViewKeys({ "/": () => searchBox.current?.focus(), Escape: () => setSelection(NOTHING) }, () => canWork && void selectAll());

  if (found.isPending) return <Loading what="shots" />;
  if (found.isError) {
    return (
      <>
        <h1 className="sr-only">Shots</h1>
        <Wrong error={found.error} retry={() => void found.refetch()} />
      </>
    );
  }
  const total = found.data.pages[0]?.total ?? 0;
  const pick = (shot: Shot, isRange: boolean) =>
    setSelection((now) => (isRange ? ranged(now, shots, shot) : toggled(now, shot)));
  const list = {
    shots,
    selection,
    canAssign,
    onPick: canWork ? pick : null,
    more: found.hasNextPage && !found.isFetchingNextPage ? () => void found.fetchNextPage() : null,
  };
  return (
    <>
      <Title project={project}>{counted(total, "shot")}</Title>
      <Toolbar project={project} wanted={wanted} onChange={setWanted} searchBox={searchBox} />
      <div className="relative flex min-h-72 flex-1 flex-col">
        {shots.length === 0 && <NoShots isFiltered={isFiltered(wanted)} canAdd={canWork} />}
        {shots.length > 0 && wanted.view === "grid" && <Grid {...list} />}
        {shots.length > 0 && wanted.view === "list" && (
          <List {...list} sort={wanted.sort} onSort={(sort) => setWanted({ sort })} />
        )}
        {selection.picked.size > 0 && (
          <BulkBar
            project={project}
            selection={selection}
            total={total}
            onSelect={setSelection}
            onSelectAll={selectAll}
          />
        )}
      </div>
    </>
  );
}

function Title({ project, children }: { project: string; children: ReactNode }) {
  const named = useQuery({
    queryKey: ["projects", project],
    queryFn: () => ask(api.GET("/api/v1/projects/{project_id}", { params: { path: { project_id: project } } })),
  });
  return (
    <div className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 lg:px-6">
      <h1 className="max-w-full min-w-0 truncate text-lg font-semibold" title={named.data?.name}>
        {named.data?.name}
      </h1>
      <p className="whitespace-nowrap text-quiet tabular-nums">{children}</p>
      {named.data?.is_archived && <p className="text-wait">archived</p>}
      <nav aria-label="Project" className="ml-auto flex gap-4">
        <Link className="text-quiet hover:text-text" to={`/projects/${project}/dashboard`}>
          Dashboard
        </Link>
        <Link className="text-quiet hover:text-text" to={`/projects/${project}/settings`}>
          Settings
        </Link>
      </nav>
    </div>
  );
}

function NoShots({ isFiltered, canAdd }: { isFiltered: boolean; canAdd: boolean }) {
  if (isFiltered) return <Empty title="No shot is like that.">Search for something else.</Empty>;
  return <Empty title="No shot yet.">{canAdd && "Drop plates here: films, stills, or a zip of frames."}</Empty>;
}

/** Keys of the whole view, wherever one is on it; Ctrl or Cmd with A picks everything that was found. */
function useViewKeys(keys: Record<string, () => void>, onAll: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isElsewhere(event.target)) return;
      const isAll = event.key === "a" && (event.ctrlKey || event.metaKey);
      const act = isAll ? onAll : keys[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });
}
