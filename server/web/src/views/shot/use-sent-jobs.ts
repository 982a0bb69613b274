import { useQueries } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, ask, type Job, type Version } from "../../api/client";
import { useSay } from "../../parts/toasts";
import { faultOf } from "../../work/use-answers";

interface Sent {
  id: string;
  /** It failed, or was stopped. */
  onMissed: () => void;
}

/** Looks after jobs that were asked for here: hands over the version that one made, and says why one failed. Answers how a
 * job is given to it. */
export function useSentJobs(versions: Version[], onVersion: (version: Version) => void): (job: Job, onMissed: () => void) => void {
  const say = useSay();
  const [open, setOpen] = useState<Sent[]>([]);
  const jobs = useQueries({
    queries: open.map(({ id }) => ({
      queryKey: ["jobs", "sent", id],
      queryFn: () => ask(api.GET("/api/v1/jobs/{job_id}", { params: { path: { job_id: id } } })),
    })),
  });
  const made = versions.find((one) => open.some(({ id }) => id === one.job_id));
  const missed = jobs.find(({ data }) => data?.state === "failed" || data?.state === "cancelled")?.data;
  useEffect(() => {
    if (made) onVersion(made);
    if (missed?.state === "failed") say(`What was sent is not done. ${faultOf(missed)} It is in the history again.`, true);
    open.find(({ id }) => id === missed?.id)?.onMissed();
    setOpen((now) => (made || missed ? now.filter(({ id }) => id !== made?.job_id && id !== missed?.id) : now));
  }, [open, made, missed, onVersion, say]);
  return (job, onMissed) => setOpen((now) => [...now, { id: job.id, onMissed }]);
}
