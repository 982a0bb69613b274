import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, type QueuedJob } from "../../api/client";
import { counted } from "../../parts/counted";
import { useAct, useSay } from "../../parts/toasts";
import { prioritiesFor, reordered } from "./priority";

/** A job on its way through the queue, which looked like `from` when it set out. */
interface Way {
  id: string;
  from: QueuedJob[];
  changes: Map<string, number>;
  timer: number;
}

/** Takes waiting jobs to other places of the queue, by giving them priorities between those of their neighbours. The order
 * that is shown is one's own until the hub has been told all of it; what it refuses is taken back.
 *
 * `pause_ms` is how long a job may rest at a place before the hub is told: those that it only passes are left alone. */
export function useMove(jobs: QueuedJob[]) {
  const client = useQueryClient();
  const act = useAct("jobs");
  const say = useSay();
  const [own, setOwn] = useState<QueuedJob[] | null>(null);
  const shown = useRef(jobs);
  const way = useRef<Way | null>(null);
  const told = useRef({ open: 0, last: Promise.resolve() });
  shown.current = own ?? jobs;

  const tell = async ({ id, changes }: Way) => {
    await act(() => patch(changes), besides(changes, id));
    if (told.current.open === 1) await client.invalidateQueries({ queryKey: ["jobs", "waiting"] });
    told.current.open -= 1;
    if (told.current.open === 0) setOwn(null);
  };

  const arrive = () => {
    const done = way.current;
    if (done === null) return;
    window.clearTimeout(done.timer);
    way.current = null;
    told.current.last = told.current.last.then(() => tell(done));
  };
  const leave = useRef(arrive);
  leave.current = arrive;
  useEffect(() => () => leave.current(), []);

  const move = (id: string, to: number, pause_ms = 0) => {
    if (to < 0 || to >= shown.current.length || shown.current[to]?.id === id) return;
    if (way.current?.id !== id) arrive();
    const from = way.current?.from ?? shown.current;
    const order = reordered(from, id, to);
    const changes = from[to]?.id === id ? new Map<string, number>() : prioritiesFor(order, id);
    if (changes === null) return say("There is no room there: the jobs beside it cannot make any.", true);
    if (way.current === null) told.current.open += 1;
    else window.clearTimeout(way.current.timer);
    way.current = { id, from, changes, timer: window.setTimeout(arrive, pause_ms) };
    shown.current = order.map((job) => ({ ...job, priority: changes.get(job.id) ?? job.priority }));
    setOwn(shown.current);
  };
  return { shown: own ?? jobs, move };
}

async function patch(changes: Map<string, number>): Promise<void> {
  for (const [job_id, priority] of changes) {
    await api.PATCH("/api/v1/jobs/{job_id}", { params: { path: { job_id } }, body: { priority } });
  }
}

/** What else has changed, where the neighbours left no room between. */
function besides(changes: Map<string, number>, id: string): string | undefined {
  const others = [...changes.keys()].filter((job) => job !== id).length;
  if (others === 0) return undefined;
  return `There was no room between: ${counted(others, "other job has", "other jobs have")} a new priority too.`;
}
