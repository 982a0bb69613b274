import { useQuery } from "@tanstack/react-query";
import { api, ask, type Worker } from "../../api/client";
import { Loading, Wrong } from "../../parts/states";
import { ago } from "../../parts/times";
import { Bar } from "./bar";

const ASKED_EVERY_MS = 10_000;
const FULL = 0.9;

/** Who works on the queue: those that are there in front. */
export function Workers() {
  const workers = useQuery({
    queryKey: ["workers"],
    queryFn: () => ask(api.GET("/api/v1/workers")),
    refetchInterval: ASKED_EVERY_MS,
  });
  const found = [...(workers.data ?? [])].sort((one, other) => Number(other.is_alive) - Number(one.is_alive));
  const alive = found.filter((one) => one.is_alive).length;
  return (
    <>
      <h2 className="mb-3 font-medium">
        Workers <span className="font-normal text-quiet">{found.length > 0 && `${alive} of ${found.length} there`}</span>
      </h2>
      {workers.isPending && <Loading what="workers" />}
      {workers.isError && <Wrong error={workers.error} retry={() => void workers.refetch()} />}
      {workers.data?.length === 0 && <p className="text-quiet">No worker was ever here. Start one with “roto hub worker”.</p>}
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(15rem,100%),1fr))] gap-3">
        {found.map((one) => (
          <li key={one.name}>
            <Card worker={one} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Card({ worker }: { worker: Worker }) {
  const load = `${worker.busy} of ${worker.slots} busy`;
  return (
    <article aria-label={worker.name} className="panel p-3">
      <h3 className="flex items-baseline justify-between gap-2">
        <span className="truncate font-medium">{worker.name}</span>
        <span className={worker.is_alive ? "text-good" : "text-bad"}>{worker.is_alive ? "alive" : "silent"}</span>
      </h3>
      {worker.is_alive ? (
        <div className="mt-2 grid gap-1">
          <p className="text-quiet tabular-nums">{load}</p>
          <Bar label={`Load of ${worker.name}`} text={load} share={worker.busy / Math.max(worker.slots, 1)} />
          <Memory worker={worker} />
        </div>
      ) : (
        <p className="mt-1 truncate text-quiet">{worker.gpu || "no GPU"}</p>
      )}
      <p className="mt-2 truncate text-quiet" title={worker.engines.join(", ")}>
        {worker.engines.join(", ") || "no model"}
      </p>
      <p className="text-quiet">{lastSeen(worker)}</p>
    </article>
  );
}

function Memory({ worker }: { worker: Worker }) {
  if (worker.gpu === "") return <p className="mt-1 text-quiet">no GPU</p>;
  const total = gigabytes(worker.vram_mb);
  const used = worker.vram_used_mb;
  const text = used === null ? `${total} GB, use not known` : `${gigabytes(used)} of ${total} GB used`;
  const share = (used ?? 0) / Math.max(worker.vram_mb, 1);
  return (
    <>
      <p className="mt-1 truncate" title={worker.gpu}>
        {worker.gpu}
      </p>
      <p className="text-quiet tabular-nums">{text}</p>
      <Bar label={`GPU memory of ${worker.name}`} text={text} share={share} tone={share > FULL ? "bg-wait" : "bg-accent"} />
    </>
  );
}

function gigabytes(megabytes: number): string {
  const size = megabytes / 1024;
  return size < 10 ? size.toFixed(1) : String(Math.round(size));
}

/** One that took its leave is as silent as if it had never been seen. */
function lastSeen({ seen_at }: Worker): string {
  return Date.parse(seen_at) < Date.parse("2000-01-01") ? "took its leave" : `seen ${ago(seen_at)}`;
}
