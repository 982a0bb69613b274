import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, ask, type Job, sentenceOf, type Shot } from "../../api/client";
import { fetchJobFile, saveJobFile } from "../../api/job-files";
import { counted } from "../../parts/counted";
import { Empty, State } from "../../parts/states";
import { ago, fullMoment } from "../../parts/times";
import { useActOnce, useSay } from "../../parts/toasts";
import { faultOf } from "../../work/use-answers";

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

const CURVES = { "": "As the newest version has them", tight: "Tight", balanced: "Balanced", loose: "Loose" } as const;

type Format = keyof typeof FORMATS;

/** Asks for a shot's shapes and mattes in other formats, and hands out what was written. */
export function Export({ shot }: { shot: Shot }) {
  const [chosen, setChosen] = useState<Format[]>(["nk"]);
  const [curves, setCurves] = useState<keyof typeof CURVES>("");
  const [act, isBusy] = useActOnce("jobs", "status");
  const query = { shot: shot.id, limit: 50 };
  const jobs = useQuery({ queryKey: ["jobs", shot.id], queryFn: () => ask(api.GET("/api/v1/jobs", { params: { query } })) });
  const send = (event: FormEvent) => {
    event.preventDefault();
    const body = { formats: chosen, ...(curves ? { curves: { preset: curves } } : {}) };
    void act(() => api.POST("/api/v1/shots/{shot_id}/export", { params: { path: { shot_id: shot.id } }, body }));
  };
  const choose = (format: Format, isOn: boolean) =>
    setChosen((now) => (isOn ? [...now, format] : now.filter((one) => one !== format)));
  const wrote = (jobs.data ?? []).filter((job) => ["export", "segment", "reshape"].includes(job.kind));
  return (
    <div className="p-4">
      <form onSubmit={send} className="grid gap-3">
        <fieldset className="grid grid-cols-2 gap-2">
          <legend className="mb-2 text-quiet">Formats</legend>
          {(Object.entries(FORMATS) as [Format, string][]).map(([format, label]) => (
            <label key={format} className="flex items-center gap-2">
              <input type="checkbox" checked={chosen.includes(format)} onChange={(event) => choose(format, event.target.checked)} />
              {label}
            </label>
          ))}
        </fieldset>
        <label className="grid gap-1">
          <span className="text-quiet">Shapes</span>
          <select className="field" value={curves} onChange={(event) => setCurves(event.target.value as keyof typeof CURVES)}>
            {Object.entries(CURVES).map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <button className="button-main justify-center" disabled={isBusy || chosen.length === 0}>
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
              <time className="ml-auto text-quiet" dateTime={job.created_at} title={fullMoment(job.created_at)}>
                {ago(job.created_at)}
              </time>
            </p>
            {job.state === "failed" && <p className="wrap-anywhere text-quiet">{faultOf(job)}</p>}
            <Written job={job} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A job's single files, by name; frames are too many. Where its folder is, for programs that open it there. */
function Written({ job }: { job: Job }) {
  const say = useSay();
  const files = (job.result?.files as string[] | undefined) ?? [];
  const single = files.filter((name) => !name.includes("/"));
  if (files.length === 0) return null;
  const copy = async (text: Promise<string>, what: string) => {
    try {
      await navigator.clipboard.writeText(await text);
      say(`${what} is copied.`);
    } catch (error) {
      say(sentenceOf(error), true);
    }
  };
  return (
    <>
      <ul className="mt-1 flex flex-wrap gap-2">
        {single.map((name) => (
          <li key={name}>
            <button className="button py-0.5" onClick={() => void saveJobFile(job.id, name).catch((error: unknown) => say(sentenceOf(error), true))}>
              {name}
            </button>
          </li>
        ))}
        {files.length > single.length && <li className="py-0.5 text-quiet">and {counted(files.length - single.length, "frame")}</li>}
      </ul>
      <div className="mt-2 flex flex-wrap gap-3 text-accent">
        {single.includes("shapes.nk") && (
          <button className="hover:underline" onClick={() => void copy(textOf(job.id, "shapes.nk"), "A Roto node, to be pasted in Nuke,")}>
            Copy for Nuke
          </button>
        )}
        <button className="hover:underline" onClick={() => void copy(placeOf(job.id), "The folder's path")}>
          Copy the folder’s path
        </button>
      </div>
    </>
  );
}

async function textOf(job: string, name: string): Promise<string> {
  return (await fetchJobFile(job, name)).text();
}

async function placeOf(job: string): Promise<string> {
  return (await ask(api.GET("/api/v1/jobs/{job_id}/place", { params: { path: { job_id: job } } }))).path;
}
