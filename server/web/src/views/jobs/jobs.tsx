import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { QueuedJob } from "../../api/client";
import { Loading, Wrong } from "../../parts/states";
import { Details } from "./details";
import { Ended } from "./ended";
import { ENDED, FilterBar, type Filters, RUNNING, useFilters, WAITING, wantedStates } from "./filters";
import { Running } from "./running";
import { useJobs } from "./use-jobs";
import { Waiting } from "./waiting";
import { Workers } from "./workers";

/** So many of the queue are shown; who waits behind them is far from its turn. */
const MOST = 200;
const PAGE = 25;

/** The queue: what runs, what is next, what is over; and who works on it. */
export function Jobs() {
  const { filters, open, change } = useFilters();
  const show = (id: string) => change("job", id);
  return (
    <div className="grid min-h-full grid-cols-[minmax(0,1fr)] xl:grid-cols-[minmax(0,1fr)_18rem] 2xl:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="px-4 py-4 lg:px-6">
        <header className="mb-4 flex min-h-9 flex-wrap items-center gap-3">
          <h1 className="text-lg font-semibold">Jobs</h1>
          <FilterBar filters={filters} change={change} />
        </header>
        <RunningPart filters={filters} show={show} />
        <WaitingPart filters={filters} show={show} />
        <EndedPart key={JSON.stringify(filters)} filters={filters} show={show} />
      </div>
      <aside aria-label="Workers" className="border-t border-line p-4 xl:border-t-0 xl:border-l">
        <Workers />
      </aside>
      <Details id={open} close={() => change("job", "")} />
    </div>
  );
}

interface PartProps {
  filters: Filters;
  show: (id: string) => void;
}

function RunningPart({ filters, show }: PartProps) {
  const jobs = useJobs("running", RUNNING, filters, MOST);
  if (wantedStates(RUNNING, filters).length === 0) return null;
  return (
    <Part title="Running" count={countOf(jobs)} jobs={jobs} empty="Nothing runs.">
      {(found) => <Running jobs={found} open={show} />}
    </Part>
  );
}

function WaitingPart({ filters, show }: PartProps) {
  const jobs = useJobs("waiting", WAITING, filters, MOST);
  if (wantedStates(WAITING, filters).length === 0) return null;
  return (
    <Part title="Waiting" count={countOf(jobs)} jobs={jobs} empty="Nothing waits.">
      {(found) => (
        <>
          <Waiting jobs={found} open={show} />
          {found.length === MOST && <p className="p-2 text-quiet">Only the first {MOST} are shown.</p>}
        </>
      )}
    </Part>
  );
}

function EndedPart({ filters, show }: PartProps) {
  const [page, setPage] = useState(0);
  const jobs = useJobs("ended", ENDED, filters, PAGE + 1, page * PAGE);
  if (wantedStates(ENDED, filters).length === 0) return null;
  const hasMore = (jobs.data?.length ?? 0) > PAGE;
  return (
    <Part title="Ended" jobs={jobs} empty={page === 0 ? "Nothing has ended yet." : "Nothing has ended before that."}>
      {(found) => <Ended jobs={found.slice(0, PAGE)} open={show} />}
      {(page > 0 || hasMore) && (
        <nav aria-label="Pages of ended jobs" className="mt-2 flex items-center justify-end gap-2">
          <button className="button !py-0.5" disabled={page === 0} onClick={() => setPage(page - 1)}>
            Later
          </button>
          <span className="text-quiet tabular-nums">
            {page * PAGE + 1}–{page * PAGE + Math.min(jobs.data?.length ?? 0, PAGE)}
          </span>
          <button className="button !py-0.5" disabled={!hasMore} onClick={() => setPage(page + 1)}>
            Earlier
          </button>
        </nav>
      )}
    </Part>
  );
}

interface SectionProps {
  title: string;
  count?: string;
  jobs: UseQueryResult<QueuedJob[]>;
  empty: string;
  children: [(found: QueuedJob[]) => ReactNode, ReactNode] | ((found: QueuedJob[]) => ReactNode);
}

/** A heading, and what is under it: jobs, or why there are none. */
function Part({ title, count = "", jobs, empty, children }: SectionProps) {
  const [shown, below] = Array.isArray(children) ? children : [children, null];
  return (
    <section aria-label={title} className="mb-6">
      <h2 className="mb-1 px-2 font-medium">
        {title} <span className="font-normal text-quiet tabular-nums">{count}</span>
      </h2>
      {jobs.isPending && <Loading what={`what is ${title.toLowerCase()}`} />}
      {jobs.isError && <Wrong error={jobs.error} retry={() => void jobs.refetch()} />}
      {jobs.data?.length === 0 && <p className="border-t border-line p-2 text-quiet">{empty}</p>}
      {jobs.data && jobs.data.length > 0 && shown(jobs.data)}
      {below}
    </section>
  );
}

function countOf({ data }: UseQueryResult<QueuedJob[]>): string {
  if (data === undefined || data.length === 0) return "";
  return data.length === MOST ? `${MOST} or more` : String(data.length);
}
