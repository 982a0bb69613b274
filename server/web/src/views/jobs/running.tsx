import type { QueuedJob } from "../../api/client";
import { duration } from "../../parts/times";
import { Bar } from "./bar";
import { CELL, JobAction, JobName, JobTable, rowOf } from "./row";

const COLUMNS: [string, string][] = [
  ["Shot", "w-auto"],
  ["Job", "w-20"],
  ["Progress", "w-[21%]"],
  ["Speed", "w-20"],
  ["Time left", "w-20"],
  ["Worker", "w-[12%]"],
  ["Action", "w-24"],
];

/** What is being done now, and how far it is. */
export function Running({ jobs, open }: { jobs: QueuedJob[]; open: (id: string) => void }) {
  return (
    <JobTable columns={COLUMNS}>
      {jobs.map((job) => (
        <tr key={job.id} {...rowOf(job, open)}>
          <th scope="row" className={`${CELL} font-normal`}>
            <JobName job={job} open={open} />
          </th>
          <td className={CELL}>{job.kind}</td>
          <td className={CELL}>
            <Progress job={job} />
          </td>
          <td className={`${CELL} tabular-nums`}>{job.frames_a_second ? `${job.frames_a_second.toFixed(1)} fr/s` : ""}</td>
          <td className={`${CELL} tabular-nums`}>{timeLeft(job)}</td>
          <td className={`${CELL} text-quiet`}>{job.worker}</td>
          <td className={`${CELL} text-right`}>
            <JobAction job={job} />
          </td>
        </tr>
      ))}
    </JobTable>
  );
}

function Progress({ job }: { job: QueuedJob }) {
  const before = job.state === "given" ? "given to its worker" : "beginning";
  if (job.total_frames === 0) return <span className="text-quiet">{before}</span>;
  const text = `${job.done_frames} of ${job.total_frames} frames`;
  return (
    <div className="flex items-center gap-3">
      <Bar label={`Progress of ${job.shot_name}`} text={text} share={job.done_frames / job.total_frames} />
      <span className="w-20 shrink-0 text-right tabular-nums">
        {job.done_frames} / {job.total_frames}
      </span>
    </div>
  );
}

function timeLeft({ remaining_s }: QueuedJob): string {
  return remaining_s === null || remaining_s === undefined ? "" : duration(Math.ceil(remaining_s));
}
