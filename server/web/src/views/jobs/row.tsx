import { useQuery } from "@tanstack/react-query";
import type { KeyboardEvent, MouseEvent, ReactNode } from "react";
import { api, ask, type QueuedJob } from "../../api/client";
import { useAct } from "../../parts/toasts";

/** Headings that are plain to who sees the column. */
const UNSEEN = ["Move", "Place", "Action"];

/** The table of a part of the queue; `columns` are the headings and how wide each is. */
export function JobTable({ columns, children }: { columns: [name: string, width: string][]; children: ReactNode }) {
  return (
    <div className="relative overflow-x-auto">
      <table className="w-full min-w-184 table-fixed text-left">
        <colgroup>
          {columns.map(([name, width]) => (
            <col key={name} className={width} />
          ))}
        </colgroup>
        <thead className="text-quiet">
          <tr>
            {columns.map(([name]) => (
              <th key={name} scope="col" className="truncate px-2 py-1 font-normal">
                {UNSEEN.includes(name) ? <span className="sr-only">{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

export const CELL = "truncate px-2";

/** A row: a click beside its buttons opens its job. */
export function rowOf(job: QueuedJob, open: (id: string) => void) {
  return {
    className: "h-10 cursor-pointer border-t border-line hover:bg-raised",
    onClick: (event: MouseEvent<HTMLElement>) => {
      if ((event.target as HTMLElement).closest("button") === null) open(job.id);
    },
  };
}

/** Opens a job; arrow keys go from one to the next, whatever part of the queue they are in. */
export function JobName({ job, open }: { job: QueuedJob; open: (id: string) => void }) {
  const projects = useQuery({ queryKey: ["projects"], queryFn: () => ask(api.GET("/api/v1/projects")) });
  const project = projects.data?.find((one) => one.id === job.project_id)?.name;
  return (
    <button
      data-job={job.id}
      className="max-w-full truncate text-left hover:underline"
      onClick={() => open(job.id)}
      onKeyDown={step}
    >
      <span className="font-medium">{job.shot_name}</span> <span className="text-quiet">{project}</span>
    </button>
  );
}

function step(event: KeyboardEvent<HTMLButtonElement>) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by === undefined) return;
  event.preventDefault();
  const all = [...document.querySelectorAll<HTMLButtonElement>("button[data-job]")];
  all[all.indexOf(event.currentTarget) + by]?.focus();
}

/** Stops a job that has not ended, or tries one again that did not succeed; for who may work in its project. */
export function JobAction({ job }: { job: QueuedJob }) {
  const act = useAct("jobs");
  const at = { params: { path: { job_id: job.id } } };
  if (!job.may_work || job.state === "done") return null;
  const isOver = ["failed", "cancelled"].includes(job.state);
  const what = `${job.kind} of ${job.shot_name}`;
  const cancel = () => act(() => api.POST("/api/v1/jobs/{job_id}/cancel", at), `Cancelled: ${what}.`);
  const retry = () => act(() => api.POST("/api/v1/jobs/{job_id}/retry", at), `Tried again: ${what}.`);
  const [name, does] = isOver ? (["Retry", retry] as const) : (["Cancel", cancel] as const);
  return (
    <button className="button !py-0.5" aria-label={`${name} ${what}`} onClick={() => void does()}>
      {name}
    </button>
  );
}
