import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { Link, useSearchParams } from "react-router";
import type { Queued } from "../api/client";
import { addressOf, useReviewQueue } from "../api/review-queue";
import { counted } from "../parts/counted";
import { FileImage } from "../parts/file-image";
import { useKeptPlace } from "../parts/kept-place";
import { useListKeys } from "../parts/list-keys";
import { Empty, Loading, Wrong } from "../parts/states";
import { ago, fullMoment } from "../parts/times";

const ROW_PX = 112;

/** What waits for a supervisor's eyes, over all their projects, the oldest first. */
export function ReviewQueue() {
  const [address, setAddress] = useSearchParams();
  const project = address.get("project") ?? "";
  const queue = useReviewQueue(project);
  if (queue.isPending) return <Loading what="what waits for review" />;
  if (queue.isError) return <Wrong error={queue.error} retry={() => void queue.refetch()} />;
  const { versions, total, projects } = queue.data;
  const named = projects.find((one) => one.id === project)?.name;
  return (
    <div className="mx-auto flex h-full max-w-7xl flex-col">
      <div className="flex min-h-14 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 lg:px-6">
        <h1 className="text-lg font-semibold">To review</h1>
        <p className="text-quiet tabular-nums">
          {counted(total, "version")}
          {versions.length < total && `, the oldest ${versions.length} of them`}
        </p>
        <select
          aria-label="Project"
          className="field ml-auto !w-64"
          value={project}
          onChange={(event) => setAddress(event.target.value ? { project: event.target.value } : {}, { replace: true })}
        >
          <option value="">all projects</option>
          {projects.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
      </div>
      {projects.length === 0 && (
        <Empty title="You review no project.">Supervisors do; ask one of a project to make you one too.</Empty>
      )}
      {projects.length > 0 && versions.length === 0 && (
        <Empty title="All is reviewed.">
          {named ? `Nothing of ${named} waits for you.` : "Nothing waits for you. New versions appear here by themselves."}
        </Empty>
      )}
      {versions.length > 0 && <Rows versions={versions} project={project} />}
    </div>
  );
}

function Rows({ versions, project }: { versions: Queued[]; project: string }) {
  const scroller = useRef<HTMLDivElement>(null);
  const { initialOffset, onScroll } = useKeptPlace();
  const rows = useVirtualizer({
    initialOffset,
    count: versions.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 4,
  });
  const { setAt, focusAt } = useListKeys({ count: versions.length, show: (index) => rows.scrollToIndex(index) });
  return (
    <div
      ref={scroller}
      className="min-h-72 flex-1 overflow-auto px-4 pb-6 lg:px-6"
      tabIndex={0}
      role="region"
      aria-label="Review queue"
      onScroll={onScroll}
    >
      <ol style={{ height: rows.getTotalSize(), position: "relative" }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const version = versions[index];
          if (version === undefined) return null;
          return (
            <li
              key={version.id}
              className="absolute inset-x-0 pb-2"
              style={{ height: ROW_PX, transform: `translateY(${start}px)` }}
              onFocus={() => setAt(index)}
            >
              <Row version={version} to={addressOf(version, project)} linkRef={focusAt(index)} />
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function Row({ version, to, linkRef }: { version: Queued; to: string; linkRef: (link: HTMLElement | null) => void }) {
  const { shot_id, shot_name, project_name, number, objects, frames, created_at, by } = version;
  return (
    <Link
      ref={linkRef}
      to={to}
      className="panel grid h-full grid-cols-[auto_minmax(0,1fr)] items-center gap-3 pr-3 md:grid-cols-[auto_minmax(0,1.5fr)_minmax(0,1fr)_minmax(0,1fr)] lg:gap-6 lg:pr-6 hover:border-quiet hover:bg-raised focus-visible:bg-raised"
    >
      <FileImage path={`/api/v1/shots/${shot_id}/thumbnail`} className="aspect-video w-32 rounded-l-[3px] sm:h-25.5 sm:w-auto" />
      <span className="grid gap-0.5">
        <span className="line-clamp-2 text-base font-medium wrap-anywhere">
          {shot_name} <span className="font-normal text-quiet">v{number}</span>
        </span>
        <span className="truncate text-quiet">{project_name}</span>
      </span>
      <span className="grid gap-0.5 max-md:hidden">
        <span className="truncate" title={objects.join(", ")}>
          {objects.join(", ") || "no object"}
        </span>
        <span className="text-quiet tabular-nums">{counted(frames, "frame")}</span>
      </span>
      <span className="grid gap-0.5 text-right max-md:hidden">
        <time dateTime={created_at} title={fullMoment(created_at)}>
          {ago(created_at)}
        </time>
        <span className="truncate text-quiet">{by && `asked for by ${by}`}</span>
      </span>
    </Link>
  );
}
