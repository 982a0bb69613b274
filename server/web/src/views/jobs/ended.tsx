import type { QueuedJob } from "../../api/client";
import { State } from "../../parts/states";
import { ago, duration, fullMoment } from "../../parts/times";
import { CELL, JobAction, JobName, JobTable, rowOf } from "./row";

const COLUMNS: [string, string][] = [
  ["Shot", "w-auto"],
  ["Job", "w-20"],
  ["State", "w-20"],
  ["Ended", "w-[12%]"],
  ["Took", "w-20"],
  ["Fault", "w-[21%]"],
  ["Action", "w-24"],
];

/** What is over, the latest in front. */
export function Ended({ jobs, open }: { jobs: QueuedJob[]; open: (id: string) => void }) {
  return (
    <JobTable columns={COLUMNS}>
      {jobs.map((job) => (
        <tr key={job.id} {...rowOf(job, open)}>
          <th scope="row" className={`${CELL} font-normal`}>
            <JobName job={job} open={open} />
          </th>
          <td className={CELL}>{job.kind}</td>
          <td className={CELL}>
            <State of={job.state} />
          </td>
          <td className={`${CELL} text-quiet`} title={job.ended_at ? fullMoment(job.ended_at) : ""}>
            {job.ended_at && ago(job.ended_at)}
          </td>
          <td className={`${CELL} tabular-nums`}>{took(job)}</td>
          <td className={`${CELL} text-quiet`} title={faultOf(job)}>
            {faultOf(job)}
          </td>
          <td className={`${CELL} text-right`}>
            <JobAction job={job} />
          </td>
        </tr>
      ))}
    </JobTable>
  );
}

export function took({ started_at, ended_at }: QueuedJob): string {
  return started_at && ended_at ? duration((Date.parse(ended_at) - Date.parse(started_at)) / 1000) : "";
}

function faultOf(job: QueuedJob): string {
  return job.state === "done" ? "" : String(job.error?.message ?? "");
}
