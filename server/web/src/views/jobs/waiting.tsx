import { type DragEvent, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import type { QueuedJob } from "../../api/client";
import { counted } from "../../parts/counted";
import { ago, duration, fullMoment } from "../../parts/times";
import { CELL, JobAction, JobName, JobTable, rowOf } from "./row";
import { useMove } from "./use-move";

const COLUMNS: [string, string][] = [
  ["Move", "w-8"],
  ["Place", "w-9"],
  ["Shot", "w-auto"],
  ["Job", "w-20"],
  ["Priority", "w-20"],
  ["Starts", "w-[21%]"],
  ["Asked for", "w-[21%]"],
  ["Action", "w-24"],
];

/** What is to be done, what is next in front. Who may can take a job to another place, by its grip or its arrow keys. */
export function Waiting({ jobs, open }: { jobs: QueuedJob[]; open: (id: string) => void }) {
  const { shown, move } = useMove(jobs);
  const drag = useDrag(move);
  const grips = useGrips(shown, move);
  return (
    <>
      <JobTable columns={COLUMNS}>
        {shown.map((job, place) => (
          <Row key={job.id} job={job} open={open} look={drag.look(job.id, place)} over={drag.over(place)}>
            <td>{job.may_manage && <Grip job={job} {...drag.grip(job.id, place)} {...grips.of(job, place)} />}</td>
            <td className={`${CELL} text-quiet tabular-nums`}>{place + 1}</td>
            <th scope="row" className={`${CELL} font-normal`}>
              <JobName job={job} open={open} />
            </th>
            <td className={CELL}>{job.kind}</td>
            <td className={`${CELL} tabular-nums`}>{job.priority}</td>
            <td className={`${CELL} tabular-nums`}>{starts(job)}</td>
            <td className={`${CELL} text-quiet`} title={fullMoment(job.created_at)}>
              {ago(job.created_at)}
            </td>
            <td className={`${CELL} text-right`}>
              <JobAction job={job} />
            </td>
          </Row>
        ))}
      </JobTable>
      <p role="status" className="sr-only">
        {grips.said}
      </p>
    </>
  );
}

interface RowProps {
  job: QueuedJob;
  open: (id: string) => void;
  look: string;
  over: { onDragOver: (event: DragEvent) => void; onDrop: (event: DragEvent) => void };
  children: ReactNode;
}

function Row({ job, open, look, over, children }: RowProps) {
  const { className, onClick } = rowOf(job, open);
  return (
    <tr className={`${className} ${look}`} onClick={onClick} {...over}>
      {children}
    </tr>
  );
}

function starts(job: QueuedJob): string {
  const others = job.depends_on.length;
  if (others > 0) return `after ${counted(others, "other job")}`;
  const isPaused = job.not_before !== null && Date.parse(job.not_before) > Date.now();
  if (job.starts_in_s === null) return isPaused ? "after a pause" : "";
  return job.starts_in_s < 1 ? "about now" : `in about ${duration(job.starts_in_s)}`;
}

type Move = (id: string, to: number, pause_ms?: number) => void;

/** An arrow key that is pressed again within this goes on with the same way. */
const KEY_PAUSE_MS = 600;

interface GripProps {
  job: QueuedJob;
  draggable: boolean;
  onDragStart: (event: DragEvent<HTMLElement>) => void;
  onDragEnd: () => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  ref: (grip: HTMLButtonElement | null) => void;
}

function Grip({ job, ...handlers }: GripProps) {
  return (
    <button
      aria-label={`Move ${job.kind} of ${job.shot_name}`}
      title="Drag, or press the arrow keys"
      className="flex cursor-grab items-center rounded p-1.5 text-quiet hover:text-text active:cursor-grabbing"
      {...handlers}
    >
      <svg width="8" height="14" aria-hidden fill="currentColor">
        {[2, 7, 12].map((y) => [1.5, 6.5].map((x) => <circle key={`${x} ${y}`} cx={x} cy={y} r="1.3" />))}
      </svg>
    </button>
  );
}

/** Carrying a row by its grip: a line shows where it would be put. */
function useDrag(move: Move) {
  const [carried, setCarried] = useState<{ id: string; from: number } | null>(null);
  const [target, setTarget] = useState(-1);
  const end = () => (setCarried(null), setTarget(-1));
  const line = carried === null || target === carried.from ? "" : target < carried.from ? ABOVE : BELOW;
  return {
    look: (id: string, place: number) => `${carried?.id === id ? "opacity-40" : ""} ${place === target ? line : ""}`,
    over: (place: number) => ({
      onDragOver: (event: DragEvent) => {
        if (carried === null) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "move";
        setTarget(place);
      },
      onDrop: (event: DragEvent) => {
        event.preventDefault();
        if (carried !== null) move(carried.id, place);
        end();
      },
    }),
    grip: (id: string, from: number) => ({
      draggable: true,
      onDragStart: (event: DragEvent<HTMLElement>) => {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", id);
        const row = event.currentTarget.closest("tr");
        if (row) event.dataTransfer.setDragImage(row, 12, 20);
        setCarried({ id, from });
      },
      onDragEnd: end,
    }),
  };
}

const ABOVE = "shadow-[inset_0_2px_0_var(--color-accent)]";
const BELOW = "shadow-[inset_0_-2px_0_var(--color-accent)]";

/** Moving by the arrow keys: the grip keeps the focus, and where the job is now is said. */
function useGrips(jobs: QueuedJob[], move: Move) {
  const grips = useRef(new Map<string, HTMLButtonElement>());
  const [moved, setMoved] = useState("");
  const at = jobs.findIndex((job) => job.id === moved);
  const job = jobs[at];
  useEffect(() => grips.current.get(moved)?.focus(), [moved, at]);
  return {
    said: job === undefined ? "" : `${job.shot_name} is ${at + 1} of ${jobs.length}, priority ${job.priority}.`,
    of: ({ id }: QueuedJob, place: number) => ({
      ref: (grip: HTMLButtonElement | null) => void (grip ? grips.current.set(id, grip) : grips.current.delete(id)),
      onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
        const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        setMoved(id);
        move(id, place + by, KEY_PAUSE_MS);
      },
    }),
  };
}
