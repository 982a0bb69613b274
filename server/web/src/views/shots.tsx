import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { Link, useParams } from "react-router";
import { api, ask, type Shot } from "../api/client";
import { uploadPlate } from "../api/upload";
import { FileImage } from "../parts/file-image";
import { Empty, Loading, State, Wrong } from "../parts/states";

const PAGE = 200;
const ROW_PX = 64;
const STATES = ["", "ready", "checking", "uploading", "refused"];

/** A project's shots: a list that holds ten thousand, and takes plates that are dropped on it. */
export function Shots() {
  const { projectId = "" } = useParams();
  const [search, setSearch] = useState("");
  const [state, setState] = useState("");
  const project = useQuery({
    queryKey: ["projects", projectId],
    queryFn: () => ask(api.GET("/api/v1/projects/{project_id}", { params: { path: { project_id: projectId } } })),
  });
  const shots = useInfiniteQuery({
    queryKey: ["shots", projectId, search, state],
    initialPageParam: "",
    queryFn: ({ pageParam }) => {
      const query = { search, state, after: pageParam, limit: PAGE };
      return ask(api.GET("/api/v1/projects/{project_id}/shots", { params: { path: { project_id: projectId }, query } }));
    },
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
  });
  if (shots.isPending) return <Loading what="shots" />;
  if (shots.isError) return <Wrong error={shots.error} retry={() => void shots.refetch()} />;
  const found = shots.data.pages.flatMap((page) => page.shots);
  const total = shots.data.pages[0]?.total ?? 0;
  const isFiltered = search !== "" || state !== "";
  return (
    <DropZone project={projectId}>
      <div className="flex items-center gap-3 px-6 py-4">
        <h1 className="text-lg font-semibold">{project.data?.name}</h1>
        <span className="text-quiet">{total} shots</span>
        <input
          type="search"
          aria-label="Search shots"
          placeholder="Search"
          className="field ml-auto !w-64"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <select aria-label="State" className="field !w-40" value={state} onChange={(event) => setState(event.target.value)}>
          {STATES.map((one) => (
            <option key={one} value={one}>
              {one || "any state"}
            </option>
          ))}
        </select>
      </div>
      {found.length === 0 ? (
        <Empty title={isFiltered ? "No shot is like that." : "No shot yet."}>
          {isFiltered ? "Search for something else." : "Drop plates here: films, stills, or a zip of frames."}
        </Empty>
      ) : (
        <List shots={found} more={shots.hasNextPage ? () => void shots.fetchNextPage() : null} />
      )}
    </DropZone>
  );
}

function List({ shots, more }: { shots: Shot[]; more: (() => void) | null }) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: shots.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more !== null && last >= shots.length - 50) more();
  }, [last, shots.length, more]);
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-auto px-6 pb-6" tabIndex={0} role="region" aria-label="Shots">
      <ul style={{ height: rows.getTotalSize(), position: "relative" }}>
        {shown.map((row) => {
          const shot = shots[row.index];
          return shot === undefined ? null : (
            <li key={shot.id} className="absolute inset-x-0" style={{ height: ROW_PX, transform: `translateY(${row.start}px)` }}>
              <Row shot={shot} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Row({ shot }: { shot: Shot }) {
  const frames = shot.first_frame === null ? "" : `${shot.first_frame}–${shot.last_frame}`;
  return (
    <Link
      to={`/projects/${shot.project_id}/shots/${shot.id}`}
      className="grid h-15 grid-cols-[6rem_1fr_8rem_8rem_10rem] items-center gap-4 rounded border-b border-line pr-4 hover:bg-raised"
    >
      {shot.state === "ready" ? (
        <FileImage path={`/api/v1/shots/${shot.id}/thumbnail`} className="h-14 w-24 rounded-l" />
      ) : (
        <div className="h-14 w-24 rounded-l bg-raised" />
      )}
      <span className="truncate font-medium">{shot.name}</span>
      <State of={shot.state} />
      <span className="text-quiet tabular-nums">{frames}</span>
      <span className="truncate text-quiet">{shot.fault || (shot.width ? `${shot.width} × ${shot.height}` : "")}</span>
    </Link>
  );
}

interface Sending {
  name: string;
  share: number;
  problem: string;
}

/** Takes plates that are dropped anywhere on the view. */
function DropZone({ project, children }: { project: string; children: React.ReactNode }) {
  const client = useQueryClient();
  const [sending, setSending] = useState<Sending[]>([]);
  const [isOver, setIsOver] = useState(false);
  const change = (name: string, part: Partial<Sending>) =>
    setSending((all) => all.map((one) => (one.name === name ? { ...one, ...part } : one)));

  const send = async (files: File[]) => {
    setSending((all) => [...all.filter((one) => one.share < 1), ...files.map(({ name }) => ({ name, share: 0, problem: "" }))]);
    for (const file of files) {
      await uploadPlate(project, file, (share) => change(file.name, { share })).catch((error: unknown) =>
        change(file.name, { problem: error instanceof Error ? error.message : String(error) }),
      );
      await client.invalidateQueries({ queryKey: ["shots"] });
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    void send([...event.dataTransfer.files]);
  };
  return (
    <div
      className={`flex h-full flex-col ${isOver ? "bg-raised" : ""}`}
      onDragOver={(event) => (event.preventDefault(), setIsOver(true))}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      {children}
      <footer className="flex items-center gap-4 border-t border-line bg-panel px-6 py-2">
        <label className="button focus-within:outline-2 focus-within:outline-accent">
          Add plates …
          <input type="file" multiple className="sr-only" onChange={(event) => void send([...(event.target.files ?? [])])} />
        </label>
        <ul className="flex flex-1 flex-wrap gap-4">
          {sending.map((one) => (
            <li key={one.name} className="text-quiet">
              {one.name}{" "}
              {one.problem ? <span className="text-bad">{one.problem}</span> : <progress aria-label={one.name} value={one.share} />}
            </li>
          ))}
        </ul>
      </footer>
    </div>
  );
}
