import { type FormEvent, useState } from "react";
import { api, ask, type Job } from "../../api/client";
import { State } from "../../parts/states";
import { useAct, useActOnce } from "../../parts/toasts";
import type { Point } from "../../player/pointing";
import { asksForMasks, promptOn, segmentation, summary } from "../../work/work";
import type { Actions } from "./actions";
import { KeepTemplate } from "./keep-template";
import { TrackSettings, USUAL } from "./track-options";
import { ShapesFirst } from "./shapes-first";
import type { Bench } from "./use-bench";
import { isPrompted } from "./use-shot";

/** Says what an object is, by points and boxes on the picture or in words, and has it followed through the shot. */
export function Segment({ bench, actions }: { bench: Bench; actions: Actions }) {
  const { shot, answers } = bench;
  const { frame } = bench.view;
  const { span } = bench.span;
  const work = bench.work.now;
  const object = bench.objects.active;
  const [words, setWords] = useState("");
  const [options, setOptions] = useState(USUAL);
  const act = useAct();
  const [send, isBusy] = useActOnce("status", "jobs");
  const how = { direction: options.direction, curves: { preset: options.preset } };
  const found = words.trim() ? [{ text: words.trim(), object, most: 1, confidence: 0 }] : [];
  const track = async (event: FormEvent) => {
    event.preventDefault();
    const range = span ? { first: span.first, last: span.last } : {};
    const body = { ...segmentation(work), ...how, ...range, texts: found.map((text) => ({ ...text, frame })) };
    const asking = () => ask(api.POST("/api/v1/shots/{shot_id}/segment", { params: { path: { shot_id: shot.id } }, body }));
    if (await send(() => bench.send(asking(), "masks"))) setWords("");
  };
  const here = promptOn(work, object, frame);
  const answer = here ? answers.answerTo(here) : null;
  return (
    <div className="grid gap-4 p-4">
      <form onSubmit={(event) => void track(event)} className="grid gap-4">
        <p className="text-quiet">
          Click what “{object}” is, shift-click what it is not, or drag a box around it. Where it has a mask, clicks correct it.
        </p>
        <TypedPoint onPoint={actions.addPoint} />
        <label className="grid gap-1">
          <span className="text-quiet">Or what it is, in words</span>
          <input className="field" value={words} onChange={(event) => setWords(event.target.value)} placeholder="person in red" />
        </label>
        <div className="grid gap-2">
          <p role="status">{summary(work)}</p>
          <p className="h-5 text-quiet">
            {answers.isAsking ? "Asking …" : answer ? `${Math.round(100 * answer.confidence)} % sure on frame ${frame}` : ""}
          </p>
          {answers.problem && (
            <p role="alert" className="text-bad">
              {answers.problem}
            </p>
          )}
          <div className="flex flex-wrap gap-2">
            <button type="button" className="button" disabled={!here} onClick={() => here && actions.takeBack(here)}>
              Clear
            </button>
            <button type="button" className="button" disabled={!answer?.alternatives.length} onClick={() => void act(actions.takeOther)}>
              Something else there
            </button>
            {isPrompted(bench.maker, object, frame) && (
              <button type="button" className="button" disabled={here !== undefined} onClick={actions.forget}>
                Forget this frame
              </button>
            )}
          </div>
        </div>
        <TrackSettings options={options} onChange={(change) => setOptions({ ...options, ...change })} />
        <ShapesFirst bench={bench} />
        <button
          className="button-main justify-center"
          disabled={isBusy || bench.painting.isKeeping || work.edits.length > 0 || (!asksForMasks(work) && found.length === 0)}
        >
          {span ? `Track ${span.first}–${span.last}` : "Segment and track"}
        </button>
      </form>
      <OpenJobs jobs={bench.jobs} />
      <KeepTemplate project={shot.project_id} body={{ ...how, texts: found }} isEmpty={found.length === 0} />
    </div>
  );
}

/** A point by its pixel, for who has no mouse. */
function TypedPoint({ onPoint }: { onPoint: (point: Point, isNegative: boolean) => void }) {
  const [x, setX] = useState("");
  const [y, setY] = useState("");
  const isGiven = x !== "" && y !== "" && !Number.isNaN(Number(x)) && !Number.isNaN(Number(y));
  const add = (isNegative: boolean) => onPoint([Number(x), Number(y)], isNegative);
  return (
    <div className="flex items-end gap-2">
      {(
        [
          ["x", x, setX],
          ["y", y, setY],
        ] as const
      ).map(([name, value, set]) => (
        <label key={name} className="grid min-w-0 gap-1">
          <span className="text-quiet">{name}</span>
          <input className="field" inputMode="decimal" value={value} onChange={(event) => set(event.target.value)} />
        </label>
      ))}
      <button type="button" className="button whitespace-nowrap" disabled={!isGiven} onClick={() => add(false)}>
        Add point
      </button>
      <button type="button" className="button whitespace-nowrap" disabled={!isGiven} onClick={() => add(true)}>
        Not this
      </button>
    </div>
  );
}

/** What is being done to the shot now. */
export function OpenJobs({ jobs }: { jobs: Job[] }) {
  return (
    <ul aria-label="Open jobs" className="grid gap-2">
      {jobs.map((job) => (
        <OpenJob key={job.id} job={job} />
      ))}
    </ul>
  );
}

function OpenJob({ job }: { job: Job }) {
  const act = useAct("status", "jobs");
  const stop = () => act(() => api.POST("/api/v1/jobs/{job_id}/cancel", { params: { path: { job_id: job.id } } }));
  return (
    <li className="flex items-center gap-3">
      <span>{job.kind}</span>
      <State of={job.state} />
      <progress aria-label={job.kind} className="min-w-0 flex-1" max={job.total_frames || 1} value={job.done_frames} />
      <button type="button" className="button" onClick={() => void stop()}>
        Stop
      </button>
    </li>
  );
}
