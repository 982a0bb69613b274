import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { api, ask, type Job } from "../api/client";
import { Empty, Loading, State, Wrong } from "../parts/states";

/** The queue and who works on it. */
export function Jobs() {
  const jobs = useQuery({ queryKey: ["jobs"], queryFn: () => ask(api.GET("/api/v1/jobs")) });
  const workers = useQuery({ queryKey: ["workers"], queryFn: () => ask(api.GET("/api/v1/workers")) });
  if (jobs.isPending) return <Loading what="jobs" />;
  if (jobs.isError) return <Wrong error={jobs.error} retry={() => void jobs.refetch()} />;
  return (
    <div className="mx-auto max-w-6xl p-8">
      <h1 className="mb-4 text-lg font-semibold">Workers</h1>
      <ul className="mb-8 flex flex-wrap gap-3">
        {workers.data?.map((one) => (
          <li key={one.name} className="panel px-4 py-3">
            <span className="font-medium">{one.name}</span>{" "}
            <span className={one.is_alive ? "text-good" : "text-bad"}>{one.is_alive ? "alive" : "silent"}</span>
            <p className="text-quiet">
              {one.busy} of {one.slots} busy · {one.gpu ? `${one.gpu}, ${Math.round(one.vram_mb / 1024)} GB` : "no GPU"}
            </p>
          </li>
        ))}
        {workers.data?.length === 0 && <li className="text-quiet">No worker was ever here.</li>}
      </ul>
      <h1 className="mb-4 text-lg font-semibold">Jobs</h1>
      {jobs.data.length === 0 ? <Empty title="Nothing is to be done, and nothing was." /> : <Table jobs={jobs.data} />}
    </div>
  );
}

function Table({ jobs }: { jobs: Job[] }) {
  return (
    <table className="w-full text-left">
      <thead className="text-quiet">
        <tr>
          {["Shot", "Job", "State", "Urgency", "Worker", "Frames", "Left", "Fault", "Action"].map((name) => (
            <th key={name} scope="col" className="px-3 py-2 font-normal">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <tr key={job.id} className="border-t border-line">
            <td className="px-3 py-2">
              <Link className="hover:underline" to={`/projects/${job.project_id}/shots/${job.shot_id}`}>
                {job.shot_name}
              </Link>
            </td>
            <td className="px-3 py-2">{job.kind}</td>
            <td className="px-3 py-2">
              <State of={job.state} />
            </td>
            <td className="px-3 py-2 tabular-nums">{job.priority}</td>
            <td className="px-3 py-2">{job.worker}</td>
            <td className="px-3 py-2 tabular-nums">{job.total_frames ? `${job.done_frames} / ${job.total_frames}` : ""}</td>
            <td className="px-3 py-2 tabular-nums">{job.remaining_s === null ? "" : `${Math.ceil(job.remaining_s ?? 0)} s`}</td>
            <td className="max-w-80 truncate px-3 py-2 text-quiet">{String(job.error?.message ?? "")}</td>
            <td className="px-3 py-2 text-right">
              <Actions job={job} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Actions({ job }: { job: Job }) {
  const at = { params: { path: { job_id: job.id } } };
  if (["failed", "cancelled"].includes(job.state)) {
    return (
      <button className="button" onClick={() => void api.POST("/api/v1/jobs/{job_id}/retry", at)}>
        Retry
      </button>
    );
  }
  if (job.state === "done") return null;
  return (
    <button className="button" onClick={() => void api.POST("/api/v1/jobs/{job_id}/cancel", at)}>
      Cancel
    </button>
  );
}
