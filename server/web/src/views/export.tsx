import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, ask, fetchFile, type Job, Problem, type Shot } from "../api/client";
import { Empty, State } from "../parts/states";

const FORMATS = {
  nk: "Nuke",
  fxs: "Silhouette",
  json: "JSON",
  svg: "SVG",
  png: "PNG mattes",
  exr: "EXR mattes",
  cryptomatte: "Cryptomatte",
  prores: "ProRes 4444",
} as const;

type Format = keyof typeof FORMATS;

/** Asks for a shot's shapes and mattes in other formats, and hands out what was written. */
export function Export({ shot }: { shot: Shot }) {
  const [chosen, setChosen] = useState<Format[]>(["nk"]);
  const [problem, setProblem] = useState("");
  const query = { shot: shot.id, limit: 50 };
  const jobs = useQuery({ queryKey: ["jobs", shot.id], queryFn: () => ask(api.GET("/api/v1/jobs", { params: { query } })) });
  const send = async (event: FormEvent) => {
    event.preventDefault();
    try {
      setProblem("");
      const body = { formats: chosen } as never;
      await api.POST("/api/v1/shots/{shot_id}/export", { params: { path: { shot_id: shot.id } }, body });
      await jobs.refetch();
    } catch (error) {
      setProblem(error instanceof Problem ? error.message : String(error));
    }
  };
  const choose = (format: Format, isOn: boolean) =>
    setChosen((now) => (isOn ? [...now, format] : now.filter((one) => one !== format)));
  const wrote = (jobs.data ?? []).filter((job) => job.kind === "export" || job.kind === "segment");
  return (
    <div className="min-h-0 overflow-auto p-4">
      <form onSubmit={(event) => void send(event)} className="grid gap-3">
        <fieldset className="grid grid-cols-2 gap-2">
          <legend className="mb-2 text-quiet">Formats</legend>
          {(Object.entries(FORMATS) as [Format, string][]).map(([format, label]) => (
            <label key={format} className="flex items-center gap-2">
              <input type="checkbox" checked={chosen.includes(format)} onChange={(event) => choose(format, event.target.checked)} />
              {label}
            </label>
          ))}
        </fieldset>
        {problem && (
          <p role="alert" className="text-bad">
            {problem}
          </p>
        )}
        <button className="button-main justify-center" disabled={chosen.length === 0}>
          Export
        </button>
      </form>
      <h2 className="mt-6 mb-2 text-quiet">What was written</h2>
      {wrote.length === 0 && <Empty title="Nothing yet." />}
      <ul className="grid gap-4">
        {wrote.map((job) => (
          <li key={job.id}>
            <p className="flex gap-3">
              {job.kind} <State of={job.state} />
            </p>
            <Files job={job} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A job's single files; frames are too many to be named one by one. */
function Files({ job }: { job: Job }) {
  const files = (job.result?.files as string[] | undefined) ?? [];
  const single = files.filter((name) => !name.includes("/"));
  return (
    <ul className="mt-1 flex flex-wrap gap-2">
      {single.map((name) => (
        <li key={name}>
          <button className="button" onClick={() => void save(job.id, name)}>
            {name}
          </button>
        </li>
      ))}
      {files.length > single.length && <li className="py-1.5 text-quiet">and {files.length - single.length} frames</li>}
    </ul>
  );
}

async function save(job: string, name: string): Promise<void> {
  const url = URL.createObjectURL(await fetchFile(`/api/v1/jobs/${job}/files/${encodeURIComponent(name)}`));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
