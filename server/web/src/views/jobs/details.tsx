import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { api, ask, type QueuedJob } from "../../api/client";
import { Dialog } from "../../parts/dialog";
import { Loading, State, Wrong } from "../../parts/states";
import { duration, fullMoment } from "../../parts/times";
import { Bar } from "./bar";
import { took } from "./ended";
import { Files } from "./files";
import { requestInWords } from "./request-in-words";
import { JobAction } from "./row";

/** All that is known of a job; what it is doing is shown as it does it. */
export function Details({ id, close }: { id: string; close: () => void }) {
  const job = useQuery({
    queryKey: ["jobs", "one", id],
    queryFn: () => ask(api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: id } } })),
    enabled: id !== "",
  });
  const title = job.data ? `${job.data.shot_name}: ${job.data.kind}` : "Job";
  return (
    <Dialog title={title} isOpen={id !== ""} onOpen={(isOpen) => isOpen || close()} width="w-180">
      {job.isPending && <Loading what="the job" />}
      {job.isError && <Wrong error={job.error} retry={() => void job.refetch()} />}
      {job.data && <Told job={job.data} />}
    </Dialog>
  );
}

function Told({ job }: { job: QueuedJob }) {
  return (
    <div className="grid gap-5">
      <div className="flex flex-wrap items-center gap-3">
        <State of={job.state} />
        {job.total_frames > 0 && <Progress job={job} />}
        <span className="ml-auto flex gap-2">
          <Link className="button !py-0.5" to={`/projects/${job.project_id}/shots/${job.shot_id}`}>
            Open the shot
          </Link>
          <JobAction job={job} />
        </span>
      </div>
      {job.error !== null && <Fault job={job} />}
      <Facts job={job} />
      <Part title="What was asked">
        <ul className="grid gap-0.5">
          {requestInWords(job.kind, job.request).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </Part>
      {job.state === "done" && (
        <Part title="What was written">
          <Files job={job} />
        </Part>
      )}
      <Part title="Log">
        <Log id={job.id} />
      </Part>
    </div>
  );
}

function Progress({ job }: { job: QueuedJob }) {
  const text = `${job.done_frames} of ${job.total_frames} frames`;
  return (
    <>
      <span className="w-40">
        <Bar label="Progress" text={text} share={job.done_frames / job.total_frames} />
      </span>
      <span className="w-48 text-quiet tabular-nums">{text}</span>
    </>
  );
}

/** Of a job that is tried again, it is what stopped it before. */
function Fault({ job }: { job: QueuedJob }) {
  const isPast = !["failed", "cancelled"].includes(job.state);
  return (
    <div role="group" aria-label="Fault" className="rounded border border-bad/60 p-3">
      <p className="text-bad">
        {isPast && "Before: "}
        {String(job.error?.message ?? "")}
      </p>
      {job.error?.remedy ? <p className="mt-1">{String(job.error.remedy)}</p> : null}
    </div>
  );
}

function Facts({ job }: { job: QueuedJob }) {
  const facts: [string, string][] = [
    ["Asked for", fullMoment(job.created_at)],
    ["Began", job.started_at ? fullMoment(job.started_at) : ""],
    ["Ended", job.ended_at ? fullMoment(job.ended_at) : ""],
    ["Took", took(job)],
    ["Time left", job.remaining_s == null ? "" : duration(Math.ceil(job.remaining_s))],
    ["Worker", job.worker ?? ""],
    ["Priority", String(job.priority)],
    ["Speed", job.frames_a_second ? `${job.frames_a_second.toFixed(1)} frames a second` : ""],
  ];
  return (
    <dl className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-3 gap-y-1 sm:grid-cols-[6rem_minmax(0,1fr)_6rem_minmax(0,1fr)]">
      {facts
        .filter(([, value]) => value !== "")
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-quiet">{name}</dt>
            <dd className="tabular-nums">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-1 text-quiet">{title}</h3>
      {children}
    </section>
  );
}

/** It is asked again with every change of a job, and so grows as the job goes on. */
function Log({ id }: { id: string }) {
  const log = useQuery({
    queryKey: ["jobs", "log", id],
    queryFn: () => ask(api.GET("/api/v1/jobs/{job_id}/log", { params: { path: { job_id: id } } })),
  });
  if (log.isPending) return <Loading what="the log" />;
  if (log.isError) return <Wrong error={log.error} retry={() => void log.refetch()} />;
  if (log.data.length === 0) return <p className="text-quiet">Nothing happened yet.</p>;
  return (
    <div role="log" tabIndex={0} aria-label="Log" className="max-h-60 overflow-auto rounded bg-room p-3">
      {log.data.map((line, at) => (
        <p key={at} className="grid gap-x-4 sm:grid-cols-[max-content_minmax(0,1fr)]">
          <time dateTime={line.at} className="w-48 text-quiet tabular-nums">
            {fullMoment(line.at)}
          </time>
          <span className="wrap-anywhere">{line.text}</span>
        </p>
      ))}
    </div>
  );
}
